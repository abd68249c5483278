package queue_test

import (
	"strings"
	"testing"
	"time"

	"quan/internal/kernel/fault"
	"quan/internal/store"
	"quan/internal/store/queue"
)

const ms = time.Millisecond

// letters of the classes in the order of their constants.
const letters = "cuiab"

// fill queues writes by the letters of their classes.
func fill(q *queue.Queue[byte], waiting string) {
	for _, l := range []byte(waiting) {
		q.Push(store.Class(strings.IndexByte(letters, l)), l)
	}
}

func drain(q *queue.Queue[byte]) string {
	var order strings.Builder
	for v, ok := q.Pop(); ok; v, ok = q.Pop() {
		order.WriteByte(v)
	}
	return order.String()
}

// TestOrder: the most urgent first, and an eighth for each that waits. The costs of
// turns are all the same.
func TestOrder(t *testing.T) {
	for waiting, want := range map[string]string{
		"":                                     "",
		"baiuc":                                "cuiab",
		"bbbbuuuu":                             "uuuubbbb",
		"b" + strings.Repeat("u", 20):          strings.Repeat("u", 7) + "b" + strings.Repeat("u", 13),
		"bb" + strings.Repeat("u", 20):         strings.Repeat("u", 7) + "b" + strings.Repeat("u", 7) + "b" + strings.Repeat("u", 6),
		"iab" + strings.Repeat("u", 9):         "uuuuuuubaiuu",
		"b" + strings.Repeat("c", 20):          strings.Repeat("c", 20) + "b", // never before control
		"bbb" + strings.Repeat("u", 8) + "ccc": "ccc" + "uuuubuuuubb",
		"b" + strings.Repeat("i", 4) + "c" + "uuu": "cuuuiiibi",
	} {
		var q queue.Queue[byte]
		fill(&q, waiting)
		if got := drain(&q); got != want {
			t.Errorf("%q came in the order %q, want %q", waiting, got, want)
		}
	}
}

// TestShareIsOfTheTime: a class whose turns take longer gets fewer of them.
func TestShareIsOfTheTime(t *testing.T) {
	var q queue.Queue[byte]
	q.Took(store.Use, ms)
	q.Took(store.Background, 10*ms)
	fill(&q, "bb"+strings.Repeat("u", 200))
	got := drain(&q)
	if first := strings.IndexByte(got, 'b'); first != 70 {
		t.Errorf("background's turn of 10 ms came after %d of 1 ms", first)
	}
	if second := strings.LastIndexByte(got, 'b'); second != 141 {
		t.Errorf("its next one came at %d", second)
	}
}

// TestExpect: what stands in front, by class, and how long each has taken lately.
func TestExpect(t *testing.T) {
	var q queue.Queue[byte]
	for c := store.Control; c <= store.Background; c++ {
		q.Took(c, 10*ms)
	}
	if got := q.Expect(store.Use); got != 0 {
		t.Errorf("an empty queue: %s", got)
	}
	fill(&q, "uuiii")
	for c, want := range map[store.Class]time.Duration{
		store.Control:    0,
		store.Use:        20*ms + 20*ms/7, // its own, and an eighth for the others
		store.Issue:      50 * ms,
		store.Background: 50 * ms,
	} {
		if got := q.Expect(c); got != want {
			t.Errorf("class %d: %s, want %s", c, got, want)
		}
	}
	fill(&q, strings.Repeat("u", 100))
	if got := q.Expect(store.Background); got != 80*ms {
		t.Errorf("background gets its eighth: %s", got)
	}
}

// TestPace forgets, and says how long what is under way goes on.
func TestPace(t *testing.T) {
	var p queue.Pace
	if p.Rest(3*ms) != 3*ms {
		t.Error("nothing was measured: as long again")
	}
	p.Note(100 * ms)
	for ran, want := range map[time.Duration]time.Duration{0: 100 * ms, 40 * ms: 60 * ms, 100 * ms: 100 * ms, time.Minute: time.Minute} {
		if got := p.Rest(ran); got != want {
			t.Errorf("after %s: %s, want %s", ran, got, want)
		}
	}
	for range 40 {
		p.Note(4 * ms)
	}
	if got := p.Mean(); got < 4*ms || got > 5*ms {
		t.Errorf("forty times 4 ms: %s", got)
	}
}

func TestOverloaded(t *testing.T) {
	for wait, want := range map[time.Duration]int64{501 * ms: 1, time.Second: 1, 1001 * ms: 2} {
		if f := queue.Overloaded(wait); f.Code != fault.Overloaded || f.Param("retry_after_seconds") != want {
			t.Errorf("%s: %v", wait, f)
		}
	}
}

// TestMeter counts waits in buckets.
func TestMeter(t *testing.T) {
	var m queue.Meter
	for _, d := range []time.Duration{0, ms, 3 * ms, 700 * ms, time.Minute} {
		m.Waited(d)
	}
	if m.Refuse(500*ms) != nil || m.Refuse(501*ms) == nil {
		t.Error("the bound is half a second")
	}
	w := m.Waits()
	if w.Within[0] != 2 || w.Within[2] != 3 || w.Within[9] != 4 || w.Count != 5 || w.Shed != 1 || w.Sum != time.Minute+704*ms {
		t.Errorf("%+v", w)
	}
}
