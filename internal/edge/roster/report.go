package roster

import (
	"strconv"
	"strings"

	"quan/internal/app/issuing"
	"quan/internal/edge/sheet"
	"quan/internal/kernel/id"
)

// Report writes what became of each row of a bulk grant, and ends the table.
func Report(table sheet.Writer, refusedOnly bool, lines func(each func(issuing.GrantLine) error) error) error {
	if err := table.Row("row", "given", "member", "result", "reason", "coupons"); err != nil {
		return err
	}
	err := lines(func(l issuing.GrantLine) error {
		result := "granted"
		switch {
		case l.Waiting:
			result = "waiting"
		case l.Code != "":
			result = "refused"
		}
		if refusedOnly && result != "refused" {
			return nil
		}
		number := ""
		if l.Number > 0 {
			number = strconv.FormatInt(l.Number, 10)
		}
		coupons := make([]string, len(l.Coupons))
		for i, c := range l.Coupons {
			coupons[i] = id.Format(id.Coupon, c)
		}
		return table.Row(number, l.Given, id.Format(id.Member, l.Member), result, string(l.Code), strings.Join(coupons, " "))
	})
	if err != nil {
		return err
	}
	return table.Close()
}
