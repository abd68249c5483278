package issuing_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"quan/internal/app"
	"quan/internal/app/apptest"
	"quan/internal/app/catalog"
	"quan/internal/app/issuing"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/pack"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

// packing is a world with packs.
type packing struct {
	*apptest.World
	catalog *catalog.Catalog
	n       int
}

func eachPacking(t *testing.T, test func(t *testing.T, w *packing)) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(40)
		test(t, &packing{World: w, catalog: &catalog.Catalog{App: w.App}})
		w.Clean()
	})
}

// published makes a pack that is given out.
func (w *packing) published(p pack.Pack) store.Pack {
	w.Helper()
	p.Market, p.InternalName, p.CustomerName = "main", "test", coupon.Names{"en": "A pack"}
	made, _, err := w.catalog.CreatePack(w.Ctx(), w.By, catalog.CreatePackInput{Pack: p})
	w.Must(err)
	made, err = w.catalog.PublishPack(w.Ctx(), w.By, made.ID, made.Rev)
	w.Must(err)
	return made
}

func (w *packing) claim(member int, p id.ID, change ...func(*issuing.PackInput)) issuing.Outcome {
	w.Helper()
	w.n++
	in := issuing.PackInput{Once: app.Once{Key: fmt.Sprint("pack ", w.n), Body: "b"}, Pack: p, Member: w.Key(member), Channel: "app", City: "shanghai"}
	for _, c := range change {
		c(&in)
	}
	out, err := w.Issuing.ClaimPack(w.Ctx(), w.By, []issuing.PackInput{in})
	w.Must(err)
	return out[0]
}

func (w *packing) want(what string, got issuing.Outcome, code fault.Code, pointer string) {
	w.Helper()
	f := fault.From(got.Err)
	switch {
	case code == "" && got.Err != nil, code != "" && f == nil, code != "" && (f.Code != code || f.Pointer != pointer):
		w.Errorf("%s: %v, want %q at %s", what, got.Err, code, pointer)
	}
}

func (w *packing) figures(p id.ID) catalog.PackFigures {
	w.Helper()
	f, err := w.catalog.PackStatistics(w.Ctx(), w.By, p, 0, 0)
	w.Must(err)
	return f
}

func TestPackOfCounts(t *testing.T) {
	eachPacking(t, func(t *testing.T, w *packing) {
		freight, off := w.Publish(apptest.Limits(testkit.Doc())), w.Publish(apptest.Limits(testkit.Doc(), issueLimit(limit.PerMember, 1)))
		p := w.published(pack.Pack{Parts: []pack.Part{{Template: freight, Count: 3}, {Template: off, Count: 1}},
			Limits: []pack.Limit{{Period: limit.Ever, Per: pack.PerMember, Cap: 2}, {Period: limit.Ever, Per: pack.PerPack, Cap: 3}}})
		once := func(in *issuing.PackInput) { in.Once = app.Once{Key: "k", Body: "b"} }
		first := w.claim(0, p.ID, once)
		w.want("first", first, "", "")
		var got []id.ID
		for _, c := range first.Receipt.Coupons {
			got = append(got, c.Template)
			if c.Origin != first.Receipt.Origin || c.Form != coupon.FormClaim {
				t.Errorf("coupon %+v", c)
			}
		}
		if diff := cmp.Diff([]id.ID{freight, freight, freight, off}, got); diff != "" {
			t.Error(diff)
		}
		again := w.claim(0, p.ID, once)
		if again.Err != nil || !again.Replayed || again.Receipt.Pack != p.ID || again.Receipt.Origin != first.Receipt.Origin || len(again.Receipt.Coupons) != 4 {
			t.Errorf("again %+v", again)
		}
		w.want("another body", w.claim(0, p.ID, func(in *issuing.PackInput) { in.Once = app.Once{Key: "k", Body: "c"} }), fault.KeyReusedBody, "header:Idempotency-Key")
		// The template's own limit stops the whole pack, and nothing of it is taken.
		w.want("a template's limit", w.claim(0, p.ID), fault.MemberLimit, "/parts/1")
		w.want("another member", w.claim(1, p.ID), "", "")
		w.want("a third", w.claim(2, p.ID), "", "")
		w.want("none left", w.claim(3, p.ID), fault.SoldOut, "/pack")
		w.want("unknown pack", w.claim(3, freight), fault.Absent, "/pack")
		f := w.figures(p.ID)
		want := catalog.PackFigures{Packs: 3, Days: []store.PackDay{{Day: w.Market.Day(w.Clock()), Packs: 3, Coupons: 12}},
			Coupons: []store.PackCoupons{{Template: freight, State: coupon.Usable, Count: 9}, {Template: off, State: coupon.Usable, Count: 3}}}
		if diff := cmp.Diff(want, f); diff != "" {
			t.Error(diff)
		}
	})
}

