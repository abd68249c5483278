package issuing_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"quan/internal/app"
	"quan/internal/app/apptest"
	"quan/internal/app/catalog"
	"quan/internal/app/issuing"
	"quan/internal/domain/limit"
	"quan/internal/domain/pack"
	"quan/internal/domain/waiting"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/testkit"
)

// sale is a template with a waiting room.
func (w *packing) sale(r waiting.Room) id.ID {
	w.Helper()
	t := w.Publish(apptest.Limits(testkit.Doc(), issueLimit(limit.PerMember, 1)))
	_, err := w.catalog.SetRoom(w.Ctx(), w.By, t, &r, 1)
	w.Must(err)
	return t
}

func (w *packing) place(member int, template id.ID) issuing.TakenPlace {
	w.Helper()
	p, err := w.Issuing.TakePlace(w.Ctx(), w.By, issuing.TakePlaceInput{Template: template, Member: w.Key(member)})
	w.Must(err)
	return p
}

// rush claims over the gathered way, as the API does.
func (w *packing) rush(member int, template id.ID, place, key string) issuing.Outcome {
	w.Helper()
	out, err := w.Issuing.ClaimGathered(w.Ctx(), w.By, issuing.ClaimInput{Once: app.Once{Key: key, Body: "b"}, Template: template, Member: w.Key(member), Channel: "app",
		City: "shanghai", Place: place})
	if err != nil {
		out.Err = err
	}
	return out
}

func TestClaimNeedsItsPlace(t *testing.T) {
	eachPacking(t, func(t *testing.T, w *packing) {
		sale, other := w.sale(waiting.Room{PerSecond: 2, LifeSeconds: 10}), w.sale(waiting.Room{PerSecond: 2, LifeSeconds: 10})
		zero, one := w.place(0, sale), w.place(1, sale)
		if again := w.place(1, sale); again != one || one.From != zero.From.Add(500*time.Millisecond) || one.To != one.From.Add(10*time.Second) {
			t.Errorf("places %+v, %+v, again %+v", zero, one, again)
		}
		w.want("none", w.rush(0, sale, "", "k"), fault.PlaceMissing, "/place")
		w.want("garbled", w.rush(0, sale, "x"+zero.Token, "k"), fault.PlaceForged, "/place")
		w.want("of another member", w.rush(0, sale, one.Token, "k"), fault.PlaceForeign, "/place")
		w.want("of another template", w.rush(0, other, zero.Token, "k"), fault.PlaceForeign, "/place")
		w.want("in time", w.rush(0, sale, zero.Token, "k"), "", "")
		w.want("early", w.rush(1, sale, one.Token, "k"), fault.PlaceEarly, "/place")
		w.Time.Advance(500 * time.Millisecond)
		w.want("its time has come", w.rush(1, sale, one.Token, "k"), "", "")
		w.want("once", w.rush(1, sale, one.Token, "k 2"), fault.MemberLimit, "")
		two := w.place(2, sale)
		w.Time.Advance(20 * time.Second)
		w.want("late", w.rush(2, sale, two.Token, "k"), fault.PlaceLate, "/place")
		if again := w.rush(1, sale, one.Token, "k"); again.Err != nil || !again.Replayed {
			t.Errorf("the same claim again, when its place is over: %+v", again)
		}
		// Not asked: what the operator gives, and packs.
		out, err := w.Issuing.Grant(w.Ctx(), w.By, []issuing.GrantInput{{Templates: []id.ID{sale}, Member: w.Key(3)}})
		w.Must(err)
		w.want("a grant", out[0], "", "")
		w.want("a pack", w.claim(4, w.published(pack.Pack{Parts: []pack.Part{{Template: sale, Count: 1}}}).ID), "", "")
		_, err = w.catalog.SetRoom(w.Ctx(), w.By, sale, nil, 2)
		w.Must(err)
		w.want("the room is closed", w.rush(5, sale, "", "k"), "", "")
		_, err = w.Issuing.TakePlace(w.Ctx(), w.By, issuing.TakePlaceInput{Template: sale, Member: w.Key(5)})
		if !fault.Has(err, fault.WrongState) {
			t.Errorf("a place in no room: %v", err)
		}
	})
}

// A process that knows the template without its room sees the room in the transaction.
func TestRoomIsSeenAtOnce(t *testing.T) {
	eachPacking(t, func(t *testing.T, w *packing) {
		sale := w.Publish(apptest.Limits(testkit.Doc()))
		far := &packing{World: w.Beside()}
		w.want("no room yet", far.rush(0, sale, "", "a"), "", "")
		_, err := w.catalog.SetRoom(w.Ctx(), w.By, sale, &waiting.Room{PerSecond: 1, LifeSeconds: 1}, 1)
		w.Must(err)
		w.want("a room", far.rush(0, sale, "", "b"), fault.PlaceMissing, "/place")
	})
}

// Places of several processes follow each other at the room's rate: the row begins when
// the window opens, and no second has more than the rate.
func TestProcessesShareTheRow(t *testing.T) {
	apptest.Each(t, func(t *testing.T, world *apptest.World) {
		w := &packing{World: world, catalog: &catalog.Catalog{App: world.App}}
		doc := apptest.Limits(testkit.Doc())
		opens := w.Clock().Add(time.Hour)
		doc.Claim.Window.From = opens
		sale := w.Publish(doc)
		_, err := w.catalog.SetRoom(w.Ctx(), w.By, sale, &waiting.Room{PerSecond: 40, LifeSeconds: 5}, 1)
		w.Must(err)
		processes := []*issuing.Issuing{w.Issuing, w.Beside().Issuing, w.Beside().Issuing}
		if w.DSN() != "" {
			processes[2] = w.Twin().Issuing
		}
		var all sync.WaitGroup
		var mu sync.Mutex
		var times []calendar.Instant
		for i := range 240 {
			all.Go(func() {
				p, err := processes[i%3].TakePlace(w.Ctx(), w.By, issuing.TakePlaceInput{Template: sale, Member: w.Key(i)})
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
				}
				times = append(times, p.From)
			})
		}
		all.Wait()
		slices.Sort(times)
		seconds := map[int64]int{}
		for _, at := range times {
			if at < opens {
				t.Fatalf("a place %v before the window opens", at)
			}
			seconds[int64(at-opens)/1000]++
		}
		for s, n := range seconds {
			if n > 40 {
				t.Errorf("%d places in second %d", n, s)
			}
		}
		// Pieces that the processes have left are the only holes.
		if last := times[len(times)-1]; last > opens.Add(7*time.Second) {
			t.Errorf("the last place comes %s after the first", fmt.Sprint(int64(last-opens)))
		}
	})
}
