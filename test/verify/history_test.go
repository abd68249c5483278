package verify

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"quan/internal/app"
	"quan/internal/app/apptest"
	"quan/internal/app/catalog"
	"quan/internal/app/checkout"
	"quan/internal/app/issuing"
	"quan/internal/domain/budget"
	"quan/internal/domain/code"
	"quan/internal/domain/coupon"
	"quan/internal/domain/grant"
	"quan/internal/domain/limit"
	"quan/internal/domain/order"
	"quan/internal/domain/pack"
	"quan/internal/domain/packet"
	"quan/internal/domain/placement"
	"quan/internal/domain/pricing"
	"quan/internal/domain/redemption"
	"quan/internal/domain/rule"
	"quan/internal/domain/schedule"
	"quan/internal/domain/stock"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

// history drives the use cases and stops the test at the first refusal.
type history struct {
	*apptest.World
	n int // requests so far, for keys
}

func (h *history) once() app.Once {
	h.n++
	return app.Once{Key: fmt.Sprintf("key %d", h.n), Body: "body"}
}

func (h *history) basis(ref string, coupons ...id.ID) checkout.Basis {
	return checkout.Basis{Once: h.once(), Order: order.Key{Source: "shop", Ref: ref}, Coupons: coupons,
		Cart: &pricing.Cart{Channel: "app", City: "shanghai", Lines: []pricing.Line{
			{SKU: "apple", Category: "fresh/fruit", Quantity: 3, UnitMinor: 1000},
			{SKU: "soap", Category: "household", Quantity: 1, UnitMinor: 777},
		}}}
}

func (h *history) claim(member int, template, place id.ID) id.ID {
	h.Helper()
	got := h.Claim(issuing.ClaimInput{Once: h.once(), Template: template, Member: h.Key(member), Placement: place, Channel: "app", City: "shanghai"})
	h.Must(got.Err)
	return got.Receipt.Coupons[0].ID
}

func (h *history) redeem(ref string, coupons ...id.ID) {
	h.Helper()
	out, err := h.Checkout.Redeem(h.Ctx(), h.By, []checkout.RedeemInput{{Basis: h.basis(ref, coupons...)}})
	h.Must(err)
	h.Must(out[0].Err)
}

func (h *history) lock(ref string, member int, coupons ...id.ID) {
	h.Helper()
	in := checkout.LockInput{Basis: h.basis(ref, coupons...)}
	in.Who.Key = h.Key(member)
	out, err := h.Checkout.Lock(h.Ctx(), h.By, []checkout.LockInput{in})
	h.Must(err)
	h.Must(out[0].Err)
}

func (h *history) release(ref string) {
	h.Helper()
	out, err := h.Checkout.Release(h.Ctx(), h.By, []checkout.ReleaseInput{{Basis: checkout.Basis{Once: h.once(), Order: order.Key{Source: "shop", Ref: ref}}}})
	h.Must(err)
	h.Must(out[0].Err)
}

func (h *history) refund(ref, number string, lines ...redemption.RefundLine) {
	h.Helper()
	out, err := h.Checkout.Refund(h.Ctx(), h.By, []checkout.RefundInput{{Ref: number, Lines: lines, Full: len(lines) == 0,
		Basis: checkout.Basis{Once: h.once(), Order: order.Key{Source: "shop", Ref: ref}}}})
	h.Must(err)
	h.Must(out[0].Err)
}

// limited is a template with a limit of every kind; each cap is another figure, by
// which a plant finds it.
func limited() coupon.Doc {
	doc := apptest.Limits(testkit.Doc(),
		limit.Limit{What: limit.IssueCount, Period: limit.Ever, Per: limit.PerTemplate, Cap: 101},
		limit.Limit{What: limit.IssueCount, Period: limit.Month, Per: limit.PerTemplate, Cap: 102},
		limit.Limit{What: limit.IssueAmount, Period: limit.Ever, Per: limit.PerTemplate, Cap: 100_103},
		limit.Limit{What: limit.IssueCount, Period: limit.Day, Per: limit.PerPlacement, Cap: 104},
		limit.Limit{What: limit.IssueCount, Period: limit.Week, Per: limit.PerMember, Cap: 5},
		limit.Limit{What: limit.RedeemCount, Period: limit.Day, Per: limit.PerMember, Cap: 6},
		limit.Limit{What: limit.RedeemAmount, Period: limit.Month, Per: limit.PerTemplate, Cap: 100_107},
	)
	doc.Terms.Funders = []coupon.Funder{{Kind: coupon.FunderPlatform, Code: "platform", ShareBps: 6667}, {Kind: coupon.FunderBrand, Code: "orchard", ShareBps: 3333}}
	return doc
}

