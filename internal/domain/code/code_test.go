package code

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"quan/internal/kernel/fault"
)

var secret = []byte("a key of thirty-two bytes for it")

func series(f Format) *Series { return NewKeys(secret).Series(f.complete(), KeyVersion) }

func guessOf(t *testing.T, text string) Guess {
	t.Helper()
	g, ok := ReadGuess(text)
	if !ok {
		t.Fatalf("%q is no guess", text)
	}
	return g
}

// charset draws characters without look-alikes.
var charset = rapid.Custom(func(t *rapid.T) string {
	all := rapid.Permutation([]byte("0123456789ABCDEFGHJKMNPQRSTUVWXYZ")).Draw(t, "all")
	return string(all[:rapid.IntRange(leastChars, len(all)).Draw(t, "size")])
})

var format = rapid.Custom(func(t *rapid.T) Format {
	f := Format{Prefix: rapid.StringMatching(`[A-Z0-9]{0,12}`).Draw(t, "prefix"), Charset: charset.Draw(t, "charset")}
	f.Length = rapid.Int64Range(shortest(len(f.Charset)), mostLength).Draw(t, "length")
	if rapid.Bool().Draw(t, "grouped") {
		f.Group = rapid.Int64Range(3, mostGroup).Draw(t, "group")
	}
	return f
})

// One text is one code: what is written is read back as the same place and nothing
// else, whatever the format.
func TestSeriesIsAPermutation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := format.Draw(t, "format")
		var l fault.List
		if f.validate(&l); len(l.Faults) > 0 {
			t.Fatalf("a format that was drawn: %v", l.Err())
		}
		s := series(f)
		p := Place{rapid.Int64Range(1, MostSerial).Draw(t, "serial"), rapid.Int64Range(1, MostCodes).Draw(t, "number")}
		text := s.Of(p)
		g, ok := ReadGuess(text)
		found := s.Read(g)
		if !ok || len(found) != 1 || found[0] != p {
			t.Fatalf("%q is read as %v, want %v", text, found, p)
		}
		v := rapid.Uint64Range(0, s.most).Draw(t, "v")
		if w := s.permute(v); w > s.most || s.invert(w) != v {
			t.Fatalf("%d becomes %d of %d", v, w, s.most)
		}
	})
}

// Of a batch of ten million a sample of 100,000 has no code twice.
func TestTenMillionCodesAreDistinct(t *testing.T) {
	const size, sample = 10_000_000, 100_000
	s := series(Format{Group: 4})
	random := rand.New(rand.NewPCG(20260302, 1))
	numbers, texts := map[int64]bool{}, make(map[string]bool, sample)
	for len(numbers) < sample {
		n := 1 + random.Int64N(size)
		if !numbers[n] {
			numbers[n] = true
			texts[s.Of(Place{7, n})] = true
		}
	}
	if len(texts) != sample {
		t.Errorf("%d texts of %d codes (seed 20260302)", len(texts), sample)
	}
}

// Small widths can be looked at whole: every value is met once.
func TestPermutationOfAWholeRange(t *testing.T) {
	s := series(Format{Charset: "0123456789"})
	s.half, s.most = 7, 9_999
	seen := make([]bool, s.most+1)
	for v := range s.most + 1 {
		w := s.permute(v)
		if w > s.most || seen[w] || s.invert(w) != v {
			t.Fatalf("%d becomes %d", v, w)
		}
		seen[w] = true
	}
}

// A guess is right for one code of 2^60, and codes say nothing of their neighbours.
func TestCodesLookRandom(t *testing.T) {
	s := series(Format{})
	differ, pairs := 0, 2000
	for n := range int64(pairs) {
		a, b := s.Of(Place{1, n + 1}), s.Of(Place{1, n + 2})
		for i := range 12 {
			if a[i] != b[i] {
				differ++
			}
		}
	}
	if share := float64(differ) / float64(pairs*12); share < 0.95 {
		t.Errorf("neighbours share %.0f %% of their characters", 100*(1-share))
	}
	other := NewKeys([]byte("another secret")).Series(s.Format, KeyVersion)
	if found := other.Read(guessOf(t, s.Of(Place{1, 1}))); len(found) != 0 && found[0] == (Place{1, 1}) {
		t.Error("another secret reads our code")
	}
	if s.most < 1<<bearerBits-1 {
		t.Errorf("only %d values", s.most)
	}
}

