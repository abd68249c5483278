package checkout_test

import (
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
	"quan/internal/domain/change"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/member"
	"quan/internal/domain/order"
	"quan/internal/domain/stop"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

// drawing is a world with a budget and templates that draw on it.
type drawing struct {
	*apptest.World
	catalog *catalog.Catalog
	budget  catalog.SpentBudget
	orders  int
}

func draw(w *apptest.World, limits ...limit.Limit) *drawing {
	w.Helper()
	d := &drawing{World: w, catalog: &catalog.Catalog{App: w.App}}
	made, _, err := d.catalog.CreateBudget(w.Ctx(), w.By, catalog.CreateBudgetInput{Budget: budget.Budget{Market: "main", Name: "spring", Limits: limits}})
	w.Must(err)
	d.budget = made
	return d
}

// template draws on the budget; its coupons take 5.00 off.
func (d *drawing) template(code string) id.ID {
	d.Helper()
	doc := apptest.Limits(testkit.Doc())
	doc.Claim.Budgets = []string{id.Format(id.Budget, d.budget.ID)}
	t, err := d.catalog.EnsureTemplate(d.Ctx(), d.By, catalog.CreateTemplateInput{Code: code, Market: "main", InternalName: code,
		CustomerName: coupon.Names{"en": code}, Issuer: coupon.Issuer{Kind: coupon.IssuerPlatform}, Doc: doc})
	d.Must(err)
	return t.ID
}

func (d *drawing) claims(member int, template id.ID, actor limit.Actor) (id.ID, fault.Code) {
	d.Helper()
	got := d.Claim(issuing.ClaimInput{Template: template, Member: d.Key(member), Channel: "app", City: "shanghai", Actor: actor})
	if f := fault.From(got.Err); f != nil {
		return 0, f.Code
	}
	d.Must(got.Err)
	return got.Receipt.Coupons[0].ID, ""
}

func (d *drawing) basis(actor limit.Actor, coupons ...id.ID) checkout.Basis {
	d.orders++
	return checkout.Basis{Order: order.Key{Source: "shop", Ref: fmt.Sprint("d", d.orders)}, Cart: cart(), Coupons: coupons, Actor: actor}
}

func (d *drawing) redeems(actor limit.Actor, coupons ...id.ID) (ref order.Key, discount int64, why fault.Code) {
	d.Helper()
	in := checkout.RedeemInput{Basis: d.basis(actor, coupons...)}
	out, err := d.Checkout.Redeem(d.Ctx(), d.By, []checkout.RedeemInput{in})
	d.Must(err)
	if f := fault.From(out[0].Err); f != nil {
		return in.Order, 0, f.Code
	}
	d.Must(out[0].Err)
	return in.Order, out[0].Order.DiscountMinor, ""
}

// taken is what the i-th limit of the budget has taken.
func (d *drawing) taken(i int) int64 {
	d.Helper()
	b, err := d.catalog.GetBudget(d.Ctx(), d.By, d.budget.ID)
	d.Must(err)
	return b.Spent[i].Taken
}

func (d *drawing) want(what string, got, want any) {
	d.Helper()
	if got != want {
		d.Errorf("%s: %v, want %v", what, got, want)
	}
}

// A coupon's way through a budget: reserved at its issue, settled by its use, given
// back by a refund, reserved again, and given back by its end.
func TestLiabilityThroughTheLifeOfACoupon(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		d := draw(w, limit.Limit{What: limit.Liability, Period: limit.Month, Per: limit.PerCampaign, Cap: 1200, Alarms: []int64{50, 80}})
		w.Members(4)
		one, two := d.template("one"), d.template("two")
		first, _ := d.claims(0, one, limit.Actor{})
		second, _ := d.claims(1, two, limit.Actor{})
		d.want("two reserved", d.taken(0), int64(1000))
		_, why := d.claims(2, one, limit.Actor{})
		d.want("a third", why, fault.BudgetExhausted)
		ref, off, why := d.redeems(limit.Actor{}, first)
		d.want("use", why, fault.Code(""))
		d.want("used and reserved", d.taken(0), off+500)
		_, err := w.Checkout.Refund(w.Ctx(), w.By, []checkout.RefundInput{{Ref: "r", Full: true, Basis: checkout.Basis{Order: ref}}})
		w.Must(err)
		d.want("given back and reserved again", d.taken(0), int64(1000))
		_, _, err = w.Issuing.Withdraw(w.Ctx(), w.By, issuing.WithdrawInput{Coupon: second, Reason: "test"})
		w.Must(err)
		d.want("withdrawn", d.taken(0), int64(500))
		w.Time.Advance(400 * 24 * time.Hour)
		_, err = w.Checkout.ExpireCoupons(w.Ctx(), 100)
		w.Must(err)
		var told []string
		w.Must(w.Store.View(w.Ctx(), func(tx store.Tx) error {
			key := limit.Key{Template: d.budget.ID, Per: limit.PerCampaign, What: limit.Liability, Period: limit.Month, Start: testkit.Today/100*100 + 1}
			rows, err := tx.Counters().Get([]limit.Key{key})
			d.want("expired", fmt.Sprint(len(rows), rows[0].Taken), "1 0")
			changes, _ := tx.Changes().Undelivered(100)
			for _, c := range changes {
				if c.Type == change.LimitAlarm {
					told = append(told, c.Facts)
				}
			}
			return err
		}))
		if len(told) != 2 || !strings.Contains(told[0]+told[1], `"percent":50`) || !strings.Contains(told[0]+told[1], `"percent":80`) {
			t.Errorf("alarms %v", told)
		}
		w.Clean()
	})
}

