package market

import "quan/internal/kernel/calendar"

// Fact is a fact from outside, such as the weather, as an outside system last
// told it. It is known until ExpiresAt.
type Fact struct {
	Name       string            `json:"name"`
	Value      string            `json:"value,omitempty"`  // where no city says otherwise; "": not known
	Cities     map[string]string `json:"cities,omitempty"` // by city
	ExpiresAt  calendar.Instant  `json:"expires_at"`
	Rev        int64             `json:"-"`
	CreatedAt  calendar.Instant  `json:"-"`
	UpdatedAt  calendar.Instant  `json:"-"`
	ArchivedAt calendar.Instant  `json:"-"`
}

// In is the fact's value in a city at a moment, "" where it is not known.
func (f *Fact) In(city string, at calendar.Instant) string {
	if at >= f.ExpiresAt {
		return ""
	}
	if value := f.Cities[city]; city != "" && value != "" {
		return value
	}
	return f.Value
}
