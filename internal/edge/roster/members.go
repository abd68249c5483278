package roster

import (
	"strings"

	"quan/internal/app/issuing"
	"quan/internal/domain/grant"
	"quan/internal/domain/member"
	"quan/internal/edge/sheet"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/text"
)

// mostIdentity bounds an identity, in bytes.
const mostIdentity = 256

// headings that say "the id of a member" over the first column; any other short
// word is a kind of identity.
var headings = map[string]string{"id": "", "member": "", "member_id": "", "会员": "", "會員": "", "会员号": "",
	"手机": "phone", "手机号": "phone", "手機": "phone", "電話": "phone", "mobile": "phone"}

// Members reads the first column of a file as members. A first row without a digit is
// a heading, which says what the column holds: id, or a kind of identity (phone,
// email …). Without one, cells that are ids are, all others are phone numbers. One who
// is named twice is duplicate_value, one that can't be an identity invalid_value or too_long:
// those rows name nobody.
func Members(file []byte) ([]issuing.ListedMember, error) {
	var rows []issuing.ListedMember
	seen := map[string]bool{}
	kind, first := "phone", true
	err := sheet.Read(file, grant.MostRows, 1, func(l sheet.Line) error {
		cell := strings.TrimPrefix(l.Cells[0], "'") // as sheet.Plain writes
		if first {
			first = false
			if word, is := heading(cell); is {
				kind = word
				return nil
			}
		}
		rows = append(rows, listed(l.Number, kind, cell, seen))
		return nil
	})
	if f := fault.From(err); f != nil {
		return nil, f.At("/list")
	}
	if err == nil && len(rows) == 0 {
		err = fault.New(fault.MissingValue).At("/list")
	}
	return rows, err
}

func heading(cell string) (kind string, is bool) {
	cell = strings.ToLower(cell)
	if kind, is = headings[cell]; is {
		return kind, true
	}
	const longest = 32
	for _, c := range cell {
		if (c < 'a' || c > 'z') && c != '_' {
			return "", false
		}
	}
	return cell, len(cell) <= longest
}

func listed(number int64, kind, cell string, seen map[string]bool) issuing.ListedMember {
	row := issuing.ListedMember{Number: number, Kind: kind, Value: member.Secret(cell)}
	if who, err := id.Parse(id.Member, cell); err == nil {
		row = issuing.ListedMember{Number: number, Member: who}
	} else if kind == "" {
		row.Code = fault.InvalidValue
	}
	told := member.Normalise(kind, member.Secret(cell)).Reveal() // a number with its country is the same one
	switch {
	case len(cell) > mostIdentity:
		row.Code = fault.TooLong
	case !text.Clean(cell), row.Member == 0 && kind == "phone" && exponent(cell):
		row.Code = fault.InvalidValue
	case seen[told]:
		row.Code = fault.DuplicateValue
	}
	seen[told] = true
	return row
}

// exponent reports whether a spreadsheet has spoilt a number: 1.38E+10.
func exponent(cell string) bool {
	return strings.ContainsAny(cell, "Ee.") && !strings.Contains(cell, "@")
}
