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
	"quan/internal/app/checkout"
	"quan/internal/app/issuing"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/order"
	"quan/internal/domain/packet"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

// faced is a template whose coupons may have an amount of their own, up to 50.00.
func faced(limits ...limit.Limit) coupon.Doc {
	doc := apptest.Limits(testkit.Doc(), limits...)
	doc.Terms.Kind, doc.Terms.AmountMinor, doc.Terms.ThresholdMinor, doc.Terms.ThresholdBase = coupon.KindNoThreshold, 5000, 0, ""
	return doc
}

// plan makes a published plan of this content.
func (w *packing) plan(c packet.Content, change ...func(*packet.Plan)) store.Plan {
	w.Helper()
	if c.Template == 0 {
		c.Template = w.Publish(faced())
	}
	p := packet.Plan{Market: "main", InternalName: "test", CustomerName: coupon.Names{"en": "A packet"}, Content: c}
	for _, f := range change {
		f(&p)
	}
	made, _, err := w.catalog.CreatePlan(w.Ctx(), w.By, catalog.CreatePlanInput{Plan: p})
	w.Must(err)
	made, err = w.catalog.PublishPlan(w.Ctx(), w.By, made.ID, made.Rev)
	w.Must(err)
	return made
}

func (w *packing) send(member int, plan id.ID, change ...func(*issuing.SendInput)) (issuing.SentPacket, bool, error) {
	w.Helper()
	w.n++
	in := issuing.SendInput{Once: app.Once{Key: fmt.Sprint("send ", w.n), Body: "b"}, Plan: plan, Member: w.Key(member)}
	for _, f := range change {
		f(&in)
	}
	return w.Issuing.SendPacket(w.Ctx(), w.By, in)
}

func (w *packing) sent(member int, plan id.ID) issuing.SentPacket {
	w.Helper()
	p, _, err := w.send(member, plan)
	w.Must(err)
	return p
}

func (w *packing) open(member int, p id.ID, change ...func(*issuing.OpenInput)) issuing.Outcome {
	w.Helper()
	w.n++
	in := issuing.OpenInput{Once: app.Once{Key: fmt.Sprint("open ", w.n), Body: "b"}, Packet: p, Member: w.Key(member), Channel: "app", City: "shanghai"}
	for _, f := range change {
		f(&in)
	}
	out, err := w.Issuing.OpenPacket(w.Ctx(), w.By, in)
	if err != nil {
		out.Err = err
	}
	return out
}

func (w *packing) held(plan id.ID) (packets, minor int64) {
	w.Helper()
	p, err := w.catalog.GetPlan(w.Ctx(), w.By, plan)
	w.Must(err)
	return p.Packets, p.HeldMinor
}

func TestPacketIsShared(t *testing.T) {
	eachPacking(t, func(t *testing.T, w *packing) {
		plan := w.plan(packet.Content{Mode: packet.Lucky, Shares: 4, TotalMinor: 2000, LeastMinor: 100, LifeHours: 24})
		p := w.sent(0, plan.ID)
		if n, minor := w.held(plan.ID); n != 1 || minor != 2000 {
			t.Errorf("%d packets hold %d", n, minor)
		}
		w.want("one's own", w.open(0, p.ID), fault.PacketOwn, "/link")
		var sum int64
		for member := 1; member <= 4; member++ {
			got := w.open(member, p.ID)
			w.want("open", got, "", "")
			c, s := got.Receipt.Coupons[0], got.Receipt.Share
			if sum += s.AmountMinor; s.Number != int64(member) || s.AmountMinor != p.Amounts[member-1] || c.FaceMinor != s.AmountMinor || c.Liability != s.AmountMinor || c.Form != coupon.FormPacket {
				t.Errorf("share %+v, coupon %+v", s, c)
			}
			again := w.open(member, p.ID)
			if again.Err != nil || !again.Replayed || again.Receipt.Share.Number != s.Number || again.Receipt.Coupons[0].ID != c.ID {
				t.Errorf("again: %+v", again)
			}
		}
		if sum != 2000 {
			t.Errorf("shares of %d in all", sum)
		}
		w.want("all gone", w.open(5, p.ID), fault.PacketEmpty, "/link")
		w.want("a packet of nobody", w.open(5, plan.ID), fault.Absent, "/link")
		seen, err := w.Issuing.Packet(w.Ctx(), w.By, p.ID)
		w.Must(err)
		if best := seen.Best(seen.Opened); best == 0 || seen.Opened[best-1].AmountMinor != slices.Max(p.Amounts) {
			t.Errorf("best luck is share %d of %v", best, p.Amounts)
		}
	})
}

