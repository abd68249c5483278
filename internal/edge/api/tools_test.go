package api

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quan/internal/app/apptest"
	"quan/internal/app/issuing"
	"quan/internal/app/upkeep"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/job"
)

// tools are the rows of an answer as words: kind, name, state and figures.
func (a answer) tools() []string {
	var out []string
	rows, _ := a.json["tools"].([]any)
	for i := range rows {
		line := []string{a.text("tools", i, "kind"), a.text("tools", i, "name"), a.text("tools", i, "state")}
		for _, f := range []string{"issued", "used", "given", "left", "views", "cost_minor", "held_minor"} {
			if v := a.text("tools", i, "figures", f); v != "" {
				line = append(line, f+"="+v)
			}
		}
		out = append(out, strings.Join(line, " "))
	}
	return out
}

// totals are how many tools there are, by kind.
func (a answer) totals() string {
	var out []string
	rows, _ := a.json["kinds"].([]any)
	for i := range rows {
		out = append(out, a.text("kinds", i, "kind")+" "+a.text("kinds", i, "total"))
	}
	return strings.Join(out, ", ")
}

// A coupon that came any way is in the figures of what gave it out, on both engines.
func TestTemplateToolsCountWhatTheyGave(t *testing.T) {
	apptest.Each(t, func(t *testing.T, world *apptest.World) {
		w := newStageOn(newWebOn(t, world))
		visitor := base{}
		w.asMember(&visitor)
		linked := w.ok(201, "POST", "/v1/pages/poster/claims", map[string]any{"city": "shanghai"}, visitor.headers...).text("coupons", 0, "id")
		w.ok(201, "POST", "/v1/redemptions", w.use("T-1", linked))
		w.ok(201, "POST", "/v1/codes/redeem", map[string]any{"code": "新春快乐", "member": w.buyer(), "channel": "app", "city": "shanghai"})
		packed := w.ok(201, "POST", "/v1/packs/"+w.pack+"/claims", map[string]any{"member": w.buyer(), "channel": "app", "city": "shanghai"}).text("coupons", 0, "id")
		w.ok(201, "POST", "/v1/redemptions", w.use("T-2", packed))
		w.ok(201, "POST", "/v1/packets/openings", map[string]any{"link": w.link, "member": w.buyer(), "channel": "app", "city": "shanghai"})
		granted := w.ok(202, "POST", "/v1/bulk-grants", map[string]any{"name": "all", "templates": []any{w.template}, "audience": "everyone", "reason": "r", "go": true}).text("id")
		u := &upkeep.Upkeep{App: w.App}
		for {
			run, ok, err := u.Claim(w.Ctx(), []string{issuing.GrantJob}, "test")
			w.Must(err)
			if !ok {
				break
			}
			for run.State == job.Running {
				run, err = w.Issuing.GrantPiece(w.Ctx(), run)
				w.Must(err)
			}
		}
		given := w.ok(200, "GET", "/v1/bulk-grants/"+granted, nil)
		a := w.ok(200, "GET", "/v1/templates/"+w.template+"/tools", nil)
		want := []string{
			"placement front open issued=1 used=1 cost_minor=500",
			"link Poster open issued=1 used=1 views=0",
			"codes imported open issued=0 used=0 left=0", "codes word open issued=1 used=0 left=999999", "codes generated open issued=0 used=0 left=5",
			"pack one open issued=2 used=1 given=1", "pack draft draft issued=0 used=0 given=0",
			"packet_plan one open issued=1 used=0 given=1 held_minor=400", "packet_plan draft draft issued=0 used=0 given=0 held_minor=0",
			"grant all ended issued=1 used=0", "grant n paused issued=1 used=0", "grant n paused issued=0 used=0",
			"desk  open",
		}
		if diff := cmp.Diff(want, a.tools()); diff != "" {
			t.Errorf("tools of %s (-want +got):\n%s", given.body, diff)
		}
		if got, want := a.totals(), "placement 1, link 1, codes 3, pack 2, packet_plan 2, grant 3, desk 1"; got != want {
			t.Errorf("kinds: %s, want %s", got, want)
		}
		// The forms together are all of the template, as its funnel tells it.
		var issued, used int
		forms, _ := a.json["forms"].([]any)
		for i := range forms {
			n, err := strconv.Atoi(a.text("forms", i, "issued"))
			w.Must(err)
			u, err := strconv.Atoi(a.text("forms", i, "used"))
			w.Must(err)
			issued, used = issued+n, used+u
		}
		f := w.ok(200, "GET", "/v1/templates/"+w.template+"/funnel", nil)
		if got, want := fmt.Sprint(issued, " ", used), f.text("total", "issued")+" "+f.text("total", "used"); got != want {
			t.Errorf("forms together: %s, the funnel says %s", got, want)
		}
		// Each row, and each list behind a kind, is where it says.
		rows, _ := a.json["tools"].([]any)
		for i := range rows {
			if got := w.ok(200, "GET", a.text("tools", i, "path"), nil).text("id"); got != a.text("tools", i, "id") && a.text("tools", i, "kind") != "desk" {
				t.Errorf("%s is %s", a.text("tools", i, "path"), got)
			}
		}
		for i := range a.json["kinds"].([]any) {
			path := a.text("kinds", i, "path")
			if path == "" {
				continue
			}
			list, _ := w.ok(200, "GET", path, nil).json["items"].([]any)
			if got := fmt.Sprint(len(list)); got != a.text("kinds", i, "total") {
				t.Errorf("%s lists %s, of %s", path, got, a.text("kinds", i, "total"))
			}
		}
	})
}

