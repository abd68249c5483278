package api

import (
	"strings"
	"testing"

	"quan/internal/kernel/fault"
)

// What an outside system feeds is what a segment counts by.
func TestFactsReachSegments(t *testing.T) {
	w := newWeb(t)
	w.member("13800000001")
	row := func(phone, tier string) map[string]any {
		return map[string]any{"member": map[string]any{"kind": "phone", "value": phone}, "attributes": map[string]any{"tier": tier}, "add_tags": []any{"student"}}
	}
	fed := w.ok(200, "POST", "/v1/members/facts", map[string]any{"create": true, "members": []any{row("13800000001", "gold"), row("13800000002", "silver"), row("x", "gold")}})
	for i, want := range []string{"updated", "created", "refused"} {
		if got := fed.text("items", i, "status"); got != want {
			t.Errorf("row %d: %s, want %s: %s", i, got, want, fed.body)
		}
	}
	if at := fed.text("items", 2, "problem", "pointer"); at != "/members/2/member/value" {
		t.Errorf("the refused row points at %s", at)
	}
	w.ok(201, "PUT", "/v1/lists/vip", map[string]any{"name": "VIP"})
	for _, path := range []string{"/v1/lists/vip/members", "/v1/lists/vip/members/remove"} { // tried, nothing is written
		tried := w.ok(200, "POST", path, map[string]any{"dry_run": true, "members": []any{map[string]any{"kind": "phone", "value": "13800000009"}, map[string]any{"kind": "phone", "value": "+8613800000002"}}})
		if want := map[bool]string{true: "0", false: "1"}[strings.HasSuffix(path, "remove")]; tried.text("changed") != want || tried.text("unknown", 0) != "0" {
			t.Errorf("tried %s: %s", path, tried.body)
		}
	}
	put := w.ok(200, "POST", "/v1/lists/vip/members", map[string]any{"members": []any{map[string]any{"kind": "phone", "value": "13800000002"}, map[string]any{"kind": "phone", "value": "13800000009"}}})
	if put.text("changed") != "1" || put.text("unknown", 0) != "1" {
		t.Errorf("listed: %s", put.body)
	}
	if got := w.ok(200, "GET", "/v1/lists/vip", nil); got.text("members") != "1" {
		t.Errorf("the list: %s", got.body)
	}
	if file := w.ok(200, "GET", "/v1/lists/vip/members?format=csv", nil); !strings.HasPrefix(string(file.body), "\ufeffmember\r\nmem_") || strings.Count(string(file.body), "\r\n") != 2 {
		t.Errorf("the list as a file: %q", file.body)
	}
	count := func(tree any) map[string]any { return map[string]any{"tree": tree} }
	leaf := func(kind, word string) map[string]any { return map[string]any{"type": kind, "in": []any{word}} }
	for _, c := range []struct {
		tree any
		want string
	}{
		{map[string]any{}, "2"}, {leaf("member_tag", "student"), "2"}, {leaf("member_tier", "gold"), "1"},
		{map[string]any{"any": []any{leaf("member_tier", "gold"), leaf("member_list", "vip")}}, "2"},
		{map[string]any{"none": []any{leaf("member_list", "vip")}}, "1"},
	} {
		if got := w.ok(200, "POST", "/v1/segments/count", count(c.tree)); got.text("count") != c.want || got.text("members") != "2" {
			t.Errorf("%v: %s, want %s of 2", c.tree, got.body, c.want)
		}
	}
	const path = "/v1/segments/count"
	w.refused(fault.InvalidValue, "/tree/all/1/type", "POST", path, count(map[string]any{"all": []any{leaf("member_tag", "a"), leaf("channel", "app")}}))
	w.refused(fault.MissingValue, "/tree/in", "POST", path, count(map[string]any{"type": "member_tag"}))
	w.refused(fault.UnknownField, "/tree/out", "POST", path, count(map[string]any{"type": "member_tag", "out": 1}))
}