// The coupon takes its own amount off, in quotes, locks and returns.
func TestShareIsWhatTheCouponTakesOff(t *testing.T) {
	eachPacking(t, func(t *testing.T, w *packing) {
		plan := w.plan(packet.Content{Mode: packet.Fixed, Shares: 2, ShareMinor: 321, LifeHours: 24})
		p := w.sent(0, plan.ID)
		c := w.open(1, p.ID).Receipt.Coupons[0]
		cart := &pricing.Cart{Channel: "app", City: "shanghai", Lines: []pricing.Line{{SKU: "apple", Quantity: 1, UnitMinor: 1000}}}
		basis := func(ref string) checkout.Basis {
			return checkout.Basis{Once: app.Once{Key: ref, Body: "b"}, Order: order.Key{Source: "shop", Ref: ref}, Coupons: []id.ID{c.ID}, Cart: cart}
		}
		quote, err := w.Checkout.Quote(w.Ctx(), w.By, checkout.QuoteInput{Who: checkout.Who{Key: w.Key(1)}, Cart: *cart})
		w.Must(err)
		if quote.Result.DiscountMinor != 321 {
			t.Errorf("quote takes %d off", quote.Result.DiscountMinor)
		}
		out, err := w.Checkout.Redeem(w.Ctx(), w.By, []checkout.RedeemInput{{Basis: basis("one")}})
		w.Must(err)
		w.Must(out[0].Err)
		back, err := w.Checkout.Refund(w.Ctx(), w.By, []checkout.RefundInput{{Ref: "r", Full: true, Basis: checkout.Basis{Once: app.Once{Key: "r", Body: "b"}, Order: order.Key{Source: "shop", Ref: "one"}}}})
		w.Must(err)
		w.Must(back[0].Err)
		again, _, err := w.Issuing.Get(w.Ctx(), w.By, c.ID)
		w.Must(err)
		if again.FaceMinor != 321 || again.State != coupon.Usable {
			t.Errorf("after its return: %+v", again)
		}
	})
}

// What was not opened comes back to the budget, once, and nobody opens a packet that is over.
func TestPacketEnds(t *testing.T) {
	eachPacking(t, func(t *testing.T, w *packing) {
		plan := w.plan(packet.Content{Mode: packet.Lucky, Shares: 5, TotalMinor: 1000, LifeHours: 2, SharerOpens: true}, func(p *packet.Plan) { p.BudgetMinor = 1500 })
		p := w.sent(0, plan.ID)
		_, _, err := w.send(0, plan.ID)
		if !fault.Has(err, fault.BudgetExhausted) {
			t.Errorf("beyond the budget: %v", err)
		}
		w.want("the sharer's part", w.open(0, p.ID), "", "")
		w.want("another's", w.open(1, p.ID), "", "")
		w.Time.Advance(2*time.Hour - time.Millisecond)
		if n, err := w.Issuing.ClosePackets(w.Ctx(), 10); n != 0 || err != nil {
			t.Errorf("closed %d before the end: %v", n, err)
		}
		w.want("the last moment", w.open(2, p.ID), "", "")
		w.Time.Advance(time.Millisecond)
		w.want("over", w.open(3, p.ID), fault.PacketOver, "/link")
		had := w.open(1, p.ID)
		if had.Err != nil || !had.Replayed {
			t.Errorf("who has a share still sees it: %+v", had)
		}
		for range 2 {
			_, err := w.Issuing.ClosePackets(w.Ctx(), 10)
			w.Must(err)
		}
		opened := p.Amounts[0] + p.Amounts[1] + p.Amounts[2]
		if _, minor := w.held(plan.ID); minor != opened {
			t.Errorf("the budget holds %d, opened were %d", minor, opened)
		}
		w.want("closed", w.open(3, p.ID), fault.PacketOver, "/link")
		if _, _, err := w.send(0, plan.ID); (err == nil) != (opened <= 500) {
			t.Errorf("room again after %d: %v", opened, err)
		}
	})
}

