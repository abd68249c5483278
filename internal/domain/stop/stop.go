package stop

import (
	"slices"

	"quan/internal/domain/coupon"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// Scope says what is stopped.
type Scope string

// The scopes.
const (
	ScopeAll      Scope = "all"
	ScopeMerchant Scope = "merchant"
	ScopeBudget   Scope = "budget"
	ScopeTemplate Scope = "template"
)

// Scopes are all of them.
var Scopes = []Scope{ScopeAll, ScopeMerchant, ScopeBudget, ScopeTemplate}

// Stop ends claims or uses until it is lifted: then both are false.
type Stop struct {
	Scope  Scope            `json:"scope"`
	Key    string           `json:"key,omitempty"` // code of the merchant, id of the budget or template; "" for all
	Claims bool             `json:"claims"`
	Uses   bool             `json:"uses"`
	Reason string           `json:"reason,omitempty"`
	By     string           `json:"by,omitempty"`
	At     calendar.Instant `json:"at,omitzero"`
}

// Prefix begins the names of all stops.
const Prefix = "stop/"

// Name is where the stop is kept.
func (s *Stop) Name() string { return Prefix + string(s.Scope) + "/" + s.Key }

// Lifted reports whether nothing is stopped any more.
func (s *Stop) Lifted() bool { return !s.Claims && !s.Uses }

// Holds reports whether the stop is one of the template's.
func (s *Stop) Holds(t *coupon.Template) bool { return slices.Contains(Names(t), s.Name()) }

// Names are the names of all stops that hold a template.
func Names(t *coupon.Template) []string {
	subjects := []Stop{{Scope: ScopeAll}, {Scope: ScopeTemplate, Key: id.Format(id.Template, t.ID)}}
	if m := t.Merchant(); m != "" {
		subjects = append(subjects, Stop{Scope: ScopeMerchant, Key: m})
	}
	for _, b := range t.Budgets {
		subjects = append(subjects, Stop{Scope: ScopeBudget, Key: id.Format(id.Budget, b)})
	}
	names := make([]string, len(subjects))
	for i := range subjects {
		names[i] = subjects[i].Name()
	}
	return names
}

// On is a template's switches as they count under the stop.
func (s *Stop) On(t *coupon.Template) {
	t.Claiming = t.Claiming && !s.Claims
	t.Use = t.Use && !s.Uses
}