// A file of members: a trial writes nothing, each row has its own fate in words, a
// repetition changes nothing.
func TestMembersAreFed(t *testing.T) {
	w := newWeb(t)
	w.member("13800000001")
	identity := func(kind, value string) map[string]any { return map[string]any{"kind": kind, "value": value} }
	rows := []any{
		map[string]any{"member": identity("phone", "13800000001"), "identities": []any{identity("email", "ann@example.com")}, "tags": []any{"=vip"}},
		map[string]any{"member": identity("phone", "13800000002"), "identities": []any{identity("email", "ann@example.com")}},
		map[string]any{"member": identity("phone", "13800000003"), "attributes": map[string]any{"tier": "gold"}},
	}
	feed := func(dry bool) answer {
		return w.ok(200, "POST", "/v1/members/facts", map[string]any{"create": true, "dry_run": dry, "members": rows}, "Accept-Language: zh-CN")
	}
	for _, c := range []struct {
		dry  bool
		want string
	}{{true, "updatedupdatedcreated"}, {true, "updatedupdatedcreated"}, {false, "updatedupdatedcreated"}, {false, "unchangedunchangedunchanged"}} {
		a := feed(c.dry)
		if got := a.text("items", 0, "status") + a.text("items", 1, "status") + a.text("items", 2, "status"); got != c.want {
			t.Errorf("dry %v: %s, want %s: %s", c.dry, got, c.want, a.body)
		}
	}
	ben := map[string]any{"member": identity("phone", "13800000003"), "identities": []any{identity("email", "ann@example.com")}}
	rows = []any{ben}
	a := feed(true)
	if a.text("items", 0, "problem", "code") != "identity_taken" || a.text("items", 0, "problem", "pointer") != "/members/0/identities/0/value" {
		t.Errorf("somebody else's e-mail: %s", a.body)
	}
	if got := a.text("items", 0, "problem", "detail"); got != "/members/0/identities/0/value 的值已属于另一位会员。请去掉它，或修改那位会员。" {
		t.Errorf("in words: %s", got)
	}
	card := w.ok(200, "GET", "/v1/members/phone/13800000003", nil)
	path := "/v1/members/id/" + card.text("id")
	w.refused(fault.IfMatchMissing, "header:If-Match", "PUT", path, map[string]any{"tags": []any{"x"}})
	w.refused(fault.StaleRevision, "header:If-Match", "PUT", path, map[string]any{"tags": []any{"x"}}, "If-Match: \"9\"")
	if got := w.ok(200, "PUT", path, map[string]any{"tags": []any{"x"}}, "If-Match: "+card.header.Get("ETag")); got.text("tags", 0) != "x" || got.text("attributes", "tier") != "gold" {
		t.Errorf("changed by id: %s", got.body)
	}
	w.refused(fault.MemberUnknown, "", "PUT", "/v1/members/id/mem_0000000000005", map[string]any{"tags": []any{"x"}}, "If-Match: \"1\"")
	w.refused(fault.InvalidValue, "path:value", "PUT", "/v1/members/id/nobody", map[string]any{"tags": []any{"x"}}, "If-Match: \"1\"")
}

// Every type, field and choice has words in every language.
func TestConditionsHaveWords(t *testing.T) {
	w := newWeb(t)
	seen := map[string]string{}
	for _, lang := range []string{"en", "zh-CN", "zh-TW"} {
		a := w.ok(200, "GET", "/v1/conditions", nil, "Accept-Language: "+lang)
		if a.header.Get("Content-Language") != lang {
			t.Errorf("asked for %s, got %s", lang, a.header.Get("Content-Language"))
		}
		for i := 0; a.text("conditions", i, "type") != ""; i++ {
			name := a.text("conditions", i, "type")
			if a.text("conditions", i, "label") == "" || a.text("conditions", i, "help") == "" {
				t.Errorf("%s: %s lacks words", lang, name)
			}
			for j := 0; a.text("conditions", i, "fields", j, "name") != ""; j++ {
				if a.text("conditions", i, "fields", j, "label") == "" {
					t.Errorf("%s: field %s of %s lacks words", lang, a.text("conditions", i, "fields", j, "name"), name)
				}
				for k := 0; a.text("conditions", i, "fields", j, "options", k, "value") != ""; k++ {
					if a.text("conditions", i, "fields", j, "options", k, "label") == "" {
						t.Errorf("%s: choice %s of %s lacks words", lang, a.text("conditions", i, "fields", j, "options", k, "value"), name)
					}
				}
			}
		}
		seen[a.text("conditions", 0, "label")] = lang
	}
	if len(seen) < 2 {
		t.Errorf("all languages say the same: %v", seen)
	}
}
