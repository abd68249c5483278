package main

import (
	"encoding/json"
	"time"

	"quan/internal/kernel/calendar"
)

// medusa translates what was asked of Medusa's promotion module: promotions with
// campaigns, and a context with items and shipping methods. Amounts are decimals
// of the major unit.
var medusa = engine{name: "medusa", translate: translateMedusa, expect: expectMedusa}

// recorded is the moment of a case that names none.
var recorded = calendar.Of(time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC))

type medusaCase struct {
	Campaigns  []medusaCampaign  `json:"campaigns"`
	Promotions []medusaPromotion `json:"promotions"`
	Usage      []medusaUsage     `json:"usage_so_far"`
	Input      struct {
		Codes   []string        `json:"codes"`
		Context json.RawMessage `json:"context"`
		Options struct {
			PreventAuto bool `json:"prevent_auto_promotions"`
			SkipLimits  bool `json:"skip_usage_limit_checks"`
		} `json:"options"`
	} `json:"input"`
	Now *time.Time `json:"now"`
}

type medusaCampaign struct {
	ID         string        `json:"id"`
	Name       string        `json:"name"`
	Identifier string        `json:"campaign_identifier"`
	StartsAt   *time.Time    `json:"starts_at"`
	EndsAt     *time.Time    `json:"ends_at"`
	Currency   string        `json:"currency"`
	Text       string        `json:"description"`
	Budget     *medusaBudget `json:"budget"`
}

type medusaBudget struct {
	ID        string  `json:"id"`
	Type      string  `json:"type"` // spend, usage, use_by_attribute
	Limit     *Number `json:"limit"`
	Used      *Number `json:"used"`
	Currency  string  `json:"currency_code"`
	Attribute string  `json:"attribute"` // customer_id, customer_email
}

type medusaPromotion struct {
	ID           string          `json:"id"`
	Code         string          `json:"code"`
	Type         string          `json:"type"`   // standard, buyget
	Status       string          `json:"status"` // active, draft, inactive
	Automatic    bool            `json:"is_automatic"`
	TaxInclusive bool            `json:"is_tax_inclusive"`
	Limit        *Number         `json:"limit"`
	Used         *Number         `json:"used"`
	CampaignID   *string         `json:"campaign_id"`
	Campaign     *medusaCampaign `json:"campaign"`
	Rules        []medusaRule    `json:"rules"`
	Method       *medusaMethod   `json:"application_method"`
}

type medusaMethod struct {
	Currency      *string      `json:"currency_code"`
	Target        string       `json:"target_type"` // items, shipping_methods, order
	Type          string       `json:"type"`        // fixed, percentage
	Allocation    string       `json:"allocation"`  // each, across, once
	Text          string       `json:"description"`
	Value         *Number      `json:"value"`
	MaxQuantity   *Number      `json:"max_quantity"`
	TargetRules   []medusaRule `json:"target_rules"`
	BuyRules      []medusaRule `json:"buy_rules"`
	BuyMin        *Number      `json:"buy_rules_min_quantity"`
	ApplyQuantity *Number      `json:"apply_to_quantity"`
}

type medusaRule struct {
	Attribute string `json:"attribute"`
	Operator  string `json:"operator"` // eq, ne, in, gt, gte, lt, lte
	Values    words  `json:"values"`
	Text      string `json:"description"`
}

// words is a list of texts, or one.
type words []string

// UnmarshalJSON reads "a", ["a", 1] and [{"value": "a"}].
func (w *words) UnmarshalJSON(raw []byte) error {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		list = []json.RawMessage{raw}
	}
	for _, one := range list {
		var held struct {
			Value json.RawMessage `json:"value"`
		}
		if json.Unmarshal(one, &held) == nil && held.Value != nil {
			one = held.Value
		}
		var text string
		if json.Unmarshal(one, &text) != nil {
			text = string(one)
		}
		*w = append(*w, text)
	}
	return nil
}

// medusaUsage are actions whose usage was registered before the case.
type medusaUsage struct {
	Actions []struct {
		Amount *Number `json:"amount"`
		Code   string  `json:"code"`
	} `json:"actions"`
	Context map[string]*string `json:"context"` // customer_id, customer_email
}

// medusaContext is what is read of the context by name; rules read all of it.
type medusaContext struct {
	Currency string       `json:"currency_code"`
	Items    []medusaItem `json:"items"`
	Shipping []medusaItem `json:"shipping_methods"`
	Email    string       `json:"email"`
	ID       string       `json:"customer_id"`
	Customer struct {
		ID string `json:"id"`
	} `json:"customer"`
}

type medusaItem struct {
	ID            string  `json:"id"`
	Quantity      *Number `json:"quantity"`
	Subtotal      *Number `json:"subtotal"`
	OriginalTotal *Number `json:"original_total"`
	Discountable  *bool   `json:"is_discountable"`
	Adjustments   []struct {
		ID   string `json:"id"`
		Code string `json:"code"`
	} `json:"adjustments"`

	attributes object
}

// UnmarshalJSON keeps every attribute beside those that have a name.
func (i *medusaItem) UnmarshalJSON(raw []byte) error {
	type plain medusaItem
	if err := json.Unmarshal(raw, (*plain)(i)); err != nil {
		return err
	}
	return json.Unmarshal(raw, &i.attributes)
}
