package explanation

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quan/internal/domain/condition"
	"quan/internal/kernel/i18n"
)

const conditionsFile = "../../../docs/guides/conditions.md"

const conditionsIntro = `# Conditions

<!-- Made from the leaf types by go test ./internal/domain/explanation -run TestConditionsPage -update; do not edit. -->

Claim rules say who may get a coupon, use rules when it works. Both are trees: ` + "`{\"all\": […]}`, `{\"any\": […]}`, `{\"none\": […]}`" + ` over
conditions of the types below, at most %d levels deep and %d conditions large. ` + "`{}`" + ` asks for nothing.

` + "```json" + `
{"all": [
  {"type": "member_tier", "in": ["gold", "silver"]},
  {"any": [{"type": "order_count", "days": 30, "min": 2}, {"type": "member_list", "in": ["spring-guests"]}]},
  {"none": [{"type": "holiday", "in": ["makeup_workday"], "unknown": "no"}]}
]}
` + "```" + `

` + "`GET /v1/conditions`" + ` answers the same forms with labels in the caller's language, for an editor to be drawn from.
` + "`POST /v1/segments/count`" + ` counts the members who satisfy a tree whose conditions are marked *segment*: they ask only for what is stored of members.

## When a fact is not known

A condition answers yes, no or not known. What not known counts as stands in its field ` + "`unknown`" + `: ` + "`no`" + ` (so it is when absent) or ` + "`yes`" + `. It counts
for that condition before ` + "`all`, `any` and `none`" + ` are looked at: inside a ` + "`none`" + `, an unknown fact that counts as no lets the member pass.
Each condition below says when its fact is not known.

## Where facts come from

| fact | told by |
|---|---|
| attributes and tags of a member | ` + "`PUT /v1/members/{kind}/{value}`, or `POST /v1/members/facts`" + ` for many: up to 1,000 rows, each with its own fate, tried with ` + "`dry_run`" + `; further identities of a row find its member too, or become its own. The console's import of members is this feed |
| lists | ` + "`PUT /v1/lists/{code}`, then `POST /v1/lists/{code}/members` (`/remove` takes out), both tried with `dry_run`; `GET /v1/lists/{code}/members?format=csv` is the list as a file" + ` |
| orders, purchases | the orders that quan knows (` + "`POST /v1/orders`" + `, redemptions, imports); an order of which everything was given back does not count |
| names of days | ` + "`PUT /v1/markets/{code}/days/{date}`" + `; the calendar is known up to the last day that is in it |
| weather and other outer facts | ` + "`PUT /v1/facts/{name}`" + `, by city, until they expire |
| positions of stores | ` + "`PUT /v1/stores/{code}`" + ` |
| live coupons | the coupons of the member |
| everything else | the claim or the cart |

Attributes with names of their own: ` + "`tier`, `lifecycle`" + ` (words of yours), ` + "`value`" + ` (a whole number), ` + "`sensitivity`" + ` (%s), ` + "`churn`" + ` (%s),
` + "`subsidy_rate_bps`" + ` (a whole number of basis points).
`

