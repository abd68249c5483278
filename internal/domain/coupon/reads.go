package coupon

import (
	"slices"
	"strings"

	"quan/internal/kernel/fault"
)

// reads is what a kind reads of the fields that not all kinds know. needs are
// required, where "a|b" asks for one of several; may are the others.
type reads struct {
	needs   []string
	may     string
	rewards []Reward // the kind's choice; none: it has no Reward
}

const (
	readsThreshold = " threshold_minor threshold_quantity threshold_base"
	readsUnits     = " cap_minor select units_max line_units_max" + readsThreshold
	readsPattern   = " cap_minor select times" + readsThreshold
)

// kinds is the one table of who reads what: a field that a kind does not read is
// refused, so that no rule stands there without effect.
var kinds = map[Kind]reads{
	KindAmountOff: {needs: []string{"amount_minor|chain|steps", "threshold_minor|threshold_quantity|steps"},
		may: "cap_minor threshold_base repeat times"},
	KindPercentOff:  {needs: []string{"discount_bps|steps"}, may: "cap_minor" + readsThreshold},
	KindNoThreshold: {needs: []string{"amount_minor|chain"}, may: "cap_minor"},
	KindNewTotal:    {needs: []string{"total_minor"}, may: "cap_minor" + readsThreshold},
	KindStoredValue: {may: "amount_minor chain cap_minor" + readsThreshold},
	KindItemOff:     {rewards: []Reward{RewardPercent, RewardAmount}, may: "split" + readsUnits},
	KindFixedPrice:  {needs: []string{"price_minor|prices"}, may: "item_cap_minor" + readsUnits},
	KindMemberPrice: {may: "prices item_cap_minor" + readsUnits},
	KindNthItem:     {needs: []string{"nth"}, rewards: []Reward{RewardPercent, RewardAmount, RewardPrice}, may: readsPattern},
	KindBuyGet:      {needs: []string{"buy", "get"}, rewards: []Reward{RewardPercent, RewardAmount, RewardPrice}, may: readsPattern},
	KindBundle: {needs: []string{"get"}, rewards: []Reward{RewardPercent, RewardAmount, RewardPrice, RewardTotal},
		may: readsPattern},
	KindAddOn: {needs: []string{"get", "price_minor", "threshold_minor|threshold_quantity"},
		may: "prices cap_minor item_cap_minor select threshold_base"},
	KindExchange: {needs: []string{"gift"}, may: "price_minor cap_minor item_cap_minor select" + readsThreshold},
	KindGift:     {needs: []string{"gift"}, may: "cap_minor item_cap_minor select" + readsThreshold},
	KindShipping: {rewards: []Reward{RewardPercent, RewardAmount, RewardPrice}, may: "methods split" + readsUnits},
	KindExternal: {needs: []string{"external"}, may: readsThreshold},
}

// rewards is what each reward reads besides.
var rewards = map[Reward]reads{
	RewardPercent: {needs: []string{"discount_bps"}, may: "item_cap_minor"},
	RewardAmount:  {needs: []string{"amount_minor|chain"}},
	RewardPrice:   {needs: []string{"price_minor"}, may: "item_cap_minor"},
	RewardTotal:   {needs: []string{"total_minor"}},
}

func (r reads) reads(name string) bool {
	if slices.Contains(strings.Fields(r.may), name) {
		return true
	}
	for _, n := range r.needs {
		if slices.Contains(strings.Split(n, "|"), name) {
			return true
		}
	}
	return false
}

