package pack

import (
	"strconv"
	"strings"

	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// Gap is what a partial pack did not give: coupons of one template, and why.
type Gap struct {
	Template id.ID
	Count    int64
	Code     fault.Code
}

// AddGap counts one more coupon that was refused.
func AddGap(gaps []Gap, template id.ID, code fault.Code) []Gap {
	for i := range gaps {
		if gaps[i].Template == template && gaps[i].Code == code {
			gaps[i].Count++
			return gaps
		}
	}
	return append(gaps, Gap{template, 1, code})
}

// WriteGaps is the text that is stored: words of template:count:code.
func WriteGaps(gaps []Gap) string {
	words := make([]string, len(gaps))
	for i, g := range gaps {
		words[i] = id.Format(id.Template, g.Template) + ":" + strconv.FormatInt(g.Count, 10) + ":" + string(g.Code)
	}
	return strings.Join(words, " ")
}

// ReadGaps reads what WriteGaps writes; words of another form are left out.
func ReadGaps(text string) (gaps []Gap) {
	for word := range strings.FieldsSeq(text) {
		parts := strings.Split(word, ":")
		if len(parts) != 3 {
			continue
		}
		template, err := id.Parse(id.Template, parts[0])
		count, bad := strconv.ParseInt(parts[1], 10, 64)
		if err == nil && bad == nil {
			gaps = append(gaps, Gap{template, count, fault.Code(parts[2])})
		}
	}
	return gaps
}
