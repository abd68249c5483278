package planning_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quan/internal/app/apptest"
	"quan/internal/app/checkout"
	"quan/internal/app/issuing"
	"quan/internal/app/planning"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/order"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

func plan(w *apptest.World) *planning.Planning { return &planning.Planning{App: w.App} }

// items puts goods into the catalogue: cost 600, least price 700, unless priced.
func items(w *apptest.World, prices map[string]int64) {
	var rows []store.Item
	for sku, minor := range prices {
		i := testkit.Item(sku)
		i.PriceMinor = minor
		rows = append(rows, i)
	}
	w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error { return tx.Items().Insert(rows) }))
}

// draft makes a template with a draft that is not published.
func draft(w *apptest.World, doc coupon.Doc) id.ID {
	t := testkit.Template(w.IDs.New(0))
	t.Status, t.Version, t.Draft, t.Claiming, t.Use = coupon.StatusDraft, 0, &doc, false, false
	w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error { return tx.Templates().Insert([]coupon.Template{t}) }))
	return t.ID
}

func doc(group string, edit func(t *coupon.Terms)) coupon.Doc {
	d := testkit.Doc()
	d.Terms.Stacking.Group = group
	if edit != nil {
		edit(&d.Terms)
	}
	return d
}

// TestPrices: what a member has, what could be claimed, and what neither helps.
func TestPrices(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		items(w, map[string]int64{"apple": 1_000, "melon": 3_000})
		w.Members(1)
		own := w.Publish(doc("own", nil)) // 5.00 off 20.00
		w.Claim(issuing.ClaimInput{Template: own, Member: w.Key(0)})
		more := w.Publish(doc("more", func(t *coupon.Terms) {
			t.Kind, t.AmountMinor, t.ThresholdMinor, t.ThresholdBase, t.DiscountBps = coupon.KindPercentOff, 0, 0, "", 1_000
		}))
		stopped := w.Publish(doc("stopped", nil), func(t *coupon.Template) { t.Claiming = false })
		in := planning.PricesInput{Market: "main", Key: w.Key(0), Templates: []id.ID{more, stopped}, More: true,
			Lines: []pricing.Line{{SKU: "melon", UnitMinor: -1}, {SKU: "apple", UnitMinor: -1}, {SKU: "own", UnitMinor: 100}}}
		out, err := plan(w).Prices(w.Ctx(), w.By, in)
		w.Must(err)
		var payable []int64
		for _, p := range out.Prices {
			payable = append(payable, p.PayableMinor)
		}
		// 30.00 - 10 % - 5.00; 10.00 - 10 %; 1.00 - 10 %.
		if d := cmp.Diff([]int64{2_200, 900, 90}, payable); d != "" {
			t.Errorf("payable (-want +got)\n%s", d)
		}
		if g := out.Prices[1].Gaps; len(g) != 1 || g[0].Template != own || g[0].Minor != 1_000 {
			t.Errorf("gaps %+v", g)
		}
		if f := out.Prices[1].From; f == nil || f.Quantity != 3 || f.PayableMinor != 2_200 {
			t.Errorf("from %+v", f)
		}
		if len(out.Barred) != 1 || out.Barred[0].Template != stopped || out.Barred[0].Reasons[0].Code != fault.ClaimingStopped {
			t.Errorf("barred %+v", out.Barred)
		}
		in.Lines = []pricing.Line{{SKU: "none", UnitMinor: -1}}
		if _, err := plan(w).Prices(w.Ctx(), w.By, in); !fault.Has(err, fault.UnknownReference) {
			t.Errorf("an unknown item: %v", err)
		}
		w.Clean()
	})
}

// TestLowest: a draft with another template sells an item below its floor.
func TestLowest(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		items(w, map[string]int64{"apple": 1_000, "melon": 3_000, "pear": 2_000})
		w.Publish(doc("b", func(t *coupon.Terms) {
			t.Kind, t.AmountMinor, t.ThresholdMinor, t.ThresholdBase, t.DiscountBps = coupon.KindPercentOff, 0, 0, "", 2_000
			t.Use.Cities = []string{"shanghai"}
		}))
		w.Publish(doc("a", nil)) // of the draft's group: never beside it
		template := draft(w, doc("a", func(t *coupon.Terms) { t.Scope.Include.SKUs = []string{"apple", "pear"} }))
		out, err := plan(w).Lowest(w.Ctx(), w.By, planning.LowestInput{Template: template})
		w.Must(err)
		if out.Others != 1 || out.Looked != 3 || out.InScope != 2 || len(out.Warnings) != 1 {
			t.Fatalf("%+v", out)
		}
		// 2 apples 20.00, less 5.00, less 20 % = 12.00: 6.00 each; 7.00 is wanted.
		if got := out.Warnings[0]; got.Item.SKU != "apple" || got.Quantity != 2 || got.PayableMinor != 1_200 || got.FloorMinor != 700 || !got.Involved || got.ShortBps != 1_429 {
			t.Errorf("%+v", got)
		}
		out, err = plan(w).Lowest(w.Ctx(), w.By, planning.LowestInput{Template: template, FloorBps: 9_000})
		w.Must(err)
		if len(out.Warnings) != 2 || out.Warnings[0].ShortBps < out.Warnings[1].ShortBps {
			t.Errorf("with a share of the list price: %+v", out.Warnings)
		}
		if _, err := plan(w).Lowest(w.Ctx(), access.Principal{Kind: access.KindClerk}, planning.LowestInput{Template: template}); !fault.Has(err, fault.PermissionDeny) {
			t.Errorf("a clerk: %v", err)
		}
	})
}