// Devices, payers and persons are counted over accounts and templates, by keyed
// hashes; whoever claims says by which.
func TestSubjectsOverAccounts(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		per := func(p limit.Per) limit.Limit {
			return limit.Limit{What: limit.IssueCount, Period: limit.Ever, Per: p, Cap: 2}
		}
		d := draw(w, per(limit.PerDevice), per(limit.PerPerson),
			limit.Limit{What: limit.RedeemCount, Period: limit.Ever, Per: limit.PerPayer, Cap: 1},
			limit.Limit{What: limit.IssueCount, Period: limit.Rolling, Hours: 2, Per: limit.PerCampaign, Cap: 3})
		members := w.Members(6)
		one, two := d.template("one"), d.template("two")
		by := func(device, person string) limit.Actor {
			return app.Actor(w.Vault, app.Acting{Device: secret(device), Person: secret(person), Payer: "card"})
		}
		_, why := d.claims(0, one, limit.Actor{})
		d.want("no device", why, fault.MissingValue)
		first, _ := d.claims(0, one, by("phone 1", "p0"))
		second, why := d.claims(1, two, by("phone 1", "p1"))
		d.want("second account of a device", why, fault.Code(""))
		_, why = d.claims(2, one, by(" phone 1", "p2"))
		d.want("third account of a device", why, fault.DeviceLimit)
		w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error { // tied, whatever a request says
			rows, err := tx.Members().Get(members[3:5])
			for i := range rows {
				rows[i].Person = by("", "p0").Person
				rows[i].Rev++
			}
			if err != nil {
				return err
			}
			return tx.Members().Update(rows)
		}))
		_, why = d.claims(3, one, by("phone 3", "another"))
		d.want("second account of a person", why, fault.Code(""))
		w.Time.Advance(3 * time.Hour)
		_, why = d.claims(4, one, by("phone 4", "another"))
		d.want("third account of a person", why, fault.PersonLimit)
		_, _, why = d.redeems(by("phone 1", ""), first)
		d.want("a card once", why, fault.Code(""))
		_, _, why = d.redeems(by("phone 1", ""), second)
		d.want("a card twice", why, fault.RedeemLimit)
		w.Clean()
	})
}

// The last two hours hold three claims, whoever makes them; a budget that is changed
// is seen at once.
func TestLastHoursAndLaterCaps(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		d := draw(w, limit.Limit{What: limit.IssueCount, Period: limit.Rolling, Hours: 2, Per: limit.PerCampaign, Cap: 3},
			limit.Limit{What: limit.IssueCount, Period: limit.Ever, Per: limit.PerCampaign, Cap: 5})
		w.Members(9)
		one := d.template("one")
		next := 0
		claim := func(want fault.Code) {
			t.Helper()
			_, why := d.claims(next, one, limit.Actor{})
			d.want(fmt.Sprint("claim ", next), why, want)
			next++
		}
		claim("")
		w.Time.Advance(time.Hour)
		claim("")
		claim("")
		claim(fault.PeriodLimit)
		w.Time.Advance(time.Hour)
		claim(fault.PeriodLimit) // the first may be two hours old, not more
		w.Time.Advance(time.Hour)
		claim("")
		b, err := d.catalog.GetBudget(w.Ctx(), w.By, d.budget.ID)
		w.Must(err)
		lower := b.Budget
		lower.Limits[1].Cap = 4
		_, err = d.catalog.UpdateBudget(w.Ctx(), w.By, catalog.UpdateBudgetInput{Budget: lower, IfRev: b.Rev})
		w.Must(err)
		w.Time.Advance(9 * time.Hour)
		claim(fault.SoldOut)
		w.Clean()
	})
}

