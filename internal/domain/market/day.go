package market

import "quan/internal/kernel/calendar"

// Day is what a market's calendar calls a date: statutory, makeup_workday,
// lunar_new_year … A date without a row has no names.
type Day struct {
	Market     string           `json:"market"`
	Date       calendar.Date    `json:"date"`
	Names      []string         `json:"names"` // ≤ 20 words, sorted, each once
	Rev        int64            `json:"-"`
	CreatedAt  calendar.Instant `json:"-"`
	UpdatedAt  calendar.Instant `json:"-"`
	ArchivedAt calendar.Instant `json:"-"`
}

// DayKey is the key of a day's row: the market's code and yyyy-mm-dd.
func DayKey(code string, date calendar.Date) string { return code + "|" + date.String() }
