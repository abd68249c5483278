package roster_test

import (
	"bytes"
	"strings"
	"testing"

	"quan/internal/app/issuing"
	"quan/internal/edge/roster"
	"quan/internal/edge/sheet"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

func TestMembers(t *testing.T) {
	who := id.Format(id.Member, 1<<32)
	rows, err := roster.Members([]byte("手机号\n13800000000\n'+8613900000000\n1.38E+10\n" + who + "\n+86 138-0000-0000\n13\x018\n" + strings.Repeat("1", 300) + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []issuing.ListedMember{
		{Number: 2, Kind: "phone", Value: "13800000000"}, {Number: 3, Kind: "phone", Value: "+8613900000000"},
		{Number: 4, Kind: "phone", Value: "1.38E+10", Code: fault.InvalidValue}, {Number: 5, Member: 1 << 32},
		{Number: 6, Kind: "phone", Value: "+86 138-0000-0000", Code: fault.DuplicateValue},
	}
	for i, w := range want {
		if rows[i] != w {
			t.Errorf("row %d: number %d, code %s", i, rows[i].Number, rows[i].Code)
		}
	}
	if rows[5].Code != fault.InvalidValue || rows[6].Code != fault.TooLong || len(rows) != 7 {
		t.Errorf("%d rows, codes %s and %s", len(rows), rows[5].Code, rows[6].Code)
	}
	for file, kind := range map[string]string{"email\na@b.c\n": "email", "13800000000\n": "phone", "wechat\noX1\n": "wechat"} {
		if rows, err := roster.Members([]byte(file)); err != nil || len(rows) != 1 || rows[0].Kind != kind || rows[0].Code != "" {
			t.Errorf("%q: %d rows, %v", file, len(rows), err)
		}
	}
	if rows, err := roster.Members([]byte("id\n138\n")); err != nil || rows[0].Code != fault.InvalidValue {
		t.Errorf("a phone among ids: %v", err)
	}
	for file, code := range map[string]fault.Code{"": fault.MissingValue, "phone\n": fault.MissingValue, "\"": fault.InvalidValue} {
		if _, err := roster.Members([]byte(file)); !fault.Has(err, code) {
			t.Errorf("%q: %v", file, err)
		}
	}
}

func TestReport(t *testing.T) {
	lines := []issuing.GrantLine{{Number: 2, Given: "1380****000", Member: 5, Coupons: []id.ID{7, 8}}, {Number: 3, Given: "=x", Code: fault.MemberUnknown}, {Member: 6, Waiting: true}}
	for only, want := range map[bool]string{
		false: "row,given,member,result,reason,coupons\r\n2,1380****000,mem_0000000000005,granted,,cpn_0000000000007 cpn_0000000000008\r\n3,'=x,,refused,member_not_found,\r\n,,mem_0000000000006,waiting,,\r\n",
		true:  "row,given,member,result,reason,coupons\r\n3,'=x,,refused,member_not_found,\r\n",
	} {
		var b bytes.Buffer
		err := roster.Report(sheet.NewCSV(&b), only, func(each func(issuing.GrantLine) error) error {
			for _, l := range lines {
				if err := each(l); err != nil {
					return err
				}
			}
			return nil
		})
		if got := strings.TrimPrefix(b.String(), "\ufeff"); err != nil || got != want {
			t.Errorf("%q, %v", got, err)
		}
	}
}