// unknownWhen says of each type when its fact is not known.
var unknownWhen = map[string]string{
	"member_new":           "for a guest; of a member the orders are always known.",
	"member_new_in":        "for a guest; of a member the purchases are always known.",
	"member_lifecycle":     "where the attribute `lifecycle` is absent, and for a guest.",
	"member_tier":          "where the attribute `tier` is absent, and for a guest.",
	"order_count":          "for a guest; of a member the orders are always known.",
	"days_since_order":     "for a guest. Who has never ordered does not satisfy it.",
	"bought":               "for a guest; of a member the purchases are always known.",
	"never_bought":         "for a guest; of a member the purchases are always known.",
	"last_category":        "for a guest. Who has never ordered does not satisfy it.",
	"member_value":         "where the attribute `value` is absent or no whole number, and for a guest.",
	"discount_sensitivity": "where the attribute `sensitivity` is absent, and for a guest.",
	"churn_risk":           "where the attribute `churn` is absent, and for a guest.",
	"subsidy_rate":         "where the attribute `subsidy_rate_bps` is absent or no whole number, and for a guest.",
	"member_attribute":     "where the attribute is absent, no whole number (`number`), neither `true` nor `false` (`bool`), and for a guest; with `exists` never.",
	"member_tag":           "for a guest; of a member the tags are always known.",
	"member_list":          "for a guest; of a member the lists are always known.",
	"cart_amount":          "where there is no cart, as at a claim, or the amount on that basis is not reckoned yet.",
	"cart_contains":        "where there is no cart, as at a claim.",
	"cart_quantity":        "where there is no cart, as at a claim.",
	"cart_items":           "where there is no cart, as at a claim.",
	"city":                 "where the request names no city.",
	"geofence":             "where the request brings no position.",
	"store":                "where the request names no store.",
	"distance":             "where the request brings no position.",
	"near_store":           "where the request brings no position, or one of the stores has none and no other is near.",
	"weekday":              "never.",
	"hours":                "never.",
	"date_window":          "never.",
	"holiday":              "where the market's calendar ends before the day.",
	"channel":              "where the request names no channel.",
	"business_mode":        "where the request names no business mode.",
	"payment_method":       "where the request names no payment method.",
	"weather":              "where nobody has told the weather of the city, or it has expired.",
	"outer":                "where nobody has told the fact, it has expired, or it can't be read as its kind; with `exists` never.",
	"holds_coupon":         "for a guest.",
	"random_share":         "for a guest.",
	"expression":           "where a fact that it uses is not known, and where it fails (division by zero, no such key).",
}

// docs/guides/conditions.md is made from the forms and their words; a stale page
// fails, and so does a type that does not say when its fact is not known.
func TestConditionsPage(t *testing.T) {
	for name := range unknownWhen {
		if !slices.Contains(condition.Types(), name) {
			t.Errorf("unknownWhen names %s, which is no type", name)
		}
	}
	want := conditionsPage(t)
	if *update {
		if err := os.WriteFile(conditionsFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(conditionsFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("docs/guides/conditions.md is stale, run: go test ./internal/domain/explanation -run TestConditionsPage -update\n%s", diff)
	}
}

func conditionsPage(t *testing.T) string {
	var b strings.Builder
	fmt.Fprintf(&b, conditionsIntro, condition.DepthMax, condition.LeavesMax,
		strings.Join(condition.Sensitivities, ", "), strings.Join(condition.Churns, ", "))
	say := func(key string) string { return ConditionLabel(i18n.EN, key) }
	b.WriteString("\n## The types\n")
	for _, f := range condition.Forms() {
		if unknownWhen[f.Type] == "" {
			t.Errorf("%s: say in unknownWhen when its fact is not known", f.Type)
		}
		mark := ""
		if _, stored := condition.New(f.Type).Predicate(); stored {
			mark = " · *segment*"
		}
		fmt.Fprintf(&b, "\n### `%s`\n\n%s%s. %s\n\nNot known: %s\n", f.Type, say(f.Label), mark, say(f.Help), unknownWhen[f.Type])
		fields := slices.DeleteFunc(slices.Clone(f.Fields), func(f condition.Field) bool { return f.Name == "unknown" })
		if len(fields) == 0 {
			continue
		}
		b.WriteString("\n| field | what | form |\n|---|---|---|\n")
		for _, field := range fields {
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", field.Name, say(field.Label), formOf(field))
		}
	}
	b.WriteString("\n## What expressions see\n\n| variable | type |\n|---|---|\n")
	for _, v := range condition.Environment() {
		fmt.Fprintf(&b, "| `%s` | `%s` |\n", v.Name, v.Type)
	}
	return b.String()
}

// formOf tells a field's kind and bounds.
func formOf(f condition.Field) string {
	text := strings.ReplaceAll(string(f.Kind), "_", " ")
	if len(f.Options) > 0 {
		var values []string
		for _, o := range f.Options {
			values = append(values, "`"+o.Value+"`")
		}
		text += ": " + strings.Join(values, " ")
	}
	if f.Min != nil && f.Max != nil {
		text += fmt.Sprintf(", %d … %d", *f.Min, *f.Max)
	}
	if f.Most > 0 {
		text += fmt.Sprintf(", at most %d", f.Most)
	}
	if f.Required {
		text += ", required"
	}
	return text
}
