package page_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quan/internal/domain/page"
	"quan/internal/kernel/fault"
)

func TestDesignsThatAreNone(t *testing.T) {
	d := page.Design{Theme: page.Festive, Colour: "#c8102e", Picture: strings.Repeat("0a", 32),
		Texts: map[string]page.Text{"zh-CN": {Title: "新春领券", Notes: "一\n二"}, "en": {Button: "Take it"}}}
	if err := d.Validate(); err != nil {
		t.Fatal(err)
	}
	for pointer, change := range map[string]func(*page.Design){
		"/theme":             func(d *page.Design) { d.Theme = "loud" },
		"/colour":            func(d *page.Design) { d.Colour = "red;}" },
		"/picture":           func(d *page.Design) { d.Picture = "../secret" },
		"/texts/fr":          func(d *page.Design) { d.Texts = map[string]page.Text{"fr": {}} },
		"/texts/en/title":    func(d *page.Design) { d.Texts = map[string]page.Text{"en": {Title: strings.Repeat("字", 41)}} },
		"/texts/zh-CN/notes": func(d *page.Design) { d.Texts = map[string]page.Text{"zh-CN": {Notes: "\x00"}} },
	} {
		bad := d
		change(&bad)
		if f := fault.From(bad.Validate()); f == nil || f.Pointer != pointer {
			t.Errorf("%s: %v", pointer, f)
		}
	}
}

func TestMissingTextsComeFromAnotherLanguage(t *testing.T) {
	d := page.Design{Texts: map[string]page.Text{"zh-CN": {Title: "领券", Button: "领取"}, "en": {Title: "Coupons"}}}
	if diff := cmp.Diff(page.Text{Title: "Coupons", Button: "领取"}, d.In("en")); diff != "" {
		t.Error(diff)
	}
}

func TestStates(t *testing.T) {
	for code, want := range map[fault.Code][2]page.State{
		"": {page.Open, page.Open}, fault.ClaimNotStarted: {page.Before, page.Before}, fault.SoldOut: {page.SoldOut, page.Claimed}, fault.ClaimEnded: {page.Ended, page.Claimed},
		fault.PlacementClosed: {page.Paused, page.Claimed}, fault.MemberLimit: {page.Open, page.Claimed}, fault.MemberBlocked: {page.Open, page.Claimed},
	} {
		var f *fault.Fault
		if code != "" {
			f = fault.New(code)
		}
		if got := [2]page.State{page.StateOf(f), page.Own(f, true)}; got != want {
			t.Errorf("%q: %v, want %v", code, got, want)
		}
	}
	if got := page.Own(fault.New(fault.ConditionNotMet), false); got != page.Refused {
		t.Errorf("a member whom it is not for: %s", got)
	}
}
