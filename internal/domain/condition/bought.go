package condition

// Bought asks whether the member has bought one of the goods, ever or in the last days.
type Bought struct {
	Kind  Goods    `json:"kind"`
	Codes []string `json:"codes"`
	Days  int64    `json:"days,omitempty"` // 1..WindowMax; 0: ever
	Fallback
}

// bought answers for all codes: yes where one is known to be bought, no where all
// are known not to be.
func bought(f *Facts, kind Goods, codes []string, days int64) Answer {
	a := No
	for _, code := range codes {
		was, known := f.Member.Purchases[Purchase{kind, code, days}]
		switch {
		case was:
			return Yes
		case !known:
			a = Unknown
		}
	}
	return a
}

// not swaps yes and no.
func (a Answer) not() Answer {
	if a == Unknown {
		return a
	}
	return No + Yes - a
}

// Type is bought.
func (c *Bought) Type() string { return "bought" }

// Check looks at the purchases.
func (c *Bought) Check(f *Facts) Answer { return bought(f, c.Kind, c.Codes, c.Days) }

// Form has the goods and the window.
func (c *Bought) Form() Form { return form(c.Type(), boughtFields()...) }

func boughtFields() []Field {
	return []Field{
		choice("kind", string(GoodsCategory), string(GoodsBrand), string(GoodsSKU)).required(),
		wordList("codes", NamedNone).required(), number("days", FieldInteger, 0, WindowMax),
	}
}

// Explain names the goods and the window.
func (c *Bought) Explain() Saying { return boughtSaying(c.Type(), c.Kind, c.Codes, c.Days) }

func boughtSaying(key string, kind Goods, codes []string, days int64) Saying {
	list := items(Named(kind), codes)
	if days > 0 {
		return say(key+".recent", list, Arg{Name: "days", Value: Count(days)})
	}
	return say(key+".ever", list)
}

// Predicate asks for a stored purchase.
func (c *Bought) Predicate() (Predicate, bool) {
	return Predicate{Op: OpBought, Kind: c.Kind, Values: c.Codes, Days: c.Days}, true
}

// Needs adds the purchases.
func (c *Bought) Needs(n *Needs) { n.purchases(c.Kind, c.Codes, c.Days) }

func (c *Bought) compile() (check, error) { return c.Check, nil }

func (c *Bought) cost() int64 { return int64(len(c.Codes)) }

func (c *Bought) reach(holds bool) []constraint {
	return boughtReach(c.Kind, c.Codes, c.Days, c.Fallback, holds, holds)
}

// boughtReach is the reach of a leaf that answers holds and then means that one
// of the codes was bought (one) or none. Who bought lately has bought at some time.
func boughtReach(kind Goods, codes []string, days int64, fb Fallback, holds, one bool) (all []constraint) {
	if one && len(codes) > 1 {
		return nil
	}
	lax := (fb.IfUnknown() == Yes) == holds
	for _, code := range codes {
		d := dimension{kind: dimBought, name: string(kind) + ":" + code, days: days}
		if days > 0 {
			d.kind = dimBoughtRecently
		}
		s := yesSet()
		if !one {
			s = numberSet(yesOrNo, span{0, 0})
		}
		s.unknown = lax
		all = append(all, constraint{d, s, len(codes) == 1})
		if one && days > 0 && !lax {
			d.kind, d.days = dimBought, 0
			all = append(all, constraint{d, yesSet().orUnknown(), false})
		}
	}
	return all
}

func (c *Bought) validate(v *validation) {
	v.fallback(c.Fallback)
	v.bought(c.Kind, c.Codes, c.Days)
}

func (v *validation) bought(kind Goods, codes []string, days int64) {
	v.choice(string(kind), "/kind", string(GoodsCategory), string(GoodsBrand), string(GoodsSKU))
	v.words(codes, "/codes")
	v.number(days, 0, WindowMax, "/days")
}
