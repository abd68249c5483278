package coupon

import (
	"fmt"
	"slices"
	"time"

	"quan/internal/domain/condition"
	"quan/internal/domain/limit"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/money"
)

// FindingKind says how bad a finding is.
type FindingKind string

// The kinds.
const (
	Contradiction FindingKind = "contradiction" // nobody who gets the coupon can use it: not published
	GapFinding    FindingKind = "gap"           // some who get it can't use it, or not all of it: a warning
)

// FindingCode names what does not fit; its words are the edge's.
type FindingCode string

// The findings, in the order in which they are looked for.
const (
	CitiesApart        FindingCode = "cities_apart"          // no city where it is claimed is one where it is used
	CitiesBeyond       FindingCode = "cities_beyond"         // it is claimed in cities where it can't be used
	ChannelsBeyond     FindingCode = "channels_beyond"       // it is claimed in channels where it can't be used
	NeverOpens         FindingCode = "never_opens"           // no session of claiming lies within the window and the validity
	WindowBeyond       FindingCode = "window_beyond"         // claims go on after the last day of use
	CutBeforeStart     FindingCode = "cut_before_start"      // the validity is cut before it starts
	UsesBeyondValidity FindingCode = "uses_beyond_validity"  // its uses, with the time between them, take longer than it is valid
	UsesBeyondLimit    FindingCode = "uses_beyond_limit"     // more uses are given out than a limit lets through
	UseBeyondLimit     FindingCode = "use_beyond_limit"      // a limit lets no single use through
	NewcomerBeyond     FindingCode = "newcomer_beyond"       // more newcomer coupons a member than one holds at once
	ThresholdApart     FindingCode = "threshold_unreachable" // the threshold is never reached
	PricesOutside      FindingCode = "prices_outside"        // prices of SKUs that the scope leaves out
	ConditionsApart    FindingCode = "conditions_apart"      // conditions of claim and use exclude each other
	ConditionsBeyond   FindingCode = "conditions_beyond"     // conditions let claim what they don't let use
)

// FindingCodes are all findings, in their order.
var FindingCodes = []FindingCode{CitiesApart, CitiesBeyond, ChannelsBeyond, NeverOpens, WindowBeyond, CutBeforeStart, UsesBeyondValidity,
	UsesBeyondLimit, UseBeyondLimit, NewcomerBeyond, ThresholdApart, PricesOutside, ConditionsApart, ConditionsBeyond}

// Finding is a pair of rules that don't fit, as pointers into the document: A is
// what gives the coupon out, B what limits its use. A is "" where nothing is said.
type Finding struct {
	Kind FindingKind
	Code FindingCode
	A, B string
}

// Findings compares who gets a coupon with who can use it (features 1.15): the
// contradictions, which Publish refuses, and the gaps, which warn. The document is
// valid (Validate); of one that is not the findings may be too few.
func (d *Doc) Findings() []Finding {
	f := findings{doc: d}
	f.places()
	f.window()
	f.cut()
	f.uses()
	f.limits()
	f.threshold()
	f.prices()
	f.conditions() // what else compares claim and use joins here
	return f.found
}

// Consistent returns nil, or a fault for every contradiction among the findings.
func (d *Doc) Consistent() error {
	var l fault.List
	for _, f := range d.Findings() {
		if f.Kind == Contradiction {
			at := f.B
			if at == "" {
				at = f.A
			}
			l.Add(fault.New(fault.Conflicting, "a", f.A, "b", f.B).At(at))
		}
	}
	return l.Err()
}

type findings struct {
	doc   *Doc
	found []Finding
}

func (f *findings) add(kind FindingKind, code FindingCode, a, b string) {
	f.found = append(f.found, Finding{kind, code, a, b})
}

// places compares the lists of cities and channels. A city is taken to stay the
// member's: lists apart are a contradiction. A channel is not: a coupon of the app
// may be meant for the shop.
func (f *findings) places() {
	claim, use := &f.doc.Claim.Place, &f.doc.Terms.Use
	switch {
	case len(use.Cities) == 0 || within(claim.Cities, use.Cities):
	case len(claim.Cities) > 0 && apart(claim.Cities, use.Cities):
		f.add(Contradiction, CitiesApart, "/claim/place/cities", "/terms/use/cities")
	case len(claim.Cities) == 0:
		f.add(GapFinding, CitiesBeyond, "", "/terms/use/cities")
	default:
		f.add(GapFinding, CitiesBeyond, "/claim/place/cities", "/terms/use/cities")
	}
	if len(use.Channels) > 0 && len(claim.Channels) > 0 && !within(claim.Channels, use.Channels) {
		f.add(GapFinding, ChannelsBeyond, "/claim/place/channels", "/terms/use/channels")
	}
}

// within reports whether a list names something and nothing beyond another one.
func within(list, all []string) bool {
	return len(list) > 0 && !slices.ContainsFunc(list, func(s string) bool { return !slices.Contains(all, s) })
}

