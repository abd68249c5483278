package api

import (
	"testing"
	"time"

	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
)

// TestOpenings: a countdown's figures, and that a claim is refused until then with
// the same moment, and given out from then on.
func TestOpenings(t *testing.T) {
	w := newWeb(t)
	zone := w.Market.Location()
	today := w.Market.Day(w.Clock())
	w.Time.Advance(time.Duration(today.At(12*60, zone)-w.Clock()) * time.Millisecond)
	template := w.published(func(b *createTemplateBody) {
		b.Draft.Claim.Window.To = today.AddDays(2).Start(zone)
		b.Draft.Claim.Sessions = &schedule.Sessions{Every: schedule.EveryDay, Hours: []schedule.TimeRange{{From: 20 * 60, To: 21 * 60}}}
	})
	opens, next := today.At(20*60, zone), today.AddDays(1).At(20*60, zone)
	w.member("13800000001")
	claim := map[string]any{"template": template, "channel": "app", "city": "shanghai", "member": map[string]any{"kind": "phone", "value": "13800000001"}}
	refused := w.refused(fault.ClaimClosed, "", "POST", "/v1/claims", claim)
	if got := refused.json["params"].(map[string]any)["opens_at"]; got != opens.String() {
		t.Errorf("opens at %v, want %s", got, opens)
	}
	look := func() (open bool, all []any) {
		a := w.ok(200, "GET", "/v1/templates/"+template+"/openings?count=3", nil)
		if a.json["claiming"] != true || a.text("now") != w.Clock().String() {
			t.Errorf("%s", a.body)
		}
		return a.json["open"].(bool), a.json["openings"].([]any)
	}
	from := func(row any) string { return row.(map[string]any)["from"].(string) }
	if open, all := look(); open || len(all) != 2 || from(all[0]) != opens.String() || from(all[1]) != next.String() {
		t.Errorf("at noon: %v %v", open, all)
	}
	w.Time.Advance(time.Duration(opens-w.Clock()) * time.Millisecond)
	if open, all := look(); !open || len(all) != 2 || from(all[0]) != opens.String() {
		t.Errorf("open: %v %v", open, all)
	}
	w.ok(201, "POST", "/v1/claims", claim)
	w.Time.Advance(25 * time.Hour)
	w.refused(fault.ClaimEnded, "", "POST", "/v1/claims", claim)
	if open, all := look(); open || len(all) != 0 {
		t.Errorf("after it all: %v %v", open, all)
	}
}

// TestNeverOpens: a schedule whose days the window does not have is no version.
func TestNeverOpens(t *testing.T) {
	w := newStage(t)
	first := calendar.Date(20260301)
	made := w.send("POST", "/v1/templates", edit("claim", map[string]any{
		"window":   map[string]any{"from": first.Start(w.Market.Location()), "to": first.AddDays(9).Start(w.Market.Location())},
		"sessions": map[string]any{"every": "month", "month_days": []int{10}, "hours": []any{map[string]any{"from": "10:00", "to": "11:00"}}}}))
	answer := w.send("POST", "/v1/templates/"+made.text("id")+"/publish", nil, "If-Match: "+made.header.Get("ETag"))
	if answer.status != 400 || answer.code() != string(fault.Conflicting) || answer.at() != "/draft/claim/sessions" {
		t.Errorf("%d %s at %s: %s", answer.status, answer.code(), answer.at(), answer.body)
	}
}