func twice() coupon.Doc {
	doc := apptest.Limits(testkit.Doc())
	doc.Terms = testkit.Terms()
	doc.Terms.Kind, doc.Terms.AmountMinor, doc.Terms.DiscountBps, doc.Terms.CapMinor = coupon.KindPercentOff, 0, 1500, 600
	doc.Terms.UsesPerCoupon = 2
	return doc
}

func free() coupon.Doc {
	doc := apptest.Limits(testkit.Doc())
	doc.Terms.Kind, doc.Terms.AmountMinor, doc.Terms.ThresholdMinor, doc.Terms.ThresholdBase = coupon.KindNoThreshold, 9999, 0, ""
	doc.Terms.AllowZero = true
	return doc
}

func sameDay() coupon.Doc {
	doc := apptest.Limits(testkit.Doc())
	doc.Terms.Validity = schedule.Validity{Kind: schedule.ValiditySameDay}
	return doc
}

// soap stands beside coupons of the default group, and says which it does not.
func soap() coupon.Doc {
	doc := apptest.Limits(testkit.Doc())
	doc.Terms.AmountMinor, doc.Terms.ThresholdMinor = 77, 0
	doc.Terms.Kind, doc.Terms.ThresholdBase = coupon.KindNoThreshold, ""
	doc.Terms.Scope = rule.Scope{Include: rule.Selector{Categories: []string{"household"}}}
	doc.Terms.Stacking = coupon.Stacking{Group: "soap", Excludes: []string{"nothing"}}
	return doc
}

func newcomer() coupon.Doc {
	doc := apptest.Limits(testkit.Doc())
	doc.Claim.Newcomer = true
	return doc
}

// live makes a little of everything.
func live(t *testing.T, s store.Store) *history {
	h := &history{World: apptest.New(t, s, 1)}
	h.Members(8)
	all, two, zero, today, once := h.Publish(limited()), h.Publish(twice()), h.Publish(free()), h.Publish(sameDay()), h.Publish(newcomer())
	beside := h.Publish(soap())
	place := testkit.Placement(h.IDs.New(0), all)
	h.Must(s.Update(h.Ctx(), store.Admin, func(tx store.Tx) error { return tx.Placements().Insert([]placement.Placement{place}) }))

	first := h.claim(0, all, place.ID)
	h.lock("paid by lock", 0, first)
	h.redeem("paid by lock", first)
	h.redeem("partly back", h.claim(1, all, 0))
	h.refund("partly back", "r1", redemption.RefundLine{Line: 0, Quantity: 1})
	h.redeem("all back", h.claim(2, all, 0))
	h.refund("all back", "r2")
	h.lock("waiting", 3, h.claim(3, all, 0))
	h.lock("let go", 4, h.claim(4, all, 0))
	h.release("let go")
	h.redeem("first of two", h.claim(5, two, 0))
	h.redeem("for nothing", h.claim(6, zero, 0))
	h.claim(7, once, 0)
	h.claim(7, today, 0) // expires
	h.claim(7, two, 0)
	taken := h.claim(6, two, 0)
	_, _, err := h.Issuing.Withdraw(h.Ctx(), h.By, issuing.WithdrawInput{Once: h.once(), Coupon: taken, Reason: "by mistake"})
	h.Must(err)
	_, err = h.Issuing.Reissue(h.Ctx(), h.By, issuing.DeskInput{Once: h.once(), Coupon: taken, Reason: "it was a mistake"})
	h.Must(err)
	out, err := h.Checkout.PlaceOrder(h.Ctx(), h.By, []checkout.OrderInput{{Basis: h.basis("a guest's")}})
	h.Must(err)
	h.Must(out[0].Err)
	slip := h.Claim(issuing.ClaimInput{Template: two, Member: h.Key(5), At: testkit.Start, Slip: store.OutsideKey{Kind: "slip", Source: "file", Ref: "1"}})
	h.Must(slip.Err)
	h.codes(two)
	h.packs(two)
	h.budgets()
	h.batch()
	h.packets(h.Publish(soap()))
	_, _, err = h.Issuing.PlanGrant(h.Ctx(), h.By, issuing.PlanGrantInput{Spec: grant.Spec{Name: "all", Templates: []id.ID{two, beside}, Audience: grant.Everyone, Reason: "spring"}})
	h.Must(err)
	h.upkeep()
	h.Time.Advance(20 * time.Minute)
	h.redeem("more", h.claim(1, all, place.ID))
	h.redeem("two together", h.claim(2, zero, 0), h.claim(2, beside, 0))
	return h
}

