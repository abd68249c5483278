package issuing_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"quan/internal/app"
	"quan/internal/app/apptest"
	"quan/internal/app/checkout"
	"quan/internal/app/issuing"
	"quan/internal/domain/access"
	"quan/internal/domain/budget"
	"quan/internal/domain/coupon"
	"quan/internal/domain/desk"
	"quan/internal/domain/limit"
	"quan/internal/domain/order"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

// agentOf is an agent of a service desk.
func agentOf(n int) access.Principal {
	return access.Principal{Kind: access.KindPerson, ID: id.Format(id.Person, id.ID(n)), Permissions: access.Permissions([]access.Role{access.Service})}
}

// manned sets the desk of the market.
func manned(w *apptest.World, change func(*desk.Desk)) {
	w.Helper()
	w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error {
		d, err := app.DeskOf(tx, w.Market.Code)
		if err != nil {
			return err
		}
		change(&d)
		d.CreatedAt, d.UpdatedAt = testkit.Start, testkit.Start
		if d.Rev++; d.Rev == 1 {
			return tx.Desks().Insert([]desk.Desk{d})
		}
		return tx.Desks().Update([]desk.Desk{d})
	}))
}

func withdrawn(w *apptest.World, c id.ID) {
	w.Helper()
	_, _, err := w.Issuing.Withdraw(w.Ctx(), w.By, issuing.WithdrawInput{Coupon: c, Reason: "by mistake"})
	w.Must(err)
}

// A coupon that was withdrawn comes again once, beside limits that the first one took,
// and with the reservation that its end gave back.
func TestReissue(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(2)
		b := budget.Budget{ID: w.IDs.New(0), Market: "main", Name: "b", Limits: []limit.Limit{{What: limit.Liability, Period: limit.Ever, Per: limit.PerCampaign, Cap: 500}},
			Rev: 1, CreatedAt: testkit.Start, UpdatedAt: testkit.Start}
		w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error { return tx.Budgets().Insert([]budget.Budget{b}) }))
		doc := apptest.Limits(testkit.Doc(), issueLimit(limit.PerMember, 1), issueLimit(limit.PerTemplate, 1))
		doc.Claim.Budgets = []string{id.Format(id.Budget, b.ID)}
		tpl := w.Publish(doc)
		first := w.Claim(issuing.ClaimInput{Template: tpl, Member: w.Key(0)})
		w.Must(first.Err)
		old := first.Receipt.Coupons[0]
		in := issuing.DeskInput{Once: app.Once{Key: "k", Body: "b"}, Coupon: old.ID, Reason: "withdrawn by mistake"}
		if _, err := w.Issuing.Reissue(w.Ctx(), agentOf(1), in); !fault.Has(err, fault.WrongState) {
			t.Errorf("one that is alive: %v", err)
		}
		withdrawn(w, old.ID)
		got, err := w.Issuing.Reissue(w.Ctx(), agentOf(1), in)
		w.Must(err)
		c := got.Coupon
		if c.ID == old.ID || c.Member != old.Member || c.Version != old.Version || c.Form != coupon.FormReissue || c.State != coupon.Usable || c.Liability != old.Liability {
			t.Errorf("the new one: %+v", c)
		}
		if got.Act.Coupon != old.ID || got.Act.Issued != c.ID {
			t.Errorf("the act: %+v", got.Act)
		}
		twin, err := w.Issuing.Reissue(w.Ctx(), agentOf(1), in)
		if err != nil || !twin.Replayed || twin.Coupon.ID != c.ID {
			t.Errorf("again: %+v, %v", twin, err)
		}
		in.Once = app.Once{}
		if _, err := w.Issuing.Reissue(w.Ctx(), agentOf(2), in); !fault.Has(err, fault.CouponReplaced) {
			t.Errorf("twice: %v", err)
		}
		w.Clean()
		// It is used as any other, and what it reserved is settled.
		out, err := w.Checkout.Redeem(w.Ctx(), w.By, []checkout.RedeemInput{{Basis: checkout.Basis{Order: order.Key{Source: "shop", Ref: "1"}, Coupons: []id.ID{c.ID},
			Cart: &pricing.Cart{Lines: []pricing.Line{{SKU: "a", Quantity: 1, UnitMinor: 5000}}}}}})
		w.Must(err)
		w.Must(out[0].Err)
		w.Clean()
		in.Coupon = c.ID
		if _, err := w.Issuing.Reissue(w.Ctx(), agentOf(1), in); !fault.Has(err, fault.WrongState) {
			t.Errorf("one that was used: %v", err)
		}
		for want, change := range map[fault.Code]func(*issuing.DeskInput){
			fault.MissingValue:  func(in *issuing.DeskInput) { in.Reason = "" },
			fault.CouponUnknown: func(in *issuing.DeskInput) { in.Coupon = 5 },
		} {
			bad := in
			change(&bad)
			if _, err := w.Issuing.Reissue(w.Ctx(), agentOf(1), bad); !fault.Has(err, want) {
				t.Errorf("%v, want %s", err, want)
			}
		}
		clerk := access.Principal{Kind: access.KindClerk, ID: "key_x", Permissions: access.Allowed(access.KindClerk)}
		if _, err := w.Issuing.Reissue(w.Ctx(), clerk, in); !fault.Has(err, fault.PermissionDeny) {
			t.Errorf("a clerk: %v", err)
		}
	})
}

