package coupon_test

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"quan/internal/domain/coupon"
	"quan/internal/kernel/id"
)

func TestNumbersAreAPermutation(t *testing.T) {
	n := coupon.NewNumbers([]byte("secret"))
	other := coupon.NewNumbers([]byte("another"))
	rapid.Check(t, func(t *rapid.T) {
		i := id.ID(rapid.Int64Range(1, math.MaxInt64).Draw(t, "id"))
		text := n.Of(i)
		if len(text) != 17 || strings.Count(text, "-") != 3 {
			t.Fatalf("%q", text)
		}
		if got, ok := n.Parse(text); !ok || got != i {
			t.Fatalf("%d is %s is %d", i, text, got)
		}
		if got, ok := other.Parse(text); ok && got == i {
			t.Fatalf("another secret reads %s alike", text)
		}
	})
}

func TestNumbersOfNeighboursLookUnrelated(t *testing.T) {
	n := coupon.NewNumbers([]byte("secret"))
	seen := map[string]bool{}
	for i := range 4096 {
		seen[n.Of(id.ID(1_000_000 + i))[:4]] = true
	}
	if len(seen) < 3500 {
		t.Errorf("only %d heads among 4096 neighbours", len(seen))
	}
}

func TestParseIsTolerant(t *testing.T) {
	n := coupon.NewNumbers([]byte("secret"))
	var i id.ID = 1
	for !strings.ContainsAny(n.Of(i), "0") || !strings.ContainsAny(n.Of(i), "1") {
		i++
	}
	number := n.Of(i)
	wide := strings.Map(func(r rune) rune { return r - '!' + '！' }, strings.ReplaceAll(number, "-", ""))
	for _, text := range []string{
		number, strings.ToLower(number), strings.ReplaceAll(number, "-", ""), strings.ReplaceAll(number, "-", " — "),
		"  " + number + "\n", strings.ReplaceAll(number, "0", "o"), strings.ReplaceAll(number, "1", "l"),
		strings.ReplaceAll(number, "1", "I"), wide, strings.ReplaceAll(number, "-", "　"),
		"\u202a" + number[:5] + "\u200b" + number[5:] + "\u202c",
	} {
		if got, ok := n.Parse(text); !ok || got != i {
			t.Errorf("%q: %d %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "-", number + "0", number[1:], "U" + number[1:], strings.Repeat(number, 10), "\xff" + number,
		number[:13] + "*" + number[14:], "ZZZZ-ZZZZ-ZZZZ-ZZ"} {
		if got, ok := n.Parse(text); ok {
			t.Errorf("%q is %d", text, got)
		}
	}
}

// Thirteen characters hold 65 bits: the one too many has to be zero.
func TestOneNumberPerCoupon(t *testing.T) {
	n := coupon.NewNumbers([]byte("secret"))
	const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	number := []byte(strings.ReplaceAll(n.Of(5), "-", ""))
	number[0] = alphabet[strings.IndexByte(alphabet, number[0])+16]
	for _, check := range []byte(alphabet) {
		number[13] = check
		if _, ok := n.Parse(string(number)); ok {
			t.Errorf("%s is a second number", number)
		}
	}
}

func TestCheckCharacterFindsTypingErrors(t *testing.T) {
	n := coupon.NewNumbers([]byte("secret"))
	const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	for i := range 20 {
		number := []byte(strings.ReplaceAll(n.Of(id.ID(i+1)), "-", ""))
		for at := range number {
			right := number[at]
			for _, wrong := range []byte(alphabet) {
				number[at] = wrong
				if _, ok := n.Parse(string(number)); ok != (wrong == right) {
					t.Fatalf("%s with %c at %d: %v", number, wrong, at, ok)
				}
			}
			number[at] = right
			if at > 0 && number[at] != number[at-1] {
				number[at], number[at-1] = number[at-1], number[at]
				if _, ok := n.Parse(string(number)); ok {
					t.Fatalf("%s: swapped at %d", number, at)
				}
				number[at], number[at-1] = number[at-1], number[at]
			}
		}
	}
}

func BenchmarkNumberOf(b *testing.B) {
	n := coupon.NewNumbers([]byte("secret"))
	for b.Loop() {
		_ = n.Of(123456789)
	}
}
