package sqlrepo

import (
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"quan/internal/domain/limit"
	"quan/internal/kernel/id"
)

// TestMemoryKnowsItsWriters: every text that writes rows which the writer remembers
// stands here, and tells the memory (or changes nothing that it holds).
func TestMemoryKnowsItsWriters(t *testing.T) {
	told := map[string]string{
		"members.insert": "wroteMember", "members.update": "wroteMember",
		"identities.insert": "wroteName", "identities.delete": "wroteName",
		"counters.write": "wroteCounter", "counters.fresh": "wroteCounter",
		"coupons.insert": "wroteRequest", "coupons.update": "changes no request",
	}
	writes := regexp.MustCompile(`(?i)\b(INSERT( OR \w+)? INTO|UPDATE|DELETE FROM|REPLACE INTO) (members|identities|counters|coupons)\b`)
	found := map[string]string{}
	for _, x := range texts {
		name := strings.TrimSuffix(strings.TrimSuffix(x.name, ".one"), ".even")
		if writes.MatchString(x.lite) {
			found[name] = told[name]
			if told[name] == "" {
				t.Errorf("%s writes rows that the writer remembers, and nobody says that it tells the memory:\n%s", x.name, x.lite)
			}
		}
	}
	if len(found) != len(told) {
		t.Errorf("texts that write what is remembered: %v", slices.Sorted(maps.Keys(found)))
	}
}

// TestFilter: what was added is always held, and of what was not few are, also
// behind the first part.
func TestFilter(t *testing.T) {
	seed := rand.Uint64()
	t.Log("seed", seed)
	draw := rand.New(rand.NewPCG(seed, 0))
	var f filter
	held := make([]uint64, 300_000)
	for i := range held {
		held[i] = mix(draw.Uint64())
		f.add(held[i])
	}
	for _, h := range held {
		if !f.mayHold(h) {
			t.Fatalf("%x was added and is not held", h)
		}
	}
	before := f.held
	for _, h := range held {
		f.add(h)
	}
	if f.held != before {
		t.Errorf("what it holds takes room again: %d, and %d before", f.held, before)
	}
	wrong := 0
	for range 100_000 {
		if f.mayHold(draw.Uint64()) {
			wrong++
		}
	}
	if len(f.parts) != 2 || wrong > 6000 {
		t.Errorf("%d parts, and of 100,000 that were not added %d are held", len(f.parts), wrong)
	}
}

// TestYoungTemplatesBeginAnew: a full filter of counters is thrown away, with what
// rests on it.
func TestYoungTemplatesBeginAnew(t *testing.T) {
	m := NewMemory(10, nil)
	none := func(id.ID) (bool, error) { return false, nil }
	c := limit.Counter{Key: limit.Key{Template: 1, Per: limit.PerMember, Subject: 2, What: limit.IssueCount, Period: limit.Ever}, Taken: 1}
	if err := m.ages([]limit.Key{c.Key}, none); err != nil || !m.young[1] {
		t.Fatalf("a template without counters is not young: %v", err)
	}
	m.first.held = filterMost
	m.wroteCounter(&c)
	if m.young[1] || m.first.held != 0 {
		t.Errorf("a full filter stays, with %d hashes", m.first.held)
	}
	m.Forget()
	if _, known := m.counter(c.Key); known {
		t.Error("a counter that nobody remembers is known")
	}
}

// TestShelfKeepsTheLastUsed: a row that is used stays; those used long ago go.
func TestShelfKeepsTheLastUsed(t *testing.T) {
	s := newShelf[int, int](10)
	for i := range 1000 {
		s.put(i, i)
		if _, ok := s.get(0); !ok {
			t.Fatalf("the row that is used all the time is gone after %d", i)
		}
		if len(s.young)+len(s.old) > 20 {
			t.Fatalf("%d and %d rows", len(s.young), len(s.old))
		}
	}
	if _, ok := s.get(500); ok {
		t.Error("a row that nobody used stays")
	}
}