// Money that is gone does not come again: the reservation needs room.
func TestReissueNeedsItsLiability(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(2)
		doc := apptest.Limits(testkit.Doc(), limit.Limit{What: limit.Liability, Period: limit.Ever, Per: limit.PerTemplate, Cap: 500})
		tpl := w.Publish(doc)
		first := w.Claim(issuing.ClaimInput{Template: tpl, Member: w.Key(0)})
		w.Must(first.Err)
		old := first.Receipt.Coupons[0]
		withdrawn(w, old.ID)
		w.Must(w.Claim(issuing.ClaimInput{Template: tpl, Member: w.Key(1)}).Err) // takes what was given back
		if _, err := w.Issuing.Reissue(w.Ctx(), agentOf(1), issuing.DeskInput{Coupon: old.ID, Reason: "r"}); !fault.Has(err, fault.BudgetExhausted) {
			t.Errorf("without room: %v", err)
		}
		w.Clean()
	})
}

// One that expired needs an end of its own where its dates are over, as far as the
// desk may.
func TestReissueOfAnExpiredOne(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(1)
		doc := apptest.Limits(testkit.Doc())
		from, to := testkit.Start, testkit.Start.Add(48*time.Hour)
		doc.Terms.Validity.Kind, doc.Terms.Validity.Days, doc.Terms.Validity.From, doc.Terms.Validity.To = "fixed", 0, from, to
		tpl := w.Publish(doc)
		got := w.Claim(issuing.ClaimInput{Template: tpl, Member: w.Key(0)})
		w.Must(got.Err)
		w.Time.Advance(72 * time.Hour)
		_, err := w.Checkout.ExpireCoupons(w.Ctx(), 10)
		w.Must(err)
		in := issuing.DeskInput{Coupon: got.Receipt.Coupons[0].ID, Reason: "the shop was closed"}
		if _, err := w.Issuing.Reissue(w.Ctx(), agentOf(1), in); !fault.Has(err, fault.ClaimEnded) {
			t.Errorf("without an end: %v", err)
		}
		for _, end := range []calendar.Instant{w.Clock(), w.Clock().Add(30*24*time.Hour + time.Millisecond)} {
			in.To = end
			if _, err := w.Issuing.Reissue(w.Ctx(), agentOf(1), in); !fault.Has(err, fault.OutOfRange) {
				t.Errorf("until %s: %v", end, err)
			}
		}
		in.To = w.Clock().Add(30 * 24 * time.Hour)
		again, err := w.Issuing.Reissue(w.Ctx(), agentOf(1), in)
		if err != nil || again.Coupon.ValidTo != in.To || again.Coupon.ValidFrom > w.Clock() {
			t.Errorf("until the last moment: %+v, %v", again.Coupon, err)
		}
		w.Clean()
	})
}

// All extensions of a coupon together go as far as the desk may, and no further.
func TestExtend(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(1)
		manned(w, func(d *desk.Desk) { d.ExtendDays = 10 })
		tpl := w.Publish(apptest.Limits(testkit.Doc()))
		got := w.Claim(issuing.ClaimInput{Template: tpl, Member: w.Key(0)})
		w.Must(got.Err)
		c := got.Receipt.Coupons[0]
		day := 24 * time.Hour
		extend := func(to calendar.Instant) error {
			out, err := w.Issuing.Extend(w.Ctx(), agentOf(1), issuing.DeskInput{Coupon: c.ID, To: to, Reason: "r"})
			if err == nil && (out.Coupon.ValidTo != to || out.Act.To != to) {
				t.Errorf("%+v", out)
			}
			return err
		}
		if err := extend(c.ValidTo); !fault.Has(err, fault.OutOfRange) {
			t.Errorf("to where it ends: %v", err)
		}
		w.Must(extend(c.ValidTo.Add(6 * day)))
		if err := extend(c.ValidTo.Add(10*day + time.Millisecond)); !fault.Has(err, fault.OutOfRange) {
			t.Errorf("beyond what the desk may: %v", err)
		}
		w.Must(extend(c.ValidTo.Add(10 * day)))
		if err := extend(0); !fault.Has(err, fault.MissingValue) {
			t.Errorf("to nowhere: %v", err)
		}
		w.Clean()
		w.Time.Set(c.ValidTo.Add(10 * day))
		if err := extend(c.ValidTo.Add(11 * day)); err == nil {
			t.Error("one that is over was extended")
		}
		history, err := w.Issuing.History(w.Ctx(), w.By, c.ID)
		w.Must(err)
		if len(history) != 3 || !strings.Contains(history[2].Facts, `"desk":true`) {
			t.Errorf("history: %+v", history)
		}
		w.Clean()
	})
}