func apart(a, b []string) bool {
	return !slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

func (f *findings) window() {
	validity, window := f.doc.Terms.Validity, f.doc.Claim.Window
	if f.doc.neverOpens(time.UTC, day) { // whatever the market's zone; Validate asks in that
		f.add(Contradiction, NeverOpens, "/claim/sessions", "/claim/window")
	}
	if validity.To != 0 && window.To != 0 && window.To > validity.To {
		f.add(GapFinding, WindowBeyond, "/claim/window/to", "/terms/validity/to")
	}
}

const day = calendar.Instant(24 * time.Hour / time.Millisecond)

// cut compares a delayed start with the end of the window that cuts the validity:
// who claims in the last days before it gets a coupon that never starts.
func (f *findings) cut() {
	validity, window := f.doc.Terms.Validity, f.doc.Claim.Window
	if !validity.CutByWindow || !validity.Delayed() || window.To == 0 {
		return
	}
	at, least := "/terms/validity/delay_hours", calendar.Instant(validity.DelayHours)*day/24
	switch {
	case validity.From >= window.To:
		f.add(Contradiction, CutBeforeStart, "/terms/validity/from", "/claim/window/to")
		return
	case validity.DelayDays > 0: // at most so long after the claim, and at least a day less
		at, least = "/terms/validity/delay_days", calendar.Instant(validity.DelayDays-1)*day
	case validity.DelayHours == 0:
		return
	}
	if window.From != 0 && window.From+least >= window.To {
		f.add(Contradiction, CutBeforeStart, at, "/claim/window/to")
	} else {
		f.add(GapFinding, CutBeforeStart, at, "/claim/window/to")
	}
}

// uses compares the time that all uses take with the validity.
func (f *findings) uses() {
	t := &f.doc.Terms
	if t.IntervalHours == 0 || t.UsesPerCoupon < 2 {
		return
	}
	var hours int64 // of the validity, at most
	switch t.Validity.Kind {
	case schedule.ValiditySameDay:
		hours = 24
	case schedule.ValidityDays:
		hours = t.Validity.Days * 24
	case schedule.ValidityFixed:
		hours = int64((t.Validity.To-t.Validity.From)/day)*24 + 24
	default:
		return
	}
	if (t.UsesPerCoupon-1)*t.IntervalHours >= hours {
		f.add(GapFinding, UsesBeyondValidity, "/terms/interval_hours", "/terms/validity")
	}
}

// limits compares what is given out with what limits on use let through, for the
// whole template and for one member, and one use with a limit on its amount.
func (f *findings) limits() {
	t, claim := &f.doc.Terms, &f.doc.Claim
	at := func(i int) string { return fmt.Sprintf("/claim/limits/%d", i) }
	for i, l := range claim.Limits {
		least := t.least()
		switch {
		case l.What == limit.RedeemCount && l.Cap == 0, l.What == limit.RedeemAmount && least > 0 && l.Cap < least:
			f.add(Contradiction, UseBeyondLimit, "/terms", at(i))
		case l.What == limit.RedeemCount && l.Period == limit.Ever:
			for n, issued := range claim.Limits {
				if issued.What == limit.IssueCount && issued.Period == limit.Ever && issued.Per == l.Per && issued.Cap > l.Cap/max(t.UsesPerCoupon, 1) {
					f.add(GapFinding, UsesBeyondLimit, at(n), at(i))
				}
			}
		}
		if claim.Newcomer && l.What == limit.IssueCount && l.Per == limit.PerMember && l.Cap > 1 {
			f.add(GapFinding, NewcomerBeyond, at(i), "/claim/newcomer")
		}
	}
}

// least is the least that a use takes off where that is known: what a sum without
// a cap names.
func (t *Terms) least() int64 {
	if t.AllowZero || t.Kind != KindAmountOff || t.CapMinor > 0 || len(t.Steps)+len(t.Chain) > 0 {
		return 0
	}
	return t.AmountMinor
}

// threshold finds amounts after the coupon that it leaves too little for.
func (f *findings) threshold() {
	t := &f.doc.Terms
	if t.ThresholdBase != BaseAfter || t.ThresholdMinor == 0 || t.CapMinor > 0 {
		return
	}
	free := t.Kind == KindPercentOff && t.DiscountBps >= money.BpsWhole
	if free || t.Kind == KindNewTotal && t.TotalMinor < t.ThresholdMinor {
		f.add(Contradiction, ThresholdApart, "/terms/threshold_base", "/terms/threshold_minor")
	}
}

// prices compares a price list with a scope that names SKUs: what lies outside of
// it is never read.
func (f *findings) prices() {
	t := &f.doc.Terms
	if len(t.Prices) == 0 || t.Scope.Everything() || t.Kind == KindAddOn {
		return
	}
	first, outside := -1, 0
	in, out := &t.Scope.Include, &t.Scope.Exclude
	included, excluded := setOf(in.SKUs), setOf(out.SKUs)
	named := len(in.SKUs) > 0 && len(in.Categories)+len(in.Brands) == 0
	for i, p := range t.Prices {
		if excluded[p.SKU] || named && !included[p.SKU] {
			if outside++; first < 0 {
				first = i
			}
		}
	}
	switch {
	case outside == 0:
	case outside == len(t.Prices) && t.PriceMinor == 0 && t.Kind == KindFixedPrice:
		f.add(Contradiction, PricesOutside, fmt.Sprintf("/terms/prices/%d/sku", first), "/terms/scope")
	default:
		f.add(GapFinding, PricesOutside, fmt.Sprintf("/terms/prices/%d/sku", first), "/terms/scope")
	}
}

func setOf(list []string) map[string]bool {
	set := make(map[string]bool, len(list))
	for _, s := range list {
		set[s] = true
	}
	return set
}

// conditions compares the trees, each with the places beside it.
func (f *findings) conditions() {
	for _, c := range condition.Against(f.doc.Claim.When, f.doc.Terms.When) {
		kind, code := GapFinding, ConditionsBeyond
		if c.Kind == condition.FindingContradiction {
			kind, code = Contradiction, ConditionsApart
		}
		a := "/claim/when" + c.A
		if f.doc.Claim.When.IsZero() {
			a = ""
		}
		f.add(kind, code, a, "/terms/when"+c.B)
	}
}