func TestPartialPackGivesWhatThereIs(t *testing.T) {
	eachPacking(t, func(t *testing.T, w *packing) {
		two, none := w.Publish(apptest.Limits(testkit.Doc(), issueLimit(limit.PerTemplate, 2))), w.Publish(apptest.Limits(testkit.Doc(), issueLimit(limit.PerMember, 0)))
		p := w.published(pack.Pack{Partial: true, Parts: []pack.Part{{Template: none, Count: 1}, {Template: two, Count: 3}}})
		gaps := []pack.Gap{{Template: none, Count: 1, Code: fault.MemberLimit}, {Template: two, Count: 1, Code: fault.SoldOut}}
		once := func(in *issuing.PackInput) { in.Once = app.Once{Key: "k", Body: "b"} }
		for _, replayed := range []bool{false, true} {
			got := w.claim(0, p.ID, once)
			w.want("what there is", got, "", "")
			if diff := cmp.Diff(gaps, got.Receipt.Missing); diff != "" || len(got.Receipt.Coupons) != 2 || got.Replayed != replayed {
				t.Errorf("%s, receipt %+v", diff, got)
			}
		}
		w.want("nothing to be had", w.claim(1, p.ID), fault.MemberLimit, "/parts/0")
		if f := w.figures(p.ID); f.Packs != 1 {
			t.Errorf("%d packs were counted", f.Packs)
		}
	})
}

// A pack is one newcomer issue: its coupons don't bar each other, another issue does.
func TestNewcomerPack(t *testing.T) {
	eachPacking(t, func(t *testing.T, w *packing) {
		plain, doc := w.Publish(apptest.Limits(testkit.Doc())), apptest.Limits(testkit.Doc())
		doc.Claim.Newcomer = true
		fresh := w.Publish(doc)
		mixed := w.published(pack.Pack{Parts: []pack.Part{{Template: fresh, Count: 2}, {Template: plain, Count: 1}}})
		whole := w.published(pack.Pack{Newcomer: true, Parts: []pack.Part{{Template: plain, Count: 2}}})
		w.want("newcomer coupons of one pack", w.claim(0, mixed.ID), "", "")
		w.want("the same again", w.claim(0, mixed.ID), fault.NewcomerHeld, "/parts/0")
		w.want("another newcomer pack", w.claim(0, whole.ID), fault.NewcomerHeld, "/pack")
		w.want("a newcomer pack of plain coupons", w.claim(1, whole.ID), "", "")
		w.want("a newcomer coupon beside it", w.claim(1, mixed.ID), fault.NewcomerHeld, "/parts/0")
		w.want("plain coupons beside it", w.Claim(issuing.ClaimInput{Template: plain, Member: w.Key(1), Channel: "app", City: "shanghai"}), "", "")
		// Two in one batch: the second sees the first.
		out, err := w.Issuing.GrantPack(w.Ctx(), w.By, []issuing.PackInput{{Pack: whole.ID, Member: w.Key(2)}, {Pack: whole.ID, Member: w.Key(2)}})
		w.Must(err)
		w.want("first of a batch", out[0], "", "")
		w.want("second of a batch", out[1], fault.NewcomerHeld, "/pack")
	})
}