// The quota holds for each agent, and for all together, however many ask at once; a
// refusal takes nothing, and the next day begins anew.
func TestQuota(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		members := w.Members(12)
		tpl := w.Publish(apptest.Limits(testkit.Doc(), issueLimit(limit.PerMember, 1)))
		foreign := w.Publish(apptest.Limits(testkit.Doc()))
		manned(w, func(d *desk.Desk) { d.Templates, d.Compensate = []id.ID{tpl}, desk.Quota{Agent: 3, All: 5} })
		give := func(agent, who int, template id.ID) error {
			out, err := w.Issuing.Compensate(w.Ctx(), agentOf(agent), issuing.CompensateInput{Member: members[who], Template: template, Reason: "waited",
				Once: app.Once{Key: fmt.Sprint(agent, who), Body: "b"}})
			if err == nil {
				err = out.Err
			}
			return err
		}
		if err := give(1, 0, foreign); !fault.Has(err, fault.NotCompensating) {
			t.Errorf("a template that is not marked: %v", err)
		}
		var wait sync.WaitGroup
		var mu sync.Mutex
		given := map[int]int{}
		for agent := 1; agent <= 2; agent++ {
			for who := range 6 {
				wait.Add(1)
				go func() {
					defer wait.Done()
					err := give(agent, (agent-1)*6+who, tpl)
					mu.Lock()
					defer mu.Unlock()
					if err == nil {
						given[agent]++
					} else if !fault.Has(err, fault.QuotaReached) {
						t.Errorf("agent %d: %v", agent, err)
					}
				}()
			}
		}
		wait.Wait()
		if given[1] > 3 || given[2] > 3 || given[1]+given[2] != 5 {
			t.Errorf("given: %v, want 5 in all and at most 3 each", given)
		}
		w.Clean()
		w.Time.Advance(24 * time.Hour)
		who := -1
		for i := range members {
			rows, err := w.Issuing.Wallet(w.Ctx(), w.By, members[i], 0, 10)
			w.Must(err)
			if len(rows) == 0 {
				who = i
			}
		}
		w.Must(give(7, who, tpl))
		if err := give(8, who, tpl); !fault.Has(err, fault.MemberLimit) {
			t.Errorf("the template's own limit: %v", err)
		}
		manned(w, func(d *desk.Desk) { d.Compensate.All = 1 })
		if err := give(9, 0, tpl); !fault.Has(err, fault.QuotaReached) {
			t.Errorf("a refusal took of the quota, or a lower one does not act: %v", err)
		}
		w.Clean()
	})
}

func TestWhy(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		members := w.Members(2)
		doc := apptest.Limits(testkit.Doc(), issueLimit(limit.PerMember, 1), issueLimit(limit.PerTemplate, 1))
		doc.Claim.Place.Channels = []string{"app"}
		tpl := w.Publish(doc)
		why := func(who id.ID, channel string) (codes []fault.Code) {
			t.Helper()
			list, err := w.Issuing.Why(w.Ctx(), agentOf(1), issuing.WhyInput{Member: who, Template: tpl, Channel: channel})
			w.Must(err)
			for _, f := range list {
				codes = append(codes, f.Code)
			}
			return codes
		}
		if got := why(members[0], "app"); got != nil {
			t.Errorf("nothing stands in the way, and yet %v", got)
		}
		w.Must(w.Claim(issuing.ClaimInput{Template: tpl, MemberID: members[0], Channel: "app"}).Err)
		if got := fmt.Sprint(why(members[0], "web")); got != fmt.Sprint([]fault.Code{fault.ChannelNotAllowed, fault.MemberLimit, fault.SoldOut}) {
			t.Errorf("all reasons: %s", got)
		}
		if _, err := w.Issuing.Why(w.Ctx(), agentOf(1), issuing.WhyInput{Member: 5, Template: tpl}); !fault.Has(err, fault.MemberUnknown) {
			t.Errorf("of nobody: %v", err)
		}
		if _, err := w.Issuing.Why(w.Ctx(), agentOf(1), issuing.WhyInput{Member: members[0], Template: 5}); !fault.Has(err, fault.Absent) {
			t.Errorf("of no template: %v", err)
		}
		w.Clean()
	})
}