// Two templates spend one budget: the last discount is cut to what is left, or
// refused, as the limit says; a funder's part is measured by itself.
func TestSharedAmountAtItsEnd(t *testing.T) {
	for over, last := range map[limit.Over]struct {
		off int64
		why fault.Code
	}{limit.OverTruncate: {200, ""}, limit.OverRefuse: {0, fault.BudgetSpent}} {
		t.Run(string(over), func(t *testing.T) {
			apptest.Each(t, func(t *testing.T, w *apptest.World) {
				d := draw(w, limit.Limit{What: limit.RedeemAmount, Period: limit.Campaign, Per: limit.PerFunder, Only: "platform:platform", Cap: 700, Over: over})
				w.Members(2)
				first, _ := d.claims(0, d.template("one"), limit.Actor{})
				second, _ := d.claims(1, d.template("two"), limit.Actor{})
				_, off, _ := d.redeems(limit.Actor{}, first)
				d.want("first", off, int64(500))
				best, err := w.Checkout.Lock(w.Ctx(), w.By, []checkout.LockInput{{Best: true, Basis: checkout.Basis{
					Order: order.Key{Source: "shop", Ref: "best"}, Who: checkout.Who{Key: w.Key(1)}, Cart: cart()}}})
				w.Must(err)
				w.Must(best[0].Err)
				d.want("best", best[0].Lock.DiscountMinor, last.off)
				_, err = w.Checkout.Release(w.Ctx(), w.By, []checkout.ReleaseInput{{Basis: checkout.Basis{Order: order.Key{Source: "shop", Ref: "best"}}}})
				w.Must(err)
				_, off, why := d.redeems(limit.Actor{}, second)
				if over == limit.OverRefuse {
					last.why = fault.RedeemBudget // the decision says so where the caller chose
				}
				d.want("second", fmt.Sprint(off, why), fmt.Sprint(last.off, last.why))
				w.Clean()
			})
		})
	}
}

func secret(text string) member.Secret { return member.Secret(text) }

// One act of one process ends claims of all others at once, and uses within a second;
// lifted, the switches count as they stood.
func TestKillSwitch(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		d := draw(w, limit.Limit{What: limit.IssueCount, Period: limit.Ever, Per: limit.PerCampaign, Cap: 100})
		w.Members(9)
		one := d.template("one")
		other := w.Beside()
		first, _ := d.claims(0, one, limit.Actor{})
		next := 0
		claim := func(want fault.Code) {
			t.Helper()
			next++
			got := other.Claim(issuing.ClaimInput{Template: one, Member: w.Key(next), Channel: "app", City: "shanghai"})
			var why fault.Code
			if f := fault.From(got.Err); f != nil {
				why = f.Code
			}
			d.want(fmt.Sprint("claim ", next), why, want)
		}
		claim("")
		for _, subject := range []catalog.SetStopInput{{Scope: stop.ScopeAll}, {Scope: stop.ScopeBudget, Key: id.Format(id.Budget, d.budget.ID)},
			{Scope: stop.ScopeTemplate, Key: id.Format(id.Template, one)}} {
			set := func(claims, uses bool) stop.Stop {
				in := subject
				in.Claims, in.Uses, in.Reason = claims, uses, "test"
				s, err := d.catalog.SetStop(w.Ctx(), w.By, in)
				w.Must(err)
				return s
			}
			was := set(true, true)
			d.want("the same again", set(true, true), was)
			claim(fault.ClaimingStopped)
			_, _, why := d.redeems(limit.Actor{}, first)
			d.want("use", why, fault.UsePaused)
			all, err := d.catalog.Stops(w.Ctx(), w.By)
			w.Must(err)
			d.want("stops", len(all), 1)
			set(false, false)
			claim("")
		}
		_, _, why := d.redeems(limit.Actor{}, first)
		d.want("use of what is lifted", why, fault.Code(""))
		_, err := d.catalog.SetStop(w.Ctx(), w.By, catalog.SetStopInput{Scope: stop.ScopeMerchant, Key: "nobody", Claims: true})
		d.want("a merchant who is not there", fault.Has(err, fault.UnknownReference), true)
		w.Clean()
	})
}

