package redemption_test

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"quan/internal/domain/budget"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/order"
	"quan/internal/domain/pricing"
	"quan/internal/domain/redemption"
	"quan/internal/domain/rule"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// fataler is what a test and a rapid test have in common.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// world is a small store: it keeps what decisions return, and nothing else.
type world struct {
	t           fataler
	market      market.Market
	now         calendar.Instant
	next        id.ID
	paused      bool
	cart        pricing.Cart
	coupons     map[id.ID]*coupon.Coupon
	terms       map[id.ID]*coupon.Terms
	limits      map[id.ID][]limit.Limit
	counters    map[limit.Key]*limit.Counter
	locks       map[string]*redemption.Lock
	orders      map[string]*order.Order
	refunds     map[string][]order.Refund
	redemptions []redemption.Redemption
	balances    map[id.ID]int64
	budget      *budget.Budget          // on which every coupon draws; nil: none
	entries     map[id.ID][]limit.Entry // by coupon
	kept        map[id.ID][]limit.Entry // by redemption
}

const member = id.ID(7)

func start() calendar.Instant {
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		panic(err)
	}
	return calendar.Of(time.Date(2026, 3, 10, 23, 0, 0, 0, zone))
}

func newWorld(t fataler) *world {
	return &world{
		t: t, market: market.Market{Code: "main", Zone: "Asia/Shanghai", WeekStart: time.Monday, Policies: market.Defaults()},
		now: start(), next: 1000, coupons: map[id.ID]*coupon.Coupon{}, terms: map[id.ID]*coupon.Terms{},
		limits: map[id.ID][]limit.Limit{}, counters: map[limit.Key]*limit.Counter{},
		locks: map[string]*redemption.Lock{}, orders: map[string]*order.Order{}, refunds: map[string][]order.Refund{}, balances: map[id.ID]int64{},
		entries: map[id.ID][]limit.Entry{}, kept: map[id.ID][]limit.Entry{},
	}
}

// draw makes all coupons draw on a budget that every kind of limit lies on.
func (w *world) draw(caps int64) {
	w.budget = &budget.Budget{ID: 90, Limits: []limit.Limit{
		{What: limit.RedeemAmount, Period: limit.Campaign, Per: limit.PerCampaign, Cap: caps},
		{What: limit.RedeemCount, Period: limit.Day, Per: limit.PerDevice, Cap: caps},
		{What: limit.RedeemCount, Period: limit.Rolling, Hours: 3, Per: limit.PerPayer, Cap: caps},
		{What: limit.RedeemAmount, Period: limit.Week, Per: limit.PerFunder, Cap: caps},
		{What: limit.RedeemAmount, Period: limit.Ever, Per: limit.PerMember, Cap: caps / 2, Stop: limit.StopClaims},
	}}
	held := limit.Key{Template: 90, Per: limit.PerCampaign, What: limit.Liability, Period: limit.Day, Start: 20260301}
	w.counters[held] = &limit.Counter{Key: held, Ceiling: limit.Unlimited}
	for i, c := range w.coupons {
		w.counters[held].Taken += budget.Reserved(c)
		w.entries[i] = []limit.Entry{{Fact: i, Key: held, Amount: budget.Reserved(c)}}
	}
}

// rewrite puts entries where those of the same fact and counter are.
func (w *world) rewrite(entries []limit.Entry) {
	for _, e := range entries {
		for _, list := range [][]limit.Entry{w.entries[e.Fact], w.kept[e.Fact]} {
			for i := range list {
				if list[i].Key == e.Key {
					list[i] = e
				}
			}
		}
	}
}

func (w *world) scene(at calendar.Instant) redemption.Scene {
	return redemption.Scene{Market: &w.market, At: at, Store: w.cart.Store, Actor: limit.Actor{Device: 70, Payer: 71}}
}

func (w *world) id() id.ID { w.next++; return w.next }

func (w *world) held(ids []id.ID) []redemption.Held {
	var out []redemption.Held
	for _, i := range ids {
		h := redemption.Held{Coupon: w.coupons[i], Terms: w.terms[i], Limits: w.limits[i], Use: !w.paused, Entries: w.entries[i]}
		if w.budget != nil {
			h.Budgets = []*budget.Budget{w.budget}
		}
		out = append(out, h)
	}
	return out
}

// rows returns the counters of the given keys, making those that lack.
func (w *world) rows(lists ...[]limit.Key) map[limit.Key]*limit.Counter {
	rows := map[limit.Key]*limit.Counter{}
	for _, list := range lists {
		for _, k := range list {
			if w.counters[k] == nil {
				w.counters[k] = &limit.Counter{Key: k}
			}
			rows[k] = w.counters[k]
		}
	}
	return rows
}

func (w *world) keys(at calendar.Instant, held []redemption.Held) []limit.Key {
	return redemption.Keys(w.scene(at), held...)
}