// budgets issues, locks, uses, gives back and withdraws what draws on a budget.
func (h *history) budgets() {
	h.Helper()
	c := &catalog.Catalog{App: h.App}
	made, _, err := c.CreateBudget(h.Ctx(), h.By, catalog.CreateBudgetInput{Once: h.once(), Budget: budget.Budget{Market: "main", Name: "spring", Limits: []limit.Limit{
		{What: limit.Liability, Period: limit.Month, Per: limit.PerCampaign, Cap: 100_000, Alarms: []int64{1}},
		{What: limit.IssueCount, Period: limit.Day, Per: limit.PerMember, Cap: 9},
		{What: limit.RedeemAmount, Period: limit.Campaign, Per: limit.PerFunder, Cap: 100_000},
		{What: limit.RedeemCount, Period: limit.Rolling, Hours: 24, Per: limit.PerCampaign, Cap: 99},
	}}})
	h.Must(err)
	doc := twice()
	doc.Claim.Budgets = []string{id.Format(id.Budget, made.ID)}
	t, err := c.EnsureTemplate(h.Ctx(), h.By, catalog.CreateTemplateInput{Code: "drawing", Market: "main", InternalName: "drawing",
		CustomerName: coupon.Names{"en": "Drawing"}, Issuer: coupon.Issuer{Kind: coupon.IssuerPlatform}, Doc: doc})
	h.Must(err)
	h.redeem("draws", h.claim(0, t.ID, 0))
	h.redeem("draws and gives back", h.claim(1, t.ID, 0))
	h.refund("draws and gives back", "b1")
	h.lock("holds a budget", 2, h.claim(2, t.ID, 0))
	_, _, err = h.Issuing.Withdraw(h.Ctx(), h.By, issuing.WithdrawInput{Once: h.once(), Coupon: h.claim(3, t.ID, 0), Reason: "by mistake"})
	h.Must(err)
}

// codes uses two of three codes, and imports two.
func (h *history) codes(template id.ID) {
	h.Helper()
	c := &catalog.Catalog{App: h.App}
	made, _, err := c.CreateCodeBatch(h.Ctx(), h.By, catalog.CreateCodeBatchInput{Once: h.once(),
		Batch: code.Batch{Market: "main", Template: template, Name: "leaflet", Kind: code.Generated, Size: 3}})
	h.Must(err)
	run, err := c.ListCodes(h.Ctx(), h.By, made.ID, 1, 2)
	h.Must(err)
	h.Must(run.Each(func(k catalog.ListedCode) error {
		out, err := h.Issuing.RedeemCode(h.Ctx(), h.By, issuing.RedeemCodeInput{Once: h.once(), Text: k.Code, Member: h.Key(int(k.Number)), Channel: "app", City: "shanghai"})
		return errors.Join(err, out.Err)
	}))
	pool, _, err := c.CreateCodeBatch(h.Ctx(), h.By, catalog.CreateCodeBatchInput{Once: h.once(),
		Batch: code.Batch{Market: "main", Template: template, Name: "old shop", Kind: code.Imported}})
	h.Must(err)
	_, _, err = c.ImportCodes(h.Ctx(), h.By, catalog.ImportCodesInput{Once: h.once(), Batch: pool.ID, CSV: "OLD-0001-X\nOLD-0002-X\n"})
	h.Must(err)
}

// batch gives out two of three coupons of a batch with a budget, and extends them.
func (h *history) batch() {
	h.Helper()
	template := h.Publish(apptest.Limits(testkit.Doc()))
	c := &catalog.Catalog{App: h.App}
	made, _, err := c.CreateBatch(h.Ctx(), h.By, catalog.CreateBatchInput{Once: h.once(),
		Batch: stock.Batch{Market: "main", Template: template, Name: "first", Size: 3, BudgetMinor: 1_500, Open: true}})
	h.Must(err)
	for _, member := range []int{0, 1} {
		h.claim(member, template, 0)
	}
	row, _, err := h.Issuing.ExtendCoupons(h.Ctx(), h.By, issuing.BatchJobInput{Once: h.once(), Batch: made.ID, To: h.Clock().Add(1000 * time.Hour), Reason: "storm"})
	h.Must(err)
	h.Run(row, h.Issuing.BatchPiece)
}