// More tools than are told are counted; those of a batch, and a template that applies by
// itself, have figures too.
func TestTemplateToolsAreTheNewest(t *testing.T) {
	w := newStage(t)
	for i := range 3 {
		w.ok(201, "POST", "/v1/placements", map[string]any{"market": "main", "template": w.template, "name": fmt.Sprint("place ", i), "channel": "app", "open": i > 0, "cap": 5})
	}
	a := w.ok(200, "GET", "/v1/templates/"+w.template+"/tools?limit=2", nil)
	if got := a.tools()[:2]; !slices.Equal(got, []string{"placement place 2 open issued=0 used=0 left=5 cost_minor=0", "placement place 1 open issued=0 used=0 left=5 cost_minor=0"}) {
		t.Errorf("newest: %q", got)
	}
	if got := a.text("kinds", 0, "total"); got != "4" {
		t.Errorf("%s placements, want 4", got)
	}
	w.refused("out_of_range", "query:limit", "GET", "/v1/templates/"+w.template+"/tools?limit=51", nil)
	w.refused("not_found", "", "GET", "/v1/templates/tpl_0cysw6cn00100/tools", nil)

	stocked := w.published(func(b *createTemplateBody) { b.Draft.Claim.Limits = nil })
	w.ok(201, "POST", "/v1/batches", map[string]any{"market": "main", "template": stocked, "name": "first", "size": 10, "open": true, "budget_minor": 9000})
	w.claimed(stocked, phone)
	if got := w.ok(200, "GET", "/v1/templates/"+stocked+"/tools", nil).tools(); !slices.Equal(got, []string{"batch first open issued=1 used=0 left=9 held_minor=500"}) {
		t.Errorf("batch: %q", got)
	}
	itself := w.published(func(b *createTemplateBody) {
		b.Draft.Claim = coupon.ClaimRules{Automatic: true, Limits: b.Draft.Claim.Limits}
	})
	if got := w.ok(200, "GET", "/v1/templates/"+itself+"/tools", nil).tools(); !slices.Equal(got, []string{"automatic  open issued=0 used=0 cost_minor=0"}) {
		t.Errorf("automatic: %q", got)
	}
}

// What the caller may not read is not told, nor are figures to who may see none.
func TestTemplateToolsAreThoseThatOneMayRead(t *testing.T) {
	w := newStage(t)
	path := "/v1/templates/" + w.template + "/tools"
	as := func(kind access.Kind, scope access.Scope, may ...access.Permission) string {
		return "Authorization: Bearer " + w.makeKey(kind, may, scope)
	}
	for name, c := range map[string]struct {
		header string
		want   string
		forms  bool
	}{
		"templates only":     {as(access.KindServer, access.Scope{}, access.TemplateRead), "pack packet_plan", false},
		"no figures":         {as(access.KindServer, access.Scope{}, access.TemplateRead, access.ReferenceRead), "placement link pack packet_plan", false},
		"figures":            {as(access.KindServer, access.Scope{}, access.TemplateRead, access.StatisticsRead), "pack packet_plan", true},
		"one store":          {as(access.KindServer, access.Scope{Stores: []string{"nanjing-road"}}, access.TemplateRead, access.StatisticsRead), "pack packet_plan", false},
		"codes and the desk": {as(access.KindServer, access.Scope{}, access.TemplateRead, access.CodeRead, access.MemberRead), "codes pack packet_plan desk", false},
		"grants of somebody": {as(access.KindServer, access.Scope{Cities: []string{"shanghai"}}, access.TemplateRead, access.CouponGrant), "pack packet_plan", false},
	} {
		a := w.ok(200, "GET", path, nil, c.header)
		var kinds []string
		for _, line := range a.tools() {
			kinds = append(kinds, strings.Fields(line)[0])
		}
		if got := strings.Join(slices.Compact(kinds), " "); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		if _, forms := a.json["forms"]; forms != c.forms || strings.Contains(string(a.body), `"figures"`) != c.forms {
			t.Errorf("%s: figures: %v, want %v\n%s", name, forms, c.forms, a.body)
		}
	}
	w.ok(201, "PUT", "/v1/merchants/blue", map[string]any{"name": "Blue"})
	w.refused("not_found", "", "GET", path, nil, as(access.KindServer, access.Scope{Merchants: []string{"blue"}}, access.TemplateRead))
	w.refused("permission_denied", "", "GET", path, nil, as(access.KindBrowser, access.Scope{}))
}
