package main

import (
	"encoding/json"
	"math/big"
	"strings"

	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
)

// tell says an answer as ruoyi's totals and lines. Texts are the other engine's
// own and are not compared.
func (w *ruoyiWork) tell(a *Answer) Facts {
	f := Facts{}
	pay := make([]int64, len(w.lines))
	for n := range w.lines {
		pay[n] = w.q.Cart.Lines[n].ListMinor()
		f.add("total", fen(pay[n]))
	}
	base := int64(0)
	for i := range w.q.Offers {
		if i == w.promo {
			for _, n := range w.matched {
				base += pay[n]
			}
		}
		for n, line := range w.lines {
			taken := a.Taken(i, n)
			pay[n] -= taken
			name := w.does[i]
			f.add(lineFact(w.Cart[line].SKU, name), fen(taken))
			f.add(map[string]string{ruoyiDiscount: "discount", ruoyiCouponAt: "coupon_discount", ruoyiPoint: "point_discount"}[name], fen(taken))
			if i == w.promo {
				f.add("promotion discount", fen(taken))
			}
		}
		w.benefit(a, i, f)
	}
	f.add("promotion base", fen(base))
	if w.unitFen > 0 {
		used := new(big.Rat).Set(f["point_discount"])
		f["used_points"] = used.Quo(used, big.NewRat(w.unitFen, 1))
	}
	w.promotions(a, f)
	w.unselected(f)
	w.earn(pay, f)
	for n, line := range w.lines {
		f.add("pay", fen(pay[n]))
		f.add(lineFact(w.Cart[line].SKU, "pay"), fen(pay[n]))
	}
	return f
}

// fen is an amount in the suite's own numbers.
func fen(minor int64) *big.Rat { return big.NewRat(minor, 1) }

func lineFact(sku word, what string) string { return "line " + string(sku) + " " + what }

// benefit tells the points that an offer gives, or that delivery is free.
func (w *ruoyiWork) benefit(a *Answer, i int, f Facts) {
	u := a.Uses[i]
	if u == nil || u.Benefit == nil {
		return
	}
	if w.does[i] == ruoyiDelivery {
		f.count(ruoyiDelivery, 1)
		return
	}
	f.add(ruoyiGive, fen(u.Benefit.Value))
	for n, points := range u.Benefit.Lines {
		f.add(lineFact(w.Cart[w.lines[n]].SKU, ruoyiGive), fen(points))
	}
}

// promotions counts the offers that a normal order is asked about, whether they
// are reached or not, and says whether the one of the case is.
func (w *ruoyiWork) promotions(a *Answer, f Facts) {
	if w.promo < 0 || len(w.matched) == 0 || w.q.Cart.Mode != "normal" {
		return
	}
	f.count("promotions", 1)
	if a.Uses[w.promo] != nil {
		f.count("promotion match", 1)
	}
}

// unselected lines are not in the cart; they keep their price and what their
// product gives.
func (w *ruoyiWork) unselected(f Facts) {
	for _, l := range w.Cart {
		if l.Selected {
			continue
		}
		f.add(lineFact(l.SKU, "pay"), fen(l.Price*l.Quantity))
		f.count(lineFact(l.SKU, "not_in_total"), 1)
		if l.Give != nil {
			f.add(lineFact(l.SKU, ruoyiGive), fen(*l.Give))
		}
	}
}

// earn is what the caller does with a rate of points: so many for a yuan of what
// is left to pay, then a benefit of that many, split by what the lines pay.
func (w *ruoyiWork) earn(pay []int64, f Facts) {
	if w.Points == nil || w.Points.EarnPerYuan == 0 {
		return
	}
	var all int64
	cart := pricing.Cart{}
	for n := range pay {
		all += pay[n]
		cart.Lines = append(cart.Lines, pricing.Line{SKU: w.q.Cart.Lines[n].SKU, Quantity: 1, UnitMinor: pay[n]})
	}
	t := terms(coupon.KindExternal)
	t.External = &coupon.External{Unit: ruoyiGive, Value: all * w.Points.EarnPerYuan / 100}
	q := Question{Cart: cart, Now: w.q.Now, Grain: w.q.Grain, Offers: []Offer{{Code: "earn", Terms: t}}}
	if a, err := q.price(w.q.Profile); err == nil && a.Uses[0] != nil {
		at := *w
		at.does = []string{ruoyiGive}
		at.benefit(a, 0, f)
	}
}

// expectRuoyi reads what is told: numbers, and yes as one. Lines are objects, or
// the points that they give.
func expectRuoyi(raw json.RawMessage) (Expected, error) {
	want := Expected{Facts: Facts{}, Some: true}
	var all object
	if err := json.Unmarshal(raw, &all); err != nil {
		return want, err
	}
	for name, value := range all {
		if name != "lines" && name != "promotion" {
			want.Facts.tellWord(name, value)
		}
	}
	var inner struct {
		Promotion object            `json:"promotion"`
		Lines     map[string]object `json:"lines"`
	}
	if err := json.Unmarshal(raw, &inner); err != nil {
		var flat struct {
			Lines object `json:"lines"`
		}
		if err := json.Unmarshal(raw, &flat); err != nil {
			return want, err
		}
		for sku, value := range flat.Lines {
			want.Facts.tellWord(lineFact(word(sku), ruoyiGive), value)
		}
	}
	for name, value := range inner.Promotion {
		want.Facts.tellWord("promotion "+name, value)
	}
	for sku, line := range inner.Lines {
		for name, value := range line {
			want.Facts.tellWord(lineFact(word(sku), name), value)
		}
	}
	return want, nil
}

// tellWord is a fact that is written as a number or as yes or no; a text is none.
func (f Facts) tellWord(name string, raw json.RawMessage) {
	var n Number
	switch s := strings.TrimSpace(string(raw)); {
	case s == "true":
		f.count(name, 1)
	case s == "false":
		f.count(name, 0)
	case strings.HasPrefix(s, `"`):
	case n.UnmarshalJSON(raw) == nil:
		f[name] = &n.Rat
	}
}
