package main

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"quan/internal/domain/condition"
	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
	"quan/internal/domain/rule"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// Question is a case in quan's types.
type Question struct {
	Cart    pricing.Cart
	Profile pricing.Profile
	Now     calendar.Instant
	Facts   condition.Facts
	Offers  []Offer // in the order in which the other engine takes them
	Grain   *grain

	// Tell says the answer in the other engine's words.
	Tell func(*Answer) Facts
	// Alike maps facts that the other engine may tell either way to one name.
	Alike map[string]string
}

// Offer is one promotion: a coupon with its terms.
type Offer struct {
	Code    string
	Terms   coupon.Terms
	Paused  bool
	Used    int64 // uses made of Uses; Uses zero: one of one is left
	Uses    int64
	From    calendar.Instant
	To      calendar.Instant // zero: for ever
	Home    string           // currency of its amounts; "": the cart's
	Balance int64
	Budget  *pricing.Budget
}

// Answer is what quan says.
type Answer struct {
	Result pricing.Result
	Uses   map[int]*pricing.Use   // by offer: those that are used
	Out    map[int][]*fault.Fault // by offer: reasons of those that are not
	Taken  func(offer, line int) int64
}

// platform bears everything: the suites don't split costs.
var platform = []coupon.Funder{{Kind: coupon.FunderPlatform, Code: "platform", ShareBps: 10_000}}

// terms are those of an offer of a kind, with what every coupon has.
func terms(kind coupon.Kind) coupon.Terms {
	return coupon.Terms{
		Kind: kind, UsesPerCoupon: 1, Funders: platform, AllowZero: true,
		Validity: schedule.Validity{Kind: schedule.ValidityDays, Days: 1},
	}
}

// skus is the scope of some SKUs; of none, it is one that holds nothing.
func skus(list []string) rule.Scope {
	if len(list) == 0 {
		list = []string{"(none)"}
	}
	return rule.Scope{Include: rule.Selector{SKUs: list}}
}

// legal says whether quan would take the cart and publish the terms. Conditions are
// left out: quan refuses what no customer can meet, which other engines allow.
func (q *Question) legal() error {
	if err := q.Cart.Validate(); err != nil {
		return cannot("a cart that quan refuses: %v", err)
	}
	for i := range q.Offers {
		o := &q.Offers[i]
		doc := coupon.Doc{Terms: o.Terms}
		doc.Terms.When = condition.Tree{}
		if err := doc.Validate(nil, nil); err != nil {
			return cannot("terms that quan refuses (%s): %v", o.Code, err)
		}
	}
	return nil
}

// candidate is an offer as a coupon that is held.
func (q *Question) candidate(i int) pricing.Candidate {
	o := &q.Offers[i]
	c := &coupon.Coupon{
		ID: id.ID(i + 1), Template: id.ID(i + 1), Version: 1, State: coupon.Usable,
		Used: o.Used, Uses: o.Uses, ValidFrom: o.From, ValidTo: o.To,
	}
	if c.Uses == 0 {
		c.Uses = c.Used + 1
	}
	if c.ValidTo == 0 {
		c.ValidTo = schedule.Forever
	}
	return pricing.Candidate{
		Coupon: c, Terms: &o.Terms, Use: !o.Paused, Home: cmp.Or(o.Home, q.Cart.Currency), BalanceMinor: o.Balance, Budget: o.Budget, Place: i,
	}
}

// price uses every offer that can be used, in the order of the question: the till
// of the other engine takes all that it is given. A coupon that is refused goes,
// the first one first, until the rest stands together.
func (q *Question) price(profile pricing.Profile) (*Answer, error) {
	a := &Answer{Uses: map[int]*pricing.Use{}, Out: map[int][]*fault.Fault{}}
	in := make([]int, len(q.Offers))
	for i := range in {
		in[i] = i
	}
	rules := pricing.Rules{MaxCoupons: int64(len(q.Offers)) + 1, Now: q.Now, Profile: profile, Facts: &q.Facts}
	for {
		chosen := make([]pricing.Candidate, len(in))
		for n, i := range in {
			chosen[n] = q.candidate(i)
		}
		result, refused := pricing.Apply(&q.Cart, chosen, rules)
		if refused == nil {
			a.take(result, in)
			return a, nil
		}
		n, reasons := first(refused)
		if n < 0 || n >= len(in) {
			return nil, fmt.Errorf("price: %s at %s", refused.Code, refused.Pointer)
		}
		a.Out[in[n]] = reasons
		in = append(in[:n:n], in[n+1:]...)
	}
}

// first is the coupon that is refused first, with its reasons.
func first(refused *fault.Fault) (n int, reasons []*fault.Fault) {
	n = -1
	for _, f := range append([]*fault.Fault{refused}, refused.Also...) {
		at, err := strconv.Atoi(strings.TrimPrefix(f.Pointer, "/coupons/"))
		switch {
		case err != nil:
		case n < 0 || at < n:
			n, reasons = at, []*fault.Fault{f}
		case at == n:
			reasons = append(reasons, f)
		}
	}
	return n, reasons
}

// take sorts a result by offers.
func (a *Answer) take(r pricing.Result, in []int) {
	a.Result = r
	for i := range r.Uses {
		a.Uses[int(r.Uses[i].Coupon)-1] = &r.Uses[i]
	}
	for n, j := range r.Coupons {
		if _, used := a.Uses[in[n]]; !used {
			a.Out[in[n]] = j.Reasons
		}
	}
	a.Taken = func(offer, line int) (minor int64) {
		if u := a.Uses[offer]; u != nil {
			for _, c := range u.Cells {
				if int(c.Line) == line {
					minor += c.Minor
				}
			}
		}
		return minor
	}
}

// only reports whether an offer is out for reasons of these codes alone.
func (a *Answer) only(offer int, codes ...fault.Code) bool {
	reasons := a.Out[offer]
	for _, f := range reasons {
		known := false
		for _, c := range codes {
			known = known || f.Code == c
		}
		if !known {
			return false
		}
	}
	return len(reasons) > 0
}
