package main

import (
	"quan/internal/domain/condition"
	"quan/internal/kernel/calendar"
)

// sheetFacts are what conditions may ask beside the cart and its facts. What is left
// out is not known.
type sheetFacts struct {
	Member *sheetMember         `json:"member"` // absent: a guest
	Days   []string             `json:"days"`   // what the calendar calls the day
	Stores map[string]sheetSpot `json:"stores"` // where stores lie
}

type sheetMember struct {
	Attributes map[string]string `json:"attributes"`
	Tags       []string          `json:"tags"`
	Lists      []string          `json:"lists"`
	Orders     *sheetOrders      `json:"orders"`
	Purchases  []sheetPurchase   `json:"purchases"`
}

type sheetOrders struct {
	Count          int64            `json:"count"`
	First          calendar.Instant `json:"first"`
	Last           calendar.Instant `json:"last"`
	LastCategories []string         `json:"last_categories"`
	Recent         map[int64]int64  `json:"recent"` // orders in the last n days, by n
}

// sheetPurchase is whether something was bought in the last Days days; 0: ever.
type sheetPurchase struct {
	Kind   condition.Goods `json:"kind"`
	Code   string          `json:"code"`
	Days   int64           `json:"days"`
	Bought bool            `json:"bought"`
}

// sheetSpot is in millionths of a degree, WGS-84.
type sheetSpot struct {
	Latitude  int64 `json:"latitude"`
	Longitude int64 `json:"longitude"`
}

// facts are those of the file; the member holds its coupons.
func (s *sheet) facts() *condition.Facts {
	f := &condition.Facts{Days: s.Days, Held: &condition.Held{}}
	if len(s.Stores) > 0 {
		f.Place.Stores = map[string]condition.Position{}
		for name, at := range s.Stores {
			f.Place.Stores[name] = condition.PositionOf(at.Latitude, at.Longitude)
		}
	}
	for _, e := range s.entries() {
		if t := &s.Templates[e.template].Terms; e.held != nil {
			f.Held.Groups = append(f.Held.Groups, t.Stacking.Named())
		}
	}
	if s.Member != nil {
		f.Member = s.Member.facts()
	}
	return f
}

// claimFacts are the facts with what the cart says of the moment and the place, as
// issuing has them.
func (s *sheet) claimFacts() *condition.Facts {
	f := s.facts()
	f.Moment = condition.MomentOf(s.Now, s.Market.Location())
	f.Channel, f.Mode, f.Payment, f.Outer = s.Cart.Channel, s.Cart.Mode, s.Cart.Payment, s.Cart.Facts
	f.Place.City, f.Place.Store = s.Cart.City, s.Cart.Store
	if s.Cart.Latitude != 0 || s.Cart.Longitude != 0 {
		f.Place.Position = condition.PositionOf(s.Cart.Latitude, s.Cart.Longitude)
	}
	return f
}

func (m *sheetMember) facts() condition.Member {
	out := condition.Member{ID: 1, Attributes: m.Attributes, Tags: m.Tags, Lists: m.Lists}
	if o := m.Orders; o != nil {
		out.Orders = &condition.Orders{Count: o.Count, First: o.First, Last: o.Last, LastCategories: o.LastCategories, Recent: o.Recent}
	}
	if m.Purchases != nil {
		out.Purchases = map[condition.Purchase]bool{}
		for _, p := range m.Purchases {
			out.Purchases[condition.Purchase{Kind: p.Kind, Code: p.Code, Days: p.Days}] = p.Bought
		}
	}
	return out
}