// Another process gave a template a budget after this one had read it: what its
// coupons hold comes back all the same, when they end here.
func TestEndOfACouponOfABudgetFromElsewhere(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		d := draw(w, limit.Limit{What: limit.Liability, Period: limit.Ever, Per: limit.PerCampaign, Cap: 1200})
		w.Members(2)
		here := w.Beside()
		doc := ending()
		one, _, err := d.catalog.CreateTemplate(w.Ctx(), w.By, catalog.CreateTemplateInput{Market: "main", InternalName: "one",
			CustomerName: coupon.Names{"en": "one"}, Issuer: coupon.Issuer{Kind: coupon.IssuerPlatform}, Doc: doc})
		w.Must(err)
		publish := func() {
			t.Helper()
			made, err := d.catalog.Publish(w.Ctx(), w.By, one.ID, one.Rev)
			w.Must(err)
			one = made.Template
		}
		ends := func() {
			t.Helper()
			w.Time.Advance(24 * time.Hour)
			n, err := here.Checkout.ExpireCoupons(w.Ctx(), 100)
			d.want("ended", fmt.Sprint(n, err), "1 <nil>")
		}
		publish()
		d.claims(0, one.ID, limit.Actor{})
		ends()
		doc.Claim.Budgets = []string{id.Format(id.Budget, d.budget.ID)}
		one, err = d.catalog.UpdateDraft(w.Ctx(), w.By, catalog.UpdateDraftInput{Template: one.ID, IfRev: one.Rev, InternalName: "one",
			CustomerName: coupon.Names{"en": "one"}, Issuer: coupon.Issuer{Kind: coupon.IssuerPlatform}, Doc: doc})
		w.Must(err)
		publish()
		d.claims(1, one.ID, limit.Actor{})
		d.want("reserved", d.taken(0), int64(500))
		ends()
		d.want("given back", d.taken(0), int64(0))
		w.Clean()
	})
}

// TestTwoWindowsOfOneCounter: two versions of a template look back on hours of their
// own; what one of them has no room for says nothing about the other's coupon.
func TestTwoWindowsOfOneCounter(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		d := &drawing{World: w, catalog: &catalog.Catalog{App: w.App}}
		doc := func(hours int64) coupon.Doc {
			return apptest.Limits(testkit.Doc(), limit.Limit{What: limit.RedeemAmount, Period: limit.Rolling, Hours: hours, Per: limit.PerMember, Cap: 600})
		}
		in := catalog.CreateTemplateInput{Code: "windows", Market: "main", InternalName: "windows", CustomerName: coupon.Names{"en": "windows"},
			Issuer: coupon.Issuer{Kind: coupon.IssuerPlatform}, Doc: doc(1)}
		tpl, err := d.catalog.EnsureTemplate(w.Ctx(), w.By, in)
		w.Must(err)
		w.Members(1)
		used, _ := d.claims(0, tpl.ID, limit.Actor{})
		first, _ := d.claims(0, tpl.ID, limit.Actor{})
		row, err := d.catalog.UpdateDraft(w.Ctx(), w.By, catalog.UpdateDraftInput{Template: tpl.ID, IfRev: tpl.Rev, InternalName: "windows",
			CustomerName: in.CustomerName, Issuer: in.Issuer, Doc: doc(24)})
		w.Must(err)
		_, err = d.catalog.Publish(w.Ctx(), w.By, tpl.ID, row.Rev)
		w.Must(err)
		second, _ := d.claims(0, tpl.ID, limit.Actor{})
		_, discount, why := d.redeems(limit.Actor{}, used)
		d.want("the first use", fmt.Sprint(discount, why), "500")
		w.Time.Advance(3 * time.Hour)
		out, err := d.Checkout.Lock(w.Ctx(), w.By, []checkout.LockInput{{Best: true, Basis: checkout.Basis{Order: order.Key{Source: "shop", Ref: "best"}, Cart: cart(), Who: checkout.Who{Key: w.Key(0)}}}})
		w.Must(err)
		w.Must(out[0].Err)
		d.want("the best of both", fmt.Sprint(out[0].Lock.DiscountMinor, out[0].Lock.Coupons), fmt.Sprint(500, []id.ID{first}))
		_, discount, why = d.redeems(limit.Actor{}, second)
		d.want("the other one", fmt.Sprint(discount, why), fmt.Sprint(0, fault.RedeemBudget))
		w.Clean()
	})
}
