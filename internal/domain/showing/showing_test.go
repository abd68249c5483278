package showing_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"quan/internal/domain/showing"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

const now = calendar.Instant(1_772_416_800_000)

var keys = showing.NewKeys([]byte("a key of thirty-two bytes for it"))

func TestACodeIsGoodForAMinute(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, m := id.ID(rapid.Int64Min(1).Draw(t, "coupon")), id.ID(rapid.Int64Min(1).Draw(t, "member"))
		code, until := keys.Sign(c, m, now)
		want := showing.Showing{Coupon: c, Member: m, Until: until}
		if len(code) != showing.Length || !showing.Is(code) || until != now.Add(showing.Life) {
			t.Fatalf("code %q until %d", code, until)
		}
		for _, text := range []string{code, strings.ToLower(code), " " + code + "\r\n"} {
			if got, f := keys.Read(text, until-1); f != nil || got != want {
				t.Errorf("%q in its last millisecond: %+v, %v", text, got, f)
			}
			if _, f := keys.Read(text, until); f == nil || f.Code != fault.QRExpired {
				t.Errorf("%q at its end: %v", text, f)
			}
		}
	})
}

func TestWhatWeDidNotMakeIsUnknown(t *testing.T) {
	code, _ := keys.Sign(7, 8, now)
	foreign, _ := showing.NewKeys([]byte("another key of thirty-two bytes!")).Sign(7, 8, now)
	texts := []string{"", "Q1.", code[3:], code + "0", code[:len(code)-1], "Q2." + code[3:], foreign, strings.Replace(code, ".", "-", 1), "Q1." + strings.Repeat("U", len(code)-3)}
	for i := 3; i < len(code); i++ { // every digit counts
		for _, d := range "0Z" {
			if changed := code[:i] + string(d) + code[i+1:]; changed != code {
				texts = append(texts, changed)
			}
		}
	}
	for _, text := range texts {
		if got, f := keys.Read(text, now); f == nil || f.Code != fault.CouponUnknown {
			t.Errorf("%q: %+v, %v", text, got, f)
		}
	}
}
