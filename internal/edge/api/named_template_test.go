package api

import (
	"encoding/json"
	"strings"
	"testing"

	"quan/internal/kernel/fault"
)

// typed is a template body whose draft holds a value as somebody typed it.
func typed(t *testing.T, at, value string) string {
	t.Helper()
	text, err := json.Marshal(edit(at, hole))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Replace(string(text), `"`+hole+`"`, value, 1)
}

// TestNamedAmounts: amounts, percentages and counts as people and programs write
// them. None is guessed at, and none is rounded.
func TestNamedAmounts(t *testing.T) {
	w := newStage(t)
	const amount, percent, cap, cut = "terms/amount_minor", "terms/discount_bps", "claim/limits/0/cap", "terms/threshold_minor"
	var list []scenario
	for _, c := range []struct {
		name, at, value string
		code            fault.Code
	}{
		{"minus one", amount, `-1`, fault.OutOfRange},
		{"a thousandth", amount, `0.001`, fault.InvalidValue},
		{"with a point and zeros", amount, `5.00`, fault.InvalidValue},
		{"exponent", amount, `1e2`, fault.InvalidValue},
		{"beyond every float", amount, `1e309`, fault.InvalidValue},
		{"thousands divided", amount, `"1,000"`, fault.InvalidValue},
		{"blanks around", amount, `" 5 "`, fault.InvalidValue},
		{"full width", amount, `"５"`, fault.InvalidValue},
		{"a hundred in Chinese", amount, `"百"`, fault.InvalidValue},
		{"no float holds it", amount, `9007199254740993`, fault.OutOfRange},
		{"largest int64", amount, `9223372036854775807`, fault.OutOfRange},
		{"one more than an int64", amount, `9223372036854775808`, fault.OutOfRange},
		{"minus zero", amount, `-0`, fault.InvalidValue},
		{"true", amount, `true`, fault.InvalidValue},
		{"null", amount, `null`, fault.InvalidValue},
		{"a list", amount, `[500]`, fault.InvalidValue},
		{"101 percent", percent, `10100`, fault.OutOfRange},
		{"15 percent as a fraction", percent, `0.15`, fault.InvalidValue},
		{"threshold below zero", cut, `-2000`, fault.OutOfRange},
		{"limit below zero", strings.Replace(cap, "/0/cap", "", 1), `[{"what":"issue_count","period":"ever","per":"template","cap":-1}]`, fault.OutOfRange},
	} {
		pointer := "/draft/" + c.at
		if c.at == "claim/limits" {
			pointer += "/0/cap"
		}
		list = append(list, scenario{c.name, "POST", "/v1/templates", typed(t, c.at, c.value), c.code, pointer, nil})
	}
	for value, pointer := range map[string]string{`NaN`: "/" + amount, `Infinity`: "/" + amount, `+1`: "/" + amount, `0x10`: "/terms", `01`: "/terms", `１`: "/" + amount} {
		list = append(list, scenario{"no JSON: " + value, "POST", "/v1/templates", typed(t, amount, value), fault.InvalidBody, "/draft" + pointer, nil})
	}
	w.play(t, list)
}