func (w *world) price(held []redemption.Held, forLock id.ID) (*redemption.Priced, *fault.Fault) {
	var candidates []pricing.Candidate
	for _, h := range held {
		candidates = append(candidates, pricing.Candidate{Coupon: h.Coupon, Terms: h.Terms, Use: h.Use, ForLock: forLock,
			BalanceMinor: w.balances[h.Coupon.ID]})
	}
	for i := range candidates {
		if candidates[i].Terms.Kind == coupon.KindStoredValue && candidates[i].BalanceMinor == 0 {
			candidates[i].BalanceMinor = 250
		}
	}
	r, refusal := pricing.Apply(&w.cart, candidates, pricing.Rules{FloorMinor: 1, MaxCoupons: 5, Now: w.now})
	if refusal != nil {
		return nil, refusal
	}
	priced := redemption.PricedOf(&w.cart, r)
	priced.Promise(w.scene(w.now), held)
	return priced, nil
}

func (w *world) put(coupons ...coupon.Coupon) {
	for _, c := range coupons {
		if old := w.coupons[c.ID]; !coupon.Allowed(old.State, c.State) || c.Rev != old.Rev+1 {
			w.t.Fatalf("coupon %d went from %+v to %+v", c.ID, *old, c)
		}
		*w.coupons[c.ID] = c
	}
}

func (w *world) standing(ref string) *redemption.Standing {
	l := w.locks[ref]
	if l == nil {
		return nil
	}
	priced, err := redemption.DecodePriced(l.Priced)
	if err != nil {
		w.t.Fatalf("%v", err)
	}
	return &redemption.Standing{Lock: l, Priced: priced, Held: w.held(l.Coupons)}
}

func key(ref string) order.Key { return order.Key{Source: "shop", Ref: ref} }

func (w *world) lock(ref string, ids []id.ID) (*redemption.Lock, *fault.Fault) {
	held, old := w.held(ids), w.standing(ref)
	var forLock id.ID
	lists := [][]limit.Key{w.keys(w.now, held)}
	if old != nil {
		forLock = old.Lock.ID
		lists = append(lists, redemption.KeysOfLock(&w.market, old))
	}
	priced, refusal := w.price(held, forLock)
	if refusal != nil {
		return nil, refusal
	}
	d, refusal := redemption.DecideLock(&redemption.LockInput{ID: w.id(), Key: key(ref), Member: member, Market: &w.market,
		Priced: priced, Held: held, Old: old, Order: w.orders[ref], Redeemed: w.isRedeemed(ref),
		CartHash: w.cart.Hash(), Encoded: priced.Encode(),
		Counters: w.rows(lists...), Now: w.now})
	if refusal != nil {
		return nil, refusal
	}
	w.put(d.Locked...)
	w.put(d.Released...)
	w.locks[ref] = &d.Lock
	return &d.Lock, nil
}

func (w *world) resolve(ref string, decide func(*redemption.ResolveInput) (redemption.ResolveDecision, *fault.Fault)) *fault.Fault {
	s := w.standing(ref)
	d, refusal := decide(&redemption.ResolveInput{Standing: *s, Market: &w.market,
		Counters: w.rows(redemption.KeysOfLock(&w.market, s)), Now: w.now})
	if refusal != nil {
		return refusal
	}
	w.put(d.Released...)
	w.locks[ref] = &d.Lock
	return nil
}

// redeem pays an order: by its lock, or with the coupons named.
func (w *world) redeem(ref string, ids []id.ID) (*order.Order, *fault.Fault) {
	in := &redemption.RedeemInput{OrderID: w.id(), Key: key(ref), Member: member, Market: &w.market,
		Cart: &w.cart, CartHash: w.cart.Hash(), Order: w.orders[ref], Redeemed: w.isRedeemed(ref), Now: w.now}
	var lists [][]limit.Key
	if ids == nil {
		s := w.standing(ref)
		in.Lock, in.Priced, in.Held = s.Lock, s.Priced, s.Held
		lists = append(lists, redemption.KeysOfLock(&w.market, s))
	} else {
		in.Held = w.held(ids)
		var refusal *fault.Fault
		if in.Priced, refusal = w.price(in.Held, 0); refusal != nil {
			return nil, refusal
		}
	}
	in.Counters = w.rows(append(lists, w.keys(w.now, in.Held))...)
	d, refusal := redemption.DecideRedeem(in)
	if refusal != nil {
		return nil, refusal
	}
	w.put(d.Coupons...)
	w.rewrite(d.Settled)
	for i, r := range d.Redemptions {
		r.ID = id.ID(len(w.redemptions) + 1)
		for _, e := range d.Kept[i] {
			e.Fact = r.ID
			w.kept[r.ID] = append(w.kept[r.ID], e)
		}
		w.redemptions = append(w.redemptions, r)
	}
	w.orders[ref] = &d.Order
	if d.Lock != nil {
		w.locks[ref] = d.Lock
	}
	return &d.Order, nil
}

func (w *world) isRedeemed(ref string) bool {
	return slices.ContainsFunc(w.redemptions, func(r redemption.Redemption) bool { return r.Key == key(ref) })
}

