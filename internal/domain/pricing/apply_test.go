package pricing_test

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
	"quan/internal/domain/rule"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

type scene struct {
	cart      pricing.Cart
	candidate pricing.Candidate
	rules     pricing.Rules
	refusal   *fault.Fault
	result    pricing.Result
}

func empty() *scene {
	return &scene{
		candidate: pricing.Candidate{
			Coupon: &coupon.Coupon{ID: 1, State: coupon.Usable, Uses: 1, NextUse: 1, ValidTo: schedule.Forever},
			Terms:  &coupon.Terms{UsesPerCoupon: 1, Funders: []coupon.Funder{{Kind: coupon.FunderBrand, Code: "f0", ShareBps: 10000}}},
			Use:    true,
		},
		rules: pricing.Rules{FloorMinor: 1, MaxCoupons: 5, Now: 100},
	}
}

func number(t *testing.T, s string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (s *scene) read(t *testing.T, words []string) {
	t.Helper()
	terms, c := s.candidate.Terms, s.candidate.Coupon
	arg := func(i int) int64 { return number(t, words[i]) }
	switch words[0] {
	case "line":
		s.cart.Lines = append(s.cart.Lines, pricing.Line{SKU: words[1], Category: words[2], Brand: words[3],
			Merchant: words[4], Quantity: arg(5), UnitMinor: arg(6)})
	case "kind":
		s.kind(t, words)
	case "gift":
		terms.Gift = &coupon.Gift{SKU: words[1], Quantity: arg(2), ValueMinor: arg(3)}
	case "include":
		pick(&terms.Scope.Include, words)
	case "exclude":
		pick(&terms.Scope.Exclude, words)
	case "contain":
		terms.Contains = append(terms.Contains, rule.Contain{
			Scope:    rule.Scope{Include: rule.Selector{SKUs: []string{words[1]}}},
			MinMinor: arg(2), MinQuantity: arg(3)})
	case "funders":
		terms.Funders = nil
		for i := range words[1:] {
			terms.Funders = append(terms.Funders, coupon.Funder{Kind: coupon.FunderBrand, Code: fmt.Sprint("f", i), ShareBps: arg(i + 1)})
		}
	case "floor":
		s.rules.FloorMinor = arg(1)
	case "now":
		s.rules.Now = 0
		s.rules.Now = calendar.Instant(arg(1))
	case "life":
		c.ValidFrom, c.ValidTo = calendar.Instant(arg(1)), calendar.Instant(arg(2))
	case "store":
		s.cart.Store = words[1]
	case "city":
		s.cart.City = words[1]
	case "channel":
		s.cart.Channel = words[1]
	case "usechannel":
		terms.Use.Channels = words[1:]
	case "usecity":
		terms.Use.Cities = words[1:]
	case "state":
		c.State = coupon.ParseState(words[1])
		if c.State == coupon.Locked {
			c.Lock = id.ID(arg(2))
		}
	case "used":
		c.LastUsedAt, terms.IntervalHours = calendar.Instant(arg(1)), arg(3)
	case "forlock":
		s.candidate.ForLock = id.ID(arg(1))
	case "use":
		s.candidate.Use = words[1] == "on"
	default:
		t.Fatalf("unknown word %q", words[0])
	}
}

func (s *scene) kind(t *testing.T, words []string) {
	terms := s.candidate.Terms
	terms.Kind = coupon.Kind(words[1])
	for i := 2; i < len(words); i++ {
		switch words[i] {
		case "allow_zero":
			terms.AllowZero = true
			continue
		case "base":
			terms.ThresholdBase = coupon.Base(words[i+1])
		case "amount":
			terms.AmountMinor = number(t, words[i+1])
		case "threshold":
			terms.ThresholdMinor = number(t, words[i+1])
		case "bps":
			terms.DiscountBps = number(t, words[i+1])
		case "cap":
			terms.CapMinor = number(t, words[i+1])
		}
		i++
	}
}

func pick(s *rule.Selector, words []string) {
	list := map[string]*[]string{"category": &s.Categories, "brand": &s.Brands, "sku": &s.SKUs,
		"merchant": &s.Merchants, "store": &s.Stores}[words[1]]
	*list = append(*list, words[2:]...)
}

func (s *scene) outcome() string {
	if s.refusal == nil {
		return fmt.Sprintf("discount %d payable %d", s.result.DiscountMinor, s.result.PayableMinor)
	}
	text := string(s.refusal.Code)
	if gap := s.refusal.Param("gap_minor"); gap != nil {
		text += fmt.Sprint(" gap ", gap)
	}
	return text
}

func (s *scene) cells() string {
	var out []string
	for _, u := range s.result.Uses {
		for _, c := range u.Cells {
			out = append(out, fmt.Sprintf("%d:%s:%d", c.Line, c.Funder.Code, c.Minor))
		}
	}
	return strings.Join(out, " ")
}

func TestApply(t *testing.T) {
	f, err := os.Open("testdata/apply.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s, name, cases := empty(), "", 0
	for lines := bufio.NewScanner(f); lines.Scan(); {
		words := strings.Fields(lines.Text())
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		rest := strings.Join(words[1:], " ")
		check := func(what, got string) {
			if diff := cmp.Diff(rest, got); diff != "" {
				t.Errorf("%s: %s: %s", name, what, diff)
			}
		}
		switch words[0] {
		case "case":
			s, name = empty(), rest
		case "want":
			cases++
			s.result, s.refusal = pricing.Apply(&s.cart, []pricing.Candidate{s.candidate}, s.rules)
			check("outcome", s.outcome())
			quoted := pricing.Quote(&s.cart, []pricing.Candidate{s.candidate}, s.rules)
			if s.refusal == nil && quoted.PayableMinor != s.result.PayableMinor || !quoted.Optimal {
				t.Errorf("%s: quoted %d, applied %d", name, quoted.PayableMinor, s.result.PayableMinor)
			}
		case "lines":
			check("lines", strings.Trim(fmt.Sprint(s.result.Lines), "[]"))
		case "cells":
			check("cells", s.cells())
		default:
			s.read(t, words)
		}
	}
	if cases < 30 {
		t.Fatalf("only %d cases were read", cases)
	}
}