// TestDryRun: figures of the catalogue and of past orders, whole and in pieces.
func TestDryRun(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		items(w, map[string]int64{"apple": 1_000, "melon": 3_000})
		for n := range 8 {
			cart := pricing.Cart{Lines: []pricing.Line{{SKU: "apple", Quantity: int64(n + 1), UnitMinor: -1}}}
			out, err := w.Checkout.PlaceOrder(w.Ctx(), w.By, []checkout.OrderInput{{Basis: checkout.Basis{Market: "main",
				Order: order.Key{Source: "shop", Ref: fmt.Sprint(n)}, Cart: &cart}}})
			w.Must(err)
			w.Must(out[0].Err)
		}
		content := doc("a", func(t *coupon.Terms) { t.AmountMinor, t.ThresholdMinor = 1_500, 2_000 })
		content.Claim.Limits = []limit.Limit{{What: limit.RedeemAmount, Period: limit.Ever, Per: limit.PerTemplate, Cap: 10_000}}
		template := draft(w, content)
		run := func(in planning.DryRunInput) *planning.DryRun {
			t.Helper()
			in.Template = template
			out, err := plan(w).DryRun(w.Ctx(), w.By, in)
			w.Must(err)
			return out
		}
		out := run(planning.DryRunInput{})
		if out.Cursor != "" || out.Known != 8 || out.Read != 8 || out.Every != 1 {
			t.Fatalf("%+v", out)
		}
		f := out.Orders
		// Orders of 2 … 8 apples: 15.00 off each; two apples cost 12.00 and bring 5.00,
		// three cost 18.00 and bring 15.00.
		if f.Orders != 8 || f.Applied != 7 || f.DiscountMinor != 7*1_500 || f.WorstMinor != 500 || f.Costed != 7 || f.BelowCost != 2 || f.Zero != 0 {
			t.Errorf("orders %+v", f)
		}
		if p := f.Discounts.Quantile(5_000); p < 1_500 || p > 1_523 {
			t.Errorf("half of the orders: %d", p)
		}
		if len(out.Limits) != 1 || out.Limits[0].Amount != 10_500 || !out.Limits[0].Over {
			t.Errorf("limits %+v", out.Limits)
		}
		// Two apples for 5.00: 2.50 each, a quarter; one melon for 15.00: half.
		if i := out.Items; i.InScope != 2 || i.Below != 1 || i.WorstSKU != "apple" || i.WorstBps != 2_500 {
			t.Errorf("items %+v", i)
		}
		half := run(planning.DryRunInput{Orders: 4})
		if half.Every != 2 || half.Orders.Orders == 0 || half.Orders.Orders == 8 || half.Read != 8 {
			t.Errorf("a sample: %+v", half)
		}
		if again := run(planning.DryRunInput{Orders: 4}); again.Orders.WorstOrder != half.Orders.WorstOrder || again.Orders.Orders != half.Orders.Orders {
			t.Errorf("another sample: %+v, %+v", half.Orders, again.Orders)
		}
		if _, err := plan(w).DryRun(w.Ctx(), w.By, planning.DryRunInput{Template: template, Cursor: `{"t":1}`}); !fault.Has(err, fault.InvalidCursor) {
			t.Errorf("a foreign cursor: %v", err)
		}
	})
}

// TestDryRunGoesOn: a long run stops after each piece and adds up to the whole.
func TestDryRunGoesOn(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		prices := map[string]int64{}
		for n := range 600 {
			prices[fmt.Sprintf("sku-%03d", n)] = 1_000
		}
		items(w, prices)
		template := draft(w, doc("a", nil))
		in, calls := planning.DryRunInput{Template: template}, 0
		for {
			out, err := plan(w).DryRun(w.Ctx(), w.By, in)
			w.Must(err)
			calls++
			if in.Cursor = out.Cursor; in.Cursor == "" {
				if out.Items.Looked != 600 || calls != 2 {
					t.Errorf("%d items in %d calls", out.Items.Looked, calls)
				}
				return
			}
		}
	})
}

// TestLowestKeepsOthersSecrets: a merchant's plan tells nothing of what another
// merchant has published.
func TestLowestKeepsOthersSecrets(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		items(w, map[string]int64{"apple": 1_000})
		of := func(code string) func(*coupon.Template) {
			return func(t *coupon.Template) { t.Issuer = coupon.Issuer{Kind: coupon.IssuerMerchant, Code: code} }
		}
		own := w.Publish(doc("a", nil), of("m1"))
		w.Publish(doc("b", nil), of("m2"))
		w.Publish(doc("c", nil))
		by := access.Principal{Kind: access.KindServer, Permissions: access.All, Scope: access.Scope{Merchants: []string{"m1"}}}
		out, err := plan(w).Lowest(w.Ctx(), by, planning.LowestInput{Template: own})
		w.Must(err)
		if out.Others != 1 {
			t.Errorf("%d other templates, want the platform's one", out.Others)
		}
	})
}