func (w *world) redeemed(ref string) (out []redemption.Redeemed, keys []limit.Key) {
	for i := range w.redemptions {
		if r := &w.redemptions[i]; r.Key == key(ref) {
			held := w.held([]id.ID{r.Coupon})
			out = append(out, redemption.Redeemed{Redemption: r, Held: held[0], Earlier: w.earlier(r), Kept: w.kept[r.ID]})
			keys = append(keys, redemption.KeysOfUse(&w.market, out[len(out)-1])...)
		}
	}
	return out, keys
}

// earlier is the newest other use of a redemption's coupon that stands.
func (w *world) earlier(r *redemption.Redemption) (at calendar.Instant) {
	for _, o := range w.redemptions {
		if o.Coupon == r.Coupon && o.Use != r.Use && !o.CouponBack {
			at = max(at, o.At)
		}
	}
	return at
}

func (w *world) refund(ref string, lines []redemption.RefundLine, full, kept bool) (*order.Refund, *fault.Fault) {
	redeemed, keys := w.redeemed(ref)
	d, refusal := redemption.DecideRefund(&redemption.RefundInput{ID: w.id(), Ref: strconv.Itoa(len(w.refunds[ref])),
		Lines: lines, Full: full, GiftsKept: kept, Order: w.orders[ref], Redemptions: redeemed, Previous: w.refunds[ref],
		Market: &w.market, Counters: w.rows(keys), Now: w.now})
	if refusal != nil {
		return nil, refusal
	}
	w.put(d.Coupons...)
	w.rewrite(d.Entries)
	for _, r := range d.Redemptions {
		w.redemptions[r.ID-1] = r
	}
	w.orders[ref] = &d.Order
	w.refunds[ref] = append(w.refunds[ref], d.Refund)
	return &d.Refund, nil
}

func (w *world) giveBack(n int) *fault.Fault {
	r := &w.redemptions[n-1]
	held := w.held([]id.ID{r.Coupon})[0]
	used := redemption.Redeemed{Redemption: r, Held: held, Earlier: w.earlier(r), Kept: w.kept[r.ID]}
	d, refusal := redemption.DecideReturn(&redemption.ReturnInput{Redeemed: used,
		Market: &w.market, Counters: w.rows(redemption.KeysOfUse(&w.market, used)), Now: w.now})
	if refusal != nil {
		return refusal
	}
	w.put(d.Coupon)
	w.rewrite(d.Entries)
	*r = d.Redemption
	return nil
}

// issue makes a coupon from a story's words.
func (w *world) issue(t *testing.T, words []string) {
	n := func(s string) int64 {
		v, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	c := &coupon.Coupon{ID: id.ID(n(words[0])), Member: member, Template: 5, Version: 1, State: coupon.Usable, Uses: 1, NextUse: 1,
		ValidTo: schedule.Forever, Rev: 1}
	terms := &coupon.Terms{Kind: coupon.KindAmountOff, Funders: []coupon.Funder{
		{Kind: coupon.FunderPlatform, Code: "platform", ShareBps: 7000}, {Kind: coupon.FunderMerchant, Code: "m", ShareBps: 3000}}}
	for i := 1; i+1 < len(words); i += 2 {
		switch v := words[i+1]; words[i] {
		case "amount":
			terms.AmountMinor = n(v)
		case "threshold":
			terms.ThresholdMinor = n(v)
		case "uses":
			c.Uses = n(v)
		case "to":
			c.ValidTo = w.now.Add(time.Duration(n(v)) * time.Minute)
		case "gift":
			terms.Kind, terms.Gift = coupon.KindGift, &coupon.Gift{SKU: "g", Quantity: 1, ValueMinor: n(v)}
		case "only":
			terms.Scope = rule.Scope{Include: rule.Selector{SKUs: []string{v}}}
		case "limit":
			w.limits[c.ID] = append(w.limits[c.ID], limit.Limit{What: limit.What(v), Period: limit.Period(words[i+2]),
				Per: limit.Per(words[i+3]), Cap: n(words[i+4])})
			i += 3
		default:
			t.Fatalf("unknown word %q", words[i])
		}
	}
	terms.UsesPerCoupon = c.Uses
	w.coupons[c.ID], w.terms[c.ID] = c, terms
}

// say gives a coupon terms in JSON.
func (w *world) say(t *testing.T, words []string) {
	w.issue(t, words[:1])
	c := w.coupons[id.ID(len(w.coupons))]
	terms := w.terms[c.ID]
	if err := json.Unmarshal([]byte(strings.Join(words[1:], " ")), terms); err != nil {
		t.Fatal(err)
	}
	terms.UsesPerCoupon = max(terms.UsesPerCoupon, 1)
	c.Uses = terms.UsesPerCoupon
}

func (w *world) buy(t *testing.T, words []string) {
	w.cart = pricing.Cart{}
	for _, text := range words {
		p := strings.Split(text, ":")
		quantity, err := strconv.ParseInt(p[1], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		unit, err := strconv.ParseInt(p[2], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		l := pricing.Line{SKU: p[0], Quantity: quantity, UnitMinor: unit, NoCoupons: len(p) > 3}
		if method, ships := strings.CutPrefix(p[0], "+"); ships {
			l.SKU, l.Shipping = "", method
		}
		w.cart.Lines = append(w.cart.Lines, l)
	}
}
