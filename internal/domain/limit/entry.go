package limit

import (
	"encoding/json"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// Entry keeps what one coupon or redemption holds of a counter, where that does
// not follow from its own row: so that it can be given back to the very counter it
// was taken of, and recounted. Fact is the coupon, of what its issue took, or the
// redemption.
type Entry struct {
	Fact id.ID
	Key
	Amount int64
}

// entryText is an entry in JSON: a lock carries its own until it ends.
type entryText struct {
	Fact     id.ID  `json:"fact"`
	Template id.ID  `json:"template"`
	Per      Per    `json:"per"`
	Subject  id.ID  `json:"subject"`
	What     What   `json:"what"`
	Period   Period `json:"period"`
	Start    int64  `json:"start"`
	Amount   int64  `json:"amount"`
}

// MarshalJSON writes all ids as numbers.
func (e Entry) MarshalJSON() ([]byte, error) {
	return json.Marshal(entryText{e.Fact, e.Template, e.Per, e.Subject, e.What, e.Period, int64(e.Start), e.Amount})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (e *Entry) UnmarshalJSON(b []byte) error {
	var t entryText
	if err := json.Unmarshal(b, &t); err != nil {
		return err
	}
	*e = Entry{t.Fact, Key{t.Template, t.Per, t.Subject, t.What, t.Period, calendar.Date(t.Start)}, t.Amount}
	return nil
}

// Entries are what the takings of a fact leave: one for each counter.
func Entries(fact id.ID, takings []Taking) (out []Entry) {
	for i := range takings {
		if t := &takings[i]; t.Kept && !t.Shared {
			out = append(out, Entry{fact, t.Key, t.Amount})
		}
	}
	return out
}
