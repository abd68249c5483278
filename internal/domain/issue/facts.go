package issue

import (
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"

	"quan/internal/kernel/id"
)

// FactsMax is the size of encoded facts in bytes.
const FactsMax = 200

// factsText is the room for one text (channel, city, segment), quotes aside.
const factsText = 24

// Facts explain later why a coupon was issued. They are kept with the coupon as
// compact JSON of at most FactsMax bytes; texts that don't fit are cut, counters
// that don't fit are left off (the coupon's columns hold the whole).
type Facts struct {
	Version   int64   // of the template
	Policy    int64   // of the market's policies (its rev)
	Placement id.ID   // zero for none
	Channel   string  // delivery channel
	City      string  //
	Segment   string  // "" in this release
	Seen      []int64 // counters as they were before this issue, of the takings in their order
}

// Encode writes the facts: {"v":1,"m":1,"p":"plc_…","c":"app","y":"shanghai","s":"","k":[12,0]}.
func (f Facts) Encode() string {
	b := make([]byte, 0, FactsMax)
	b = append(b, `{"v":`...)
	b = strconv.AppendInt(b, f.Version, 10)
	b = append(b, `,"m":`...)
	b = strconv.AppendInt(b, f.Policy, 10)
	b = append(b, `,"p":"`...)
	b = append(b, id.Format(id.Placement, f.Placement)...)
	b = appendText(append(b, `","c":"`...), f.Channel)
	b = appendText(append(b, `","y":"`...), f.City)
	b = appendText(append(b, `","s":"`...), f.Segment)
	b = append(b, `","k":[`...)
	var number [20]byte
	for i, n := range f.Seen {
		text := strconv.AppendInt(number[:0], n, 10)
		if len(b)+len(text)+3 > FactsMax {
			break
		}
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, text...)
	}
	return string(append(b, "]}"...))
}

// appendText writes the inside of a JSON string, cut between characters.
func appendText(b []byte, s string) []byte {
	end := len(b) + factsText
	for _, r := range s {
		whole := len(b)
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r < 0x20:
			b = fmt.Appendf(b, `\u%04x`, r)
		default:
			b = utf8.AppendRune(b, r)
		}
		if len(b) > end {
			return b[:whole]
		}
	}
	return b
}

// DecodeFacts reads what Encode writes.
func DecodeFacts(text string) (Facts, error) {
	var raw struct {
		V, M    int64
		P, C, Y string
		S       string
		K       []int64
	}
	if err := json.Unmarshal([]byte(text), &raw); err != nil {
		return Facts{}, fmt.Errorf("issue: facts: %w", err)
	}
	f := Facts{Version: raw.V, Policy: raw.M, Channel: raw.C, City: raw.Y, Segment: raw.S, Seen: raw.K}
	if raw.P == "" {
		return f, nil
	}
	var err error
	if f.Placement, err = id.Parse(id.Placement, raw.P); err != nil {
		return Facts{}, fmt.Errorf("issue: facts: %w", err)
	}
	return f, nil
}
