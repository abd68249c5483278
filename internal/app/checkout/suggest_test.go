package checkout_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"quan/internal/app/apptest"
	"quan/internal/app/checkout"
	"quan/internal/app/issuing"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
	"quan/internal/domain/rule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

// TestQuoteSuggests: what to add comes from the market's catalogue, by the coupon's
// scope, and is priced.
func TestQuoteSuggests(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		var rows []store.Item
		for sku, minor := range map[string]int64{"apple": 300, "pear": 450, "melon": 1_250, "ham": 600} {
			i := testkit.Item(sku)
			i.PriceMinor = minor
			if sku == "ham" {
				i.Category = "meat"
			}
			rows = append(rows, i)
		}
		w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error { return tx.Items().Insert(rows) }))
		w.Members(1)
		doc := testkit.Doc() // 5.00 off 20.00
		doc.Terms.Scope.Include.Categories = []string{"fresh"}
		w.Claim(issuing.ClaimInput{Template: w.Publish(doc), Member: w.Key(0)})
		in := checkout.QuoteInput{Market: "main", Who: checkout.Who{Key: w.Key(0)}, Suggest: 3,
			Cart: pricing.Cart{Lines: []pricing.Line{{SKU: "melon", Quantity: 1, UnitMinor: 1_250}}}}
		q, err := w.Checkout.Quote(w.Ctx(), w.By, in)
		w.Must(err)
		if g := q.Advice.Wants; len(g) != 1 || g[0].Minor != 750 {
			t.Fatalf("wants %+v", g)
		}
		// 7.50 lack: three apples (9.00), two pears (9.00), another melon (12.50).
		want := []pricing.Addition{{SKU: "apple", Quantity: 3, UnitMinor: 300}, {SKU: "pear", Quantity: 2, UnitMinor: 450}, {SKU: "melon", Quantity: 1, UnitMinor: 1_250}}
		var got []pricing.Addition
		for _, s := range q.Advice.Suggestions {
			got = append(got, s.Add...)
		}
		if d := cmp.Diff(want, got); d != "" || q.Advice.Suggestions[0].ExtraMinor != 400 || q.Advice.Items["apple"].Name != "apple" {
			t.Errorf("suggestions %+v (-want +got)\n%s", q.Advice.Suggestions, d)
		}
		w.Clean()
	})
}

// TestRehearsal: testers price with drafts and at another moment; others may not,
// and nothing is written.
func TestRehearsal(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		doc := testkit.Doc()
		doc.Terms.Use = rule.Place{Channels: []string{"app"}}
		draft := testkit.Template(w.IDs.New(0))
		draft.Status, draft.Version, draft.Draft = coupon.StatusDraft, 0, &doc
		w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error { return tx.Templates().Insert([]coupon.Template{draft}) }))
		in := checkout.QuoteInput{Market: "main", Cart: pricing.Cart{Channel: "app", Lines: []pricing.Line{{Quantity: 1, UnitMinor: 2_500}}},
			Rehearsal: checkout.Rehearsal{Drafts: []id.ID{draft.ID}}}
		q, err := w.Checkout.Quote(w.Ctx(), w.By, in)
		w.Must(err)
		if q.Result.PayableMinor != 2_000 || len(q.Result.Uses) != 1 || q.Result.Uses[0].Template != draft.ID || q.Result.Uses[0].Version != 0 {
			t.Errorf("with the draft: %+v", q.Result)
		}
		shop := access.Principal{ID: "shop", Kind: access.KindServer, Permissions: []access.Permission{access.Quote}}
		if _, err := w.Checkout.Quote(w.Ctx(), shop, in); !fault.Has(err, fault.PermissionDeny) {
			t.Errorf("a shop: %v", err)
		}
		in.Drafts[0]++
		if _, err := w.Checkout.Quote(w.Ctx(), w.By, in); !fault.Has(err, fault.UnknownReference) {
			t.Errorf("no such template: %v", err)
		}
		w.Members(1)
		w.Claim(issuing.ClaimInput{Template: w.Publish(testkit.Doc()), Member: w.Key(0)}) // for seven days
		in = checkout.QuoteInput{Market: "main", Who: checkout.Who{Key: w.Key(0)}, Cart: in.Cart}
		for at, payable := range map[calendar.Instant]int64{0: 2_000, w.Clock() + 8*24*3_600_000: 2_500} {
			in.At = at
			q, err := w.Checkout.Quote(w.Ctx(), w.By, in)
			w.Must(err)
			if q.Result.PayableMinor != payable {
				t.Errorf("at %v: %d, want %d", at, q.Result.PayableMinor, payable)
			}
		}
		w.Clean()
	})
}