// TestNamedContent: content that is legal as JSON and no coupon: a draft may hold
// it, no version does.
func TestNamedContent(t *testing.T) {
	percent := map[string]any{"kind": "percent_off", "uses_per_coupon": 1, "validity": map[string]any{"kind": "days", "days": 7},
		"funders": []any{map[string]any{"kind": "platform", "code": "platform", "share_bps": 10000}}}
	with := func(terms map[string]any, change ...any) map[string]any {
		out := map[string]any{}
		for k, v := range terms {
			out[k] = v
		}
		for i := 0; i < len(change); i += 2 {
			out[change[i].(string)] = change[i+1]
		}
		return out
	}
	amountLimit := []any{map[string]any{"what": "redeem_amount", "period": "ever", "per": "template", "cap": 1000}}
	w := newStage(t)
	for _, c := range []struct {
		name, at string
		value    any
		code     fault.Code
		pointer  string
	}{
		{"discount of 0 %", "terms", with(percent, "discount_bps", 0), fault.MissingValue, "/draft/terms/discount_bps"},
		{"discount of 100 % where zero is not allowed", "terms", with(percent, "discount_bps", 10000), fault.OutOfRange, "/draft/terms/discount_bps"},
		{"percent without a cap under an amount limit", "", map[string]any{"terms": with(percent, "discount_bps", 1500), "claim": map[string]any{"limits": amountLimit}}, fault.UnboundedAmount, "/draft/claim/limits/0"},
		{"threshold below the amount", "terms/threshold_minor", 499, fault.Conflicting, "/draft/terms/threshold_minor"},
		{"amount off without a threshold", "terms/threshold_minor", 0, fault.MissingValue, "/draft/terms/threshold_minor"},
		{"a percentage beside the amount", "terms/discount_bps", 1000, fault.Conflicting, "/draft/terms/discount_bps"},
		{"two limits of one kind", "claim/limits", []any{
			map[string]any{"what": "issue_count", "period": "ever", "per": "template", "cap": 10},
			map[string]any{"what": "issue_count", "period": "ever", "per": "template", "cap": 20}}, fault.DuplicateValue, "/draft/claim/limits/1"},
		{"no funder", "terms/funders", []any{}, fault.MissingValue, "/draft/terms/funders"},
		{"a negative number of days", "terms/validity/days", -1, fault.OutOfRange, "/draft/terms/validity/days"},
		{"dates that end before the claim window", "", map[string]any{
			"terms": with(draftBody()["terms"].(map[string]any), "validity", map[string]any{"kind": "fixed", "from": "2026-03-01T00:00:00Z", "to": "2026-03-02T00:00:00Z"}),
			"claim": map[string]any{"window": map[string]any{"from": "2026-03-02T00:00:00Z"}}}, fault.Conflicting, "/draft/terms/validity/to"},
		{"cut by a window without an end", "terms/validity", map[string]any{"kind": "days", "days": 7, "cut_by_window": true}, fault.Conflicting, "/draft/terms/validity/cut_by_window"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.TB = t
			body := edit("terms/priority", 0)
			if c.at == "" {
				body["draft"] = c.value
			} else {
				body = edit(c.at, c.value)
			}
			made := w.send("POST", "/v1/templates", body)
			if made.status == 201 {
				made = w.send("POST", "/v1/templates/"+made.text("id")+"/publish", nil, "If-Match: "+made.header.Get("ETag"))
			}
			if made.code() != string(c.code) || made.at() != c.pointer {
				t.Errorf("%d %s at %q, want %s at %q", made.status, made.code(), made.at(), c.code, c.pointer)
			}
		})
	}
}