// The check character finds one wrong character always, and two neighbours that
// changed places nearly always.
func TestCheckDigit(t *testing.T) {
	for _, base := range []int{10, 11, 23, 31, 32, 33} {
		random := rand.New(rand.NewPCG(20260302, uint64(base)))
		swapped, missed := 0, 0
		for range 300 {
			digits := make([]byte, 13)
			for i := range digits {
				digits[i] = byte(random.IntN(base))
			}
			check := checkDigit(digits, base)
			for i := range digits {
				was := digits[i]
				for d := range byte(base) {
					if digits[i] = d; d != was && checkDigit(digits, base) == check {
						t.Fatalf("base %d: %d instead of %d at %d is not found", base, d, was, i)
					}
				}
				digits[i] = was
				if i > 0 && digits[i-1] != was {
					digits[i-1], digits[i] = was, digits[i-1]
					swapped++
					if checkDigit(digits, base) == check {
						missed++
					}
					digits[i], digits[i-1] = was, digits[i]
				}
			}
		}
		if float64(missed) > 0.03*float64(swapped) {
			t.Errorf("base %d: %d of %d swaps are not found", base, missed, swapped)
		}
	}
}

func TestReadIsGenerous(t *testing.T) {
	s := series(Format{Prefix: "SPRING", Group: 4})
	p := Place{99, 1234}
	plain := s.Of(p)
	body := strings.ReplaceAll(plain, "-", "")
	wide := strings.Map(func(r rune) rune {
		if r >= '!' && r <= '~' {
			return r + 0xFEE0
		}
		return r
	}, body)
	for _, text := range []string{plain, body, strings.ToLower(plain), " \t" + plain + "\n", "“" + plain + "”", "兑换码：" + plain + "，请查收", "【" + plain + "】",
		"code: " + plain + ".", "Your code " + strings.ReplaceAll(plain, "-", " ") + " !", strings.ReplaceAll(plain, "-", "—"), wide, plain[:5] + "\u200b" + plain[5:],
		strings.ReplaceAll(plain, "0", "O"), strings.ReplaceAll(plain, "1", "l"), strings.ReplaceAll(plain, "1", "I"), "\ufeff" + plain} {
		if len(text) > MostText {
			t.Fatalf("%q is too long for the test", text)
		}
		if found := s.Read(guessOf(t, text)); len(found) != 1 || found[0] != p {
			t.Errorf("%q: %v", text, found)
		}
	}
	for _, text := range []string{plain[:len(plain)-1], plain + "A", "X" + plain, "SPRING", "SUMMER" + plain[6:]} {
		if found := s.Read(guessOf(t, text)); len(found) != 0 {
			t.Errorf("%q: %v", text, found)
		}
	}
	for _, text := range []string{"", " ", "！？", strings.Repeat("A", MostText+1), "\xff", "\x00"} {
		if _, ok := ReadGuess(text); ok {
			t.Errorf("%q is a guess", text)
		}
	}
}

func TestWords(t *testing.T) {
	for want, forms := range map[string][]string{
		"新春快乐":       {"新春快乐", " 新春快乐 ", "「新春快乐」", "新春快乐！"},
		"spring2026": {"Spring2026", "ＳＰＲＩＮＧ２０２６", "SPRING2026\r\n", "\"spring2026\"", "spring\u200b2026"},
		"new year":   {"New  Year", "NEW\u3000YEAR", "*new year*"},
		"strasse":    {"Straße", "STRASSE"},
	} {
		for _, form := range forms {
			if got := NormalWord(form); got != want {
				t.Errorf("%q is %q, want %q", form, got, want)
			}
		}
	}
}