// packs gives out a whole pack through a placement and a partial one with a gap.
func (h *history) packs(template id.ID) {
	h.Helper()
	c := &catalog.Catalog{App: h.App}
	gone := h.Publish(apptest.Limits(testkit.Doc(), limit.Limit{What: limit.IssueCount, Period: limit.Ever, Per: limit.PerMember, Cap: 0}))
	for n, p := range []pack.Pack{
		{Parts: []pack.Part{{Template: template, Count: 2}}, Limits: []pack.Limit{{Period: limit.Month, Per: pack.PerMember, Cap: 9}}},
		{Parts: []pack.Part{{Template: template, Count: 1}, {Template: gone, Count: 1}}, Partial: true},
	} {
		p.Market, p.InternalName, p.CustomerName = "main", "pack", coupon.Names{"en": "Pack"}
		made, _, err := c.CreatePack(h.Ctx(), h.By, catalog.CreatePackInput{Pack: p})
		h.Must(err)
		_, err = c.PublishPack(h.Ctx(), h.By, made.ID, made.Rev)
		h.Must(err)
		in := issuing.PackInput{Once: h.once(), Pack: made.ID, Member: h.Key(n), Channel: "app", City: "shanghai"}
		if n == 0 {
			place, _, err := c.CreatePlacement(h.Ctx(), h.By, catalog.CreatePlacementInput{Market: "main", Name: "pack", Pack: made.ID, Channel: "app", Open: true})
			h.Must(err)
			in.Placement = place.ID
		}
		out, err := h.Issuing.ClaimPack(h.Ctx(), h.By, []issuing.PackInput{in})
		h.Must(err)
		h.Must(out[0].Err)
	}
}

// packets sends two packets of three shares, one for an order; two shares of each are
// opened, and one packet is over.
func (h *history) packets(template id.ID) {
	h.Helper()
	c := &catalog.Catalog{App: h.App}
	for n, hours := range []int64{1, 700} {
		made, _, err := c.CreatePlan(h.Ctx(), h.By, catalog.CreatePlanInput{Plan: packet.Plan{Market: "main", InternalName: "packets", CustomerName: coupon.Names{"en": "Packet"},
			Content: packet.Content{Template: template, Mode: packet.Lucky, Shares: 3, TotalMinor: 60, LeastMinor: 10, LifeHours: hours}}})
		h.Must(err)
		_, err = c.PublishPlan(h.Ctx(), h.By, made.ID, made.Rev)
		h.Must(err)
		in := issuing.SendInput{Once: h.once(), Plan: made.ID, Member: h.Key(0)}
		if n == 1 {
			in.Order = order.Key{Source: "shop", Ref: "paid by lock"}
		}
		sent, _, err := h.Issuing.SendPacket(h.Ctx(), h.By, in)
		h.Must(err)
		for member := 1; member <= 2; member++ {
			out, err := h.Issuing.OpenPacket(h.Ctx(), h.By, issuing.OpenInput{Once: h.once(), Packet: sent.ID, Member: h.Key(member), Channel: "app", City: "shanghai"})
			h.Must(err)
			h.Must(out.Err)
		}
	}
	h.Time.Advance(time.Hour)
	n, err := h.Issuing.ClosePackets(h.Ctx(), 10)
	h.Must(err)
	if n != 1 {
		h.Fatalf("%d packets closed, want 1", n)
	}
}

// upkeep folds some deltas, delivers some changes, and turns a day for the job
// that expires coupons; locks that end meanwhile stay for their own job.
func (h *history) upkeep() {
	h.Helper()
	some := 7 // of a row a transaction and cell
	if strings.HasPrefix(h.Store.Engine(), "sqlite") {
		some = 1 // of a row a cell: that of all orders
	}
	h.Must(h.Store.Update(h.Ctx(), store.Background, func(tx store.Tx) error {
		if _, err := tx.Metrics().Fold(some); err != nil {
			return err
		}
		rows, err := tx.Changes().Undelivered(9)
		if err != nil {
			return err
		}
		return tx.Changes().Delivered(rows, h.Clock())
	}))
	h.Time.Advance(24 * time.Hour)
	n, err := h.Checkout.ExpireCoupons(h.Ctx(), 10)
	h.Must(err)
	if n != 1 {
		h.Fatalf("%d coupons expired, want 1", n)
	}
	if got := h.Claim(issuing.ClaimInput{Template: 1, Member: h.Key(0)}); !fault.Has(got.Err, fault.Absent) {
		h.Fatalf("a claim of nothing: %v", got.Err)
	}
}