// One packet for an order of one's own, whoever asks again.
func TestPacketOfAnOrder(t *testing.T) {
	eachPacking(t, func(t *testing.T, w *packing) {
		plan := w.plan(packet.Content{Mode: packet.Coupons, Shares: 3, LifeHours: 24, NeedsOrder: true, OrderMinor: 1000, Template: w.Publish(apptest.Limits(testkit.Doc()))},
			func(p *packet.Plan) { p.Limits = []packet.Limit{{Period: limit.Day, Per: packet.PerMember, Cap: 2}} })
		buy := func(ref string, minor int64) {
			out, err := w.Checkout.PlaceOrder(w.Ctx(), w.By, []checkout.OrderInput{{Basis: checkout.Basis{Once: app.Once{Key: ref, Body: "b"}, Order: order.Key{Source: "shop", Ref: ref},
				Cart: &pricing.Cart{Channel: "app", City: "shanghai", Lines: []pricing.Line{{SKU: "apple", Quantity: 1, UnitMinor: minor}}}, Who: checkout.Who{Key: w.Key(0)}}}})
			w.Must(err)
			w.Must(out[0].Err)
		}
		buy("one", 1000)
		buy("small", 999)
		buy("two", 3000)
		buy("three", 3000)
		of := func(ref string) func(*issuing.SendInput) {
			return func(in *issuing.SendInput) { in.Order = order.Key{Source: "shop", Ref: ref} }
		}
		first, again, err := w.send(0, plan.ID, of("one"))
		if err != nil || again {
			t.Fatal(err, again)
		}
		twin, again, err := w.send(0, plan.ID, of("one"))
		if err != nil || !again || twin.ID != first.ID {
			t.Errorf("again: %v %v", err, again)
		}
		for what, in := range map[string]struct {
			member int
			ref    string
		}{"somebody else's": {1, "one"}, "too small": {0, "small"}, "unknown": {0, "none"}, "none": {0, ""}, "of another, new": {1, "two"}} {
			if _, _, err := w.send(in.member, plan.ID, of(in.ref)); !fault.Has(err, fault.PacketOrder) {
				t.Errorf("%s: %v", what, err)
			}
		}
		_, _, err = w.send(0, plan.ID, of("two"))
		w.Must(err)
		if _, _, err = w.send(0, plan.ID, of("three")); !fault.Has(err, fault.MemberLimit) {
			t.Errorf("a third of the day: %v", err)
		}
		got := w.open(1, first.ID)
		if got.Err != nil || got.Receipt.Share.AmountMinor != 0 || got.Receipt.Coupons[0].FaceMinor != 0 || got.Receipt.Coupons[0].Liability != 500 {
			t.Errorf("a coupon as the template has it: %+v", got)
		}
		_, err = w.catalog.OpenPlan(w.Ctx(), w.By, catalog.OpenPlanInput{Plan: plan.ID})
		w.Must(err)
		if _, _, err = (&packing{World: w.Beside(), n: 1000}).send(0, plan.ID, of("three")); !fault.Has(err, fault.PacketClosed) {
			t.Errorf("paused: %v", err)
		}
		w.want("what was sent goes on", w.open(2, first.ID), "", "")
	})
}

// A coupon that is refused leaves its share in the packet.
func TestRefusedShareStays(t *testing.T) {
	eachPacking(t, func(t *testing.T, w *packing) {
		doc := faced(issueLimit(limit.PerMember, 1))
		doc.Claim.Place.Cities = []string{"shanghai"}
		plan := w.plan(packet.Content{Mode: packet.Fixed, Shares: 1, ShareMinor: 5, LifeHours: 1, Template: w.Publish(doc)})
		one, two := w.sent(0, plan.ID), w.sent(0, plan.ID)
		w.want("another city", w.open(1, one.ID, func(in *issuing.OpenInput) { in.City = "beijing" }), fault.CityNotAllowed, "")
		w.want("the share is there", w.open(1, one.ID), "", "")
		w.want("the template's limit", w.open(1, two.ID), fault.MemberLimit, "")
		w.want("is there for others", w.open(2, two.ID), "", "")
		if _, _, err := w.catalog.CreatePlan(w.Ctx(), w.By, catalog.CreatePlanInput{Plan: packet.Plan{Market: "main", InternalName: "x", CustomerName: coupon.Names{"en": "X"},
			Content: packet.Content{Mode: packet.Fixed, Shares: 2, ShareMinor: 5001, LifeHours: 1, Template: plan.Content.Template}}}); !fault.Has(err, fault.OutOfRange) {
			t.Errorf("more than the terms take off: %v", err)
		}
	})
}

// Everybody at once: exactly the shares, exactly the sum, one each; on two processes
// where the store has two.
func TestPacketUnderContention(t *testing.T) {
	const people, shares = 300, 50
	apptest.Each(t, func(t *testing.T, world *apptest.World) {
		w, ids := &packing{World: world, catalog: &catalog.Catalog{App: world.App}}, world.Members(people)
		plan := w.plan(packet.Content{Mode: packet.Lucky, Shares: shares, TotalMinor: 12_345, MostMinor: 5000, LifeHours: 1, SharerOpens: true})
		p, _, err := w.Issuing.SendPacket(w.Ctx(), w.By, issuing.SendInput{Plan: plan.ID, MemberID: ids[0]})
		w.Must(err)
		processes := []*issuing.Issuing{w.Issuing}
		if w.DSN() != "" {
			processes = append(processes, w.Twin().Issuing)
		}
		var all sync.WaitGroup
		var mu sync.Mutex
		numbers, sum := map[int64]bool{}, int64(0)
		for i := range people {
			for try := range 2 {
				all.Go(func() {
					out, err := processes[(i+try)%len(processes)].OpenPacket(w.Ctx(), w.By, issuing.OpenInput{Once: app.Once{Key: fmt.Sprint(i, " ", try), Body: "b"}, Packet: p.ID, MemberID: ids[i], Channel: "app", City: "shanghai"})
					if err == nil {
						err = out.Err
					}
					mu.Lock()
					defer mu.Unlock()
					switch {
					case fault.Has(err, fault.PacketEmpty):
					case err != nil:
						t.Error(err)
					case !out.Replayed:
						numbers[out.Receipt.Share.Number] = true
						sum += out.Receipt.Share.AmountMinor
					}
				})
			}
		}
		all.Wait()
		if len(numbers) != shares || sum != 12_345 {
			t.Errorf("%d shares of %d in all", len(numbers), sum)
		}
		w.Clean()
	})
}
