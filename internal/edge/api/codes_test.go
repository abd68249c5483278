package api

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
)

// exported are the rows of an export, heading first.
func (w *stage) exported(query string) (rows []string, a answer) {
	w.TB.Helper()
	a = w.ok(200, "GET", "/v1/code-batches/"+w.codes+"/export"+query, nil)
	return strings.Split(strings.TrimSuffix(strings.TrimPrefix(string(a.body), "\ufeff"), "\r\n"), "\r\n"), a
}

func (w *stage) entered(code, phone string, headers ...string) answer {
	w.TB.Helper()
	return w.send("POST", "/v1/codes/redeem", map[string]any{"code": code, "member": map[string]any{"kind": "phone", "value": phone}, "channel": "app", "city": "shanghai"}, headers...)
}

// TestCodesFromBatchToCoupon: a batch is exported in parts and as a workbook, a code
// is entered, and the batch tells.
func TestCodesFromBatchToCoupon(t *testing.T) {
	w := newStage(t)
	all, a := w.exported("")
	if len(all) != 6 || all[0] != "number,code" || !strings.HasPrefix(all[1], "1,SPRING-") || a.header.Get(nextHeader) != "" {
		t.Fatalf("%q %v", all, a.header)
	}
	first, a := w.exported("?limit=2")
	rest, _ := w.exported("?from=" + a.header.Get(nextHeader))
	if got := append(first, rest[1:]...); fmt.Sprint(got) != fmt.Sprint(all) {
		t.Errorf("in parts %q", got)
	}
	_, a = w.exported("?format=xlsx")
	book, err := excelize.OpenReader(bytes.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := book.GetRows("codes")
	if err != nil || len(sheet) != 6 || strings.Join(sheet[5], ",") != all[5] {
		t.Errorf("workbook %v %v", sheet, err)
	}
	if !strings.Contains(string(w.ok(200, "GET", "/v1/audit?limit=50", nil).body), `"code_batch.export"`) {
		t.Error("the export is not in the audit log")
	}
	_, code, _ := strings.Cut(all[1], ",")
	if made := w.entered(strings.ToLower(code), phone); made.status != 201 || made.text("coupons", 0, "template") != w.template {
		t.Errorf("%d %s", made.status, made.body)
	}
	if b := w.ok(200, "GET", "/v1/code-batches/"+w.codes, nil); b.text("used") != "1" || b.text("codes") != "5" {
		t.Errorf("%s", b.body)
	}
	w.refused(fault.OutOfRange, "query:from", "GET", "/v1/code-batches/"+w.codes+"/export?from=6", nil)
	w.refused(fault.WrongState, "", "GET", "/v1/code-batches/"+w.pool+"/export", nil)
	w.refused(fault.WrongState, "", "POST", "/v1/code-batches/"+w.codes+"/import", map[string]any{"csv": "OLD-0001-X"})
	w.Clean()
}

var requestIDs = regexp.MustCompile(`"request_id":"[^"]*"`)

// TestWrongCodesLookAlike: to the byte, in every language, whatever is wrong.
func TestWrongCodesLookAlike(t *testing.T) {
	w := newStage(t)
	rows, _ := w.exported("")
	code := func(n int) string { _, c, _ := strings.Cut(rows[n], ","); return c }
	if a := w.entered(code(1), phone); a.status != 201 {
		t.Fatalf("%s", a.body)
	}
	texts := []string{"SPRING-0000-0000-0000-0", "autumn", code(1), code(2), "！"}
	w.ok(200, "PUT", "/v1/code-batches/"+w.codes, map[string]any{"name": "x", "revoked": true, "reason": "leaked"}, `If-Match: "1"`)
	for _, lang := range []string{"en", "zh-CN", "zh-TW"} {
		seen := map[string]string{}
		for _, text := range texts {
			a := w.entered(text, phone, "Accept-Language: "+lang)
			if a.status == 429 {
				w.Time.Advance(time.Hour)
				a = w.entered(text, phone, "Accept-Language: "+lang)
			}
			seen[fmt.Sprint(a.status, requestIDs.ReplaceAllString(string(a.body), ""))] = text
		}
		if len(seen) != 1 {
			t.Errorf("%s: %v", lang, seen)
		}
	}
}

// TestGuessesAreThrottled: 429 says how long to wait.
func TestGuessesAreThrottled(t *testing.T) {
	w := newStage(t)
	var a answer
	for range 12 {
		a = w.entered("autumn", phone)
	}
	if a.status != 429 || a.code() != "rate_limited" || a.header.Get("Retry-After") != "180" {
		t.Errorf("%d %v %s", a.status, a.header, a.body)
	}
	w.Time.Advance(3 * time.Minute)
	if a = w.entered("autumn", phone); a.status != 404 {
		t.Errorf("after the wait %d", a.status)
	}
}

// TestCodesOfAPage: a browser key enters codes for its own member and no other, and
// sees neither batches nor codes.
func TestCodesOfAPage(t *testing.T) {
	w := newStage(t)
	w.web.member("13800000077")
	key := "Authorization: Bearer " + w.makeKey(access.KindBrowser, nil, access.Scope{})
	token := memberTokenHeader + ": " + w.ok(201, "POST", "/v1/members/phone/"+phone+"/tokens", map[string]any{"ttl_seconds": 600}).text("token")
	if a := w.entered("新春快乐", phone, key, token); a.status != 201 {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := w.entered("新春快乐", "13800000077", key, token); a.status != 404 || a.code() != "member_not_found" {
		t.Errorf("for another member: %d %s", a.status, a.body)
	}
	for _, path := range []string{"/v1/code-batches", "/v1/code-batches/" + w.codes, "/v1/code-batches/" + w.codes + "/export"} {
		if a := w.send("GET", path, nil, key, token); a.status != 403 {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	one := &call{}
	for named, want := range map[string]string{"": "", "203.0.113.7": "203.0.113.7", "::ffff:203.0.113.7": "203.0.113.7", "2001:db8::1:2": "2001:db8::/64", "fe80::1%eth0": "fe80::/64"} {
		if got, err := one.addressOf(named); got != want || err != nil {
			t.Errorf("%q is %q: %v", named, got, err)
		}
	}
	if _, err := one.addressOf("somewhere"); !fault.Has(err, fault.InvalidValue) {
		t.Error("a word is an address")
	}
}