// TestNamedTimes: moments as people and programs write them.
func TestNamedTimes(t *testing.T) {
	w := newStage(t)
	const from = "claim/window/from"
	bad := map[string]string{
		"29 February of no leap year": `"2027-02-29T00:00:00Z"`, "day 31 of a short month": `"2026-04-31T00:00:00Z"`, "month 13": `"2026-13-01T00:00:00Z"`,
		"second 60": `"2026-06-30T23:59:60Z"`, "minute 60": `"2026-06-30T23:60:00Z"`, "a date alone": `"2026-03-02"`, "no zone": `"2026-03-02T10:00:00"`,
		"a blank for T": `"2026-03-02 10:00:00Z"`, "zone by name": `"2026-03-02T10:00:00 CST"`, "zone +25:00": `"2026-03-02T10:00:00+25:00"`,
		"year 10000": `"10000-01-01T00:00:00Z"`, "slashes": `"2026/03/02"`, "epoch in milliseconds": `1772416800000`, "epoch as text": `"1772416800"`,
		"full width": `"２０２６-03-02T10:00:00Z"`, "line break after it": `"2026-03-02T10:00:00Z\n"`,
	}
	var list []scenario
	for name, value := range bad {
		list = append(list, scenario{name, "POST", "/v1/templates", typed(t, from, value), fault.InvalidValue, "/draft/" + from, nil})
	}
	w.play(t, list)
	w.TB = t
	for value, want := range map[string]string{
		"2028-02-29T00:00:00Z":      "2028-02-29T00:00:00.000Z", // a leap day
		"2038-01-19T03:14:08Z":      "2038-01-19T03:14:08.000Z", // beyond 32 bits of seconds
		"2026-03-02T10:00:00+14:00": "2026-03-01T20:00:00.000Z",
		"2026-03-02T10:00:00-12:00": "2026-03-02T22:00:00.000Z",
		"2026-03-29T02:30:00+01:00": "2026-03-29T01:30:00.000Z", // skipped by Berlin's clocks; with an offset it is a moment
		"2026-03-02T10:00:00.123Z":  "2026-03-02T10:00:00.123Z",
		"2000-01-01T00:00:00Z":      "2000-01-01T00:00:00.000Z", // a start in the past is legal
	} {
		made := w.ok(201, "POST", "/v1/templates", edit(from, value))
		if got := made.text("draft", "claim", "window", "from"); got != want {
			t.Errorf("%s became %s, want %s", value, got, want)
		}
		w.ok(200, "POST", "/v1/templates/"+made.text("id")+"/publish", nil, "If-Match: "+made.header.Get("ETag"))
	}
	for _, query := range []string{"from=2026-02-30", "from=20260302", "to=2026-3-2", "to=tomorrow", "from=2026-03-02T00:00:00Z"} {
		a := w.send("GET", "/v1/statistics?"+query, nil)
		if a.status != 400 || !strings.HasPrefix(a.at(), "query:") {
			t.Errorf("%s: %d %s", query, a.status, a.body)
		}
	}
}

// TestNamedTemplateLife: changes under the feet of those who hold coupons.
func TestNamedTemplateLife(t *testing.T) {
	w := newStage(t)
	row := w.ok(200, "GET", "/v1/templates/"+w.template, nil)
	path, tag := "/v1/templates/"+w.template, "If-Match: "+row.header.Get("ETag")
	body := templateExample().TemplateNames
	foreign := body
	foreign.Issuer.Kind, foreign.Issuer.Code = "merchant", "green"
	long := edit("terms/priority", 0)
	long["internal_name"] = strings.Repeat("n", 10_000)
	taken := templateExample()
	taken.Code = row.text("code")
	w.play(t, []scenario{
		{"a name of 10,000 letters", "POST", "/v1/templates", long, fault.TooLong, "/internal_name", nil},
		{"a code that is taken", "POST", "/v1/templates", taken, fault.NameTaken, "/code", nil},
		{"publish what has no draft", "POST", path + "/publish", nil, fault.WrongState, "", []string{tag}},
		{"another issuer after the publication", "PUT", path, foreign, fault.WrongState, "/issuer", []string{tag}},
		{"a draft made against an old revision", "PUT", path, body, fault.StaleRevision, "header:If-Match", []string{`If-Match: "1"`}},
		{"a change without a revision", "PUT", path, body, fault.IfMatchMissing, "header:If-Match", nil},
	})
	w.TB = t
	issued := w.ok(200, "GET", "/v1/coupons/"+w.coupon, nil)
	body.Draft.Terms.Validity.Days = 1
	body.Draft.Terms.AmountMinor = 1
	body.Draft.Claim.Limits = body.Draft.Claim.Limits[:1]
	body.Draft.Claim.Limits[0].Cap = 1 // below what is issued
	changed := w.ok(200, "PUT", path, body, tag)
	w.ok(200, "POST", path+"/publish", nil, "If-Match: "+changed.header.Get("ETag"))
	if again := w.ok(200, "GET", "/v1/coupons/"+w.coupon, nil); string(again.body) != string(issued.body) {
		t.Errorf("an issued coupon changed with its template:\n%s\n%s", issued.body, again.body)
	}
	w.refused(fault.SoldOut, "", "POST", "/v1/claims", claimOf(w.template, phone))
	if used := w.ok(201, "POST", "/v1/redemptions", w.use("V-1", w.coupon)); used.text("redemptions", 0, "discount_minor") != "500" {
		t.Errorf("an issued coupon lost its terms: %s", used.body)
	}
	w.Clean()
}