func TestFormatsThatAreRefused(t *testing.T) {
	valid := Batch{Name: "x", Market: "main", Template: 1, Kind: Generated, Size: 1}
	for at, change := range map[string][]func(*Batch){
		"/format/charset": {
			func(b *Batch) { b.Format.Charset = "012345678" }, func(b *Batch) { b.Format.Charset = "0123456789O" },
			func(b *Batch) { b.Format.Charset = "023456789IL" }, func(b *Batch) { b.Format.Charset = "0123456789A1" },
			func(b *Batch) { b.Format.Charset = "0123456789a" }, func(b *Batch) { b.Format.Charset = "0123456789-" },
		},
		"/format/length": {func(b *Batch) { b.Format.Length = 11 }, func(b *Batch) { b.Format.Length = 25 },
			func(b *Batch) { b.Format.Charset, b.Format.Length = "0123456789", 18 }},
		"/format/prefix": {func(b *Batch) { b.Format.Prefix = "spring" }, func(b *Batch) { b.Format.Prefix = "ABCDEFGHIJKLM" }, func(b *Batch) { b.Format.Prefix = "=1" }},
		"/format/group":  {func(b *Batch) { b.Format.Group = 2 }, func(b *Batch) { b.Format.Group = 13 }},
		"/size":          {func(b *Batch) { b.Size = 0 }, func(b *Batch) { b.Size = MostCodes + 1 }, func(b *Batch) { b.Kind, b.Size = Imported, 1 }},
		"/word":          {func(b *Batch) { b.Word = "x" }, func(b *Batch) { b.Kind = Word }, func(b *Batch) { b.Kind, b.Word = Word, "券" }, func(b *Batch) { b.Kind, b.Word = Word, strings.Repeat("券", 33) }},
		"/format":        {func(b *Batch) { b.Kind, b.Word, b.Format.Group = Word, "spring", 4 }},
		"/kind":          {func(b *Batch) { b.Kind = "other" }},
		"/to":            {func(b *Batch) { b.From, b.To = 1_900_000_000_000, 1_900_000_000_000 }},
		"/per_member":    {func(b *Batch) { b.PerMember = -1 }},
	} {
		for i, c := range change {
			b := valid
			c(&b)
			if f := fault.From(b.Validate()); f == nil || f.Pointer != at {
				t.Errorf("%s %d: %v", at, i, f)
			}
		}
	}
	b := valid
	if err := b.Validate(); err != nil || b.Format.Length != 12 || b.Format.Charset != Crockford {
		t.Errorf("%v %+v", err, b.Format)
	}
}

func FuzzReadGuess(f *testing.F) {
	some := []*Series{series(Format{Group: 4}), series(Format{Prefix: "A1", Charset: "0123456789"}), series(Format{Charset: "23456789ABC", Length: 24})}
	for _, s := range some {
		f.Add(s.Of(Place{3, 5}))
	}
	for _, seed := range []string{"", "兑换码", "İı", "ΐ", "a\u0301\u200d", strings.Repeat("A ", 32), "O0I1L", "\u202e\u00ad", "ﷺ", "兎换Ꭰ\x10\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		g, ok := ReadGuess(text)
		if again := NormalWord(g.Word); again != g.Word {
			t.Errorf("word %q becomes %q", g.Word, again)
		}
		if again := NormalImported(g.Imported); again != g.Imported {
			t.Errorf("imported %q becomes %q", g.Imported, again)
		}
		if !ok {
			return
		}
		for _, s := range some {
			for _, p := range s.Read(g) {
				written := s.Of(p)
				if found := s.Read(guessOf(t, written)); len(found) == 0 || found[0] != p {
					t.Errorf("%q is %v, which is written %q and read as %v", text, p, written, found)
				}
			}
		}
	})
}

func BenchmarkOf(b *testing.B) {
	s := series(Format{Group: 4})
	for n := int64(1); b.Loop(); n++ {
		_ = s.Of(Place{1, n})
	}
}

func BenchmarkRead(b *testing.B) {
	s := series(Format{Group: 4})
	text := s.Of(Place{1, 1})
	for b.Loop() {
		if g, _ := ReadGuess(text); len(s.Read(g)) != 1 {
			b.Fatal(fmt.Sprint("not read: ", text))
		}
	}
}