// given are the fields that not all kinds read, in the order of Terms, and
// whether the terms say anything in them.
func (t *Terms) given() []struct {
	name string
	set  bool
} {
	return []struct {
		name string
		set  bool
	}{
		{"reward", t.Reward != ""}, {"amount_minor", t.AmountMinor != 0}, {"discount_bps", t.DiscountBps != 0},
		{"cap_minor", t.CapMinor != 0}, {"item_cap_minor", t.ItemCapMinor != 0}, {"price_minor", t.PriceMinor != 0},
		{"total_minor", t.TotalMinor != 0}, {"prices", len(t.Prices) > 0}, {"steps", len(t.Steps) > 0},
		{"gift", t.Gift != nil}, {"external", t.External != nil}, {"split", t.Split != ""}, {"select", t.Select != ""},
		{"units_max", t.UnitsMax != 0}, {"line_units_max", t.LineUnitsMax != 0}, {"nth", t.Nth != 0},
		{"buy", len(t.Buy) > 0}, {"get", len(t.Get) > 0}, {"methods", len(t.Methods) > 0},
		{"threshold_minor", t.ThresholdMinor != 0}, {"threshold_quantity", t.ThresholdQuantity != 0},
		{"threshold_base", t.ThresholdBase != ""}, {"repeat", t.Repeat}, {"times", t.Times != 0}, {"chain", len(t.Chain) > 0},
	}
}

// kind checks which fields stand there: all that are needed and none that nothing
// reads. It reports whether kind and reward are known, so that more can be said.
func (v *validation) kind() bool {
	t := &v.doc.Terms
	k, known := kinds[t.Kind]
	switch {
	case t.Kind == "":
		v.add(fault.MissingValue, "/terms/kind")
		return false
	case !known:
		v.add(fault.InvalidValue, "/terms/kind")
		return false
	}
	r, ok := v.reward(k)
	if !ok {
		return false
	}
	set := map[string]bool{}
	for _, f := range t.given() {
		set[f.name] = f.set
		switch {
		case !f.set || f.name == "reward" || k.reads(f.name) || r.reads(f.name):
		case len(k.rewards) > 0 && readByReward(k, f.name):
			v.add(fault.Conflicting, "/terms/"+f.name, "a", "reward", "b", string(t.Reward))
		default:
			v.absent(true, "/terms/"+f.name)
		}
	}
	for _, need := range slices.Concat(k.needs, r.needs) {
		any := strings.Split(need, "|")
		if !slices.ContainsFunc(any, func(name string) bool { return set[name] }) {
			v.add(fault.MissingValue, "/terms/"+any[0])
		}
	}
	return true
}

// reward returns what the terms' reward reads; ok is false where it is missing or
// none of the kind's.
func (v *validation) reward(k reads) (r reads, ok bool) {
	reward := v.doc.Terms.Reward
	switch {
	case len(k.rewards) == 0:
		v.absent(reward != "", "/terms/reward")
		return reads{}, true
	case reward == "":
		v.add(fault.MissingValue, "/terms/reward")
		return reads{}, false
	case slices.Contains(k.rewards, reward):
		return rewards[reward], true
	case rewards[reward].needs != nil:
		v.absent(true, "/terms/reward")
	default:
		v.add(fault.InvalidValue, "/terms/reward")
	}
	return reads{}, false
}

func readByReward(k reads, name string) bool {
	return slices.ContainsFunc(k.rewards, func(r Reward) bool { return rewards[r].reads(name) })
}

// Fields is what a kind or reward reads of the fields of Terms that not all read:
// of each entry of Needs one, and what it likes of May.
type Fields struct {
	Needs [][]string
	May   []string
}

// Fields of a kind without those of its rewards; the zero Fields of an unknown kind.
func (k Kind) Fields() Fields { return kinds[k].fields() }

// Rewards are the kind's choice; a kind that has one needs one.
func (k Kind) Rewards() []Reward { return slices.Clone(kinds[k].rewards) }

// Fields of a reward, beside those of the kind.
func (r Reward) Fields() Fields { return rewards[r].fields() }

func (r reads) fields() Fields {
	f := Fields{May: strings.Fields(r.may)}
	for _, n := range r.needs {
		f.Needs = append(f.Needs, strings.Split(n, "|"))
	}
	return f
}