// What an operator changes is seen by the next claim, of another process too.
func TestPackIsSwitchedAtOnce(t *testing.T) {
	eachPacking(t, func(t *testing.T, w *packing) {
		tpl := w.Publish(apptest.Limits(testkit.Doc()))
		draft, _, err := w.catalog.CreatePack(w.Ctx(), w.By, catalog.CreatePackInput{Pack: pack.Pack{Market: "main", InternalName: "d",
			CustomerName: coupon.Names{"en": "D"}, Parts: []pack.Part{{Template: tpl, Count: 1}}}})
		w.Must(err)
		w.want("draft", w.claim(0, draft.ID), fault.PackClosed, "/pack")
		p := w.published(pack.Pack{Parts: []pack.Part{{Template: tpl, Count: 2}}})
		far := &packing{World: w.Beside()}
		w.want("here", w.claim(0, p.ID), "", "")
		w.want("there", far.claim(1, p.ID), "", "")
		_, err = w.catalog.OpenPack(w.Ctx(), w.By, catalog.OpenPackInput{Pack: p.ID, Open: false, Reason: "stop"})
		w.Must(err)
		w.want("paused here", w.claim(2, p.ID), fault.PackClosed, "/pack")
		w.want("paused there", far.claim(3, p.ID), fault.PackClosed, "/pack")
		p, err = w.catalog.OpenPack(w.Ctx(), w.By, catalog.OpenPackInput{Pack: p.ID, Open: true})
		w.Must(err)
		change := p
		change.Parts = []pack.Part{{Template: tpl, Count: 1}}
		change.Window.To = w.Clock().Add(time.Hour)
		p, err = w.catalog.UpdatePack(w.Ctx(), w.By, catalog.UpdatePackInput{Pack: change, IfRev: p.Rev})
		w.Must(err)
		if got := far.claim(3, p.ID); got.Err != nil || len(got.Receipt.Coupons) != 1 {
			t.Errorf("after the change: %+v", got)
		}
		place, _, err := w.catalog.CreatePlacement(w.Ctx(), w.By, catalog.CreatePlacementInput{Market: "main", Name: "front", Pack: p.ID, Channel: "app", Cap: 1, Open: true})
		w.Must(err)
		at := func(in *issuing.PackInput) { in.Placement = place.ID }
		w.want("through the placement", far.claim(4, p.ID, at), "", "")
		w.want("its cap counts packs", far.claim(5, p.ID, at), fault.PlacementLimit, "/pack")
		_, err = w.catalog.ArchivePlacement(w.Ctx(), w.By, place.ID, place.Rev)
		w.Must(err)
		w.want("closed placement", far.claim(5, p.ID, at), fault.PlacementClosed, "/pack")
		w.want("a placement of a pack gives no single coupons", w.Claim(issuing.ClaimInput{Template: tpl, Member: w.Key(5), Channel: "app", City: "shanghai", Placement: place.ID}),
			fault.PlacementClosed, "")
		w.Time.Advance(2 * time.Hour)
		w.want("after its window", far.claim(5, p.ID), fault.ClaimEnded, "/pack")
		out, err := w.Issuing.GrantPack(w.Ctx(), w.By, []issuing.PackInput{{Pack: p.ID, Member: w.Key(5)}})
		w.Must(err)
		w.want("a grant has no window", out[0], "", "")
		_, err = w.catalog.ArchivePack(w.Ctx(), w.By, p.ID, p.Rev)
		w.Must(err)
		w.want("archived", far.claim(6, p.ID), fault.PackClosed, "/pack")
	})
}

// 32 members at once get exactly the packs and the coupons that there are.
func TestPacksUnderContention(t *testing.T) {
	eachPacking(t, func(t *testing.T, w *packing) {
		a, b := w.Publish(apptest.Limits(testkit.Doc(), issueLimit(limit.PerTemplate, 14))), w.Publish(apptest.Limits(testkit.Doc()))
		one := w.published(pack.Pack{Parts: []pack.Part{{Template: a, Count: 2}, {Template: b, Count: 1}}, Limits: []pack.Limit{{Period: limit.Ever, Per: pack.PerPack, Cap: 5}}})
		two := w.published(pack.Pack{Parts: []pack.Part{{Template: b, Count: 1}, {Template: a, Count: 1}}})
		var all sync.WaitGroup
		var mu sync.Mutex
		got := map[id.ID]int64{}
		for i := range 32 {
			all.Go(func() {
				for n, p := range []store.Pack{one, two} {
					out, err := w.Issuing.ClaimPack(w.Ctx(), w.By, []issuing.PackInput{{Once: app.Once{Key: fmt.Sprint(i, n), Body: "b"}, Pack: p.ID, Member: w.Key(i), Channel: "app", City: "shanghai"}})
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					if out[0].Err == nil {
						got[p.ID]++
					} else if !fault.Has(out[0].Err, fault.SoldOut) {
						t.Error(out[0].Err)
					}
					mu.Unlock()
				}
			})
		}
		all.Wait()
		if used := 2*got[one.ID] + got[two.ID]; got[one.ID] > 5 || used != 14 {
			t.Errorf("packs given out: %v", got)
		}
	})
}
