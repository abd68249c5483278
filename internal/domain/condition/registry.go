package condition

import (
	"reflect"
	"slices"
)

// registered are the leaf types, in the order in which an editor offers them.
var registered = []Leaf{
	&MemberNew{}, &MemberNewIn{}, &MemberLifecycle{}, &MemberTier{}, &OrderCount{}, &DaysSinceOrder{},
	&Bought{}, &NeverBought{}, &LastCategory{}, &MemberValue{}, &DiscountSensitivity{}, &ChurnRisk{}, &SubsidyRate{},
	&MemberAttribute{}, &MemberTag{}, &MemberList{},
	&CartAmount{}, &CartContains{}, &CartQuantity{}, &CartItems{},
	&City{}, &Geofence{}, &Store{}, &Distance{}, &NearStore{},
	&Weekday{}, &Hours{}, &DateWindow{}, &Holiday{},
	&Channel{}, &BusinessMode{}, &PaymentMethod{},
	&Weather{}, &Outer{}, &HoldsCoupon{}, &RandomShare{}, &Expression{},
}

var byType = func() map[string]reflect.Type {
	all := make(map[string]reflect.Type, len(registered))
	for _, leaf := range registered {
		all[leaf.Type()] = reflect.TypeOf(leaf).Elem()
	}
	return all
}()

// New returns an empty leaf of a type, nil for a type that is not known.
func New(name string) Leaf {
	if t, ok := byType[name]; ok {
		return reflect.New(t).Interface().(Leaf)
	}
	return nil
}

// Types returns the names of the leaf types in the order of the editor.
func Types() []string {
	all := make([]string, len(registered))
	for i, leaf := range registered {
		all[i] = leaf.Type()
	}
	return all
}

// Forms returns the form of every leaf type in the order of the editor.
func Forms() []Form {
	all := make([]Form, len(registered))
	for i, leaf := range registered {
		all[i] = leaf.Form()
		all[i].Fields = append(slices.Clone(all[i].Fields), unknownField)
	}
	return all
}
