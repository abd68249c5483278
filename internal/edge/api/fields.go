package api

import "github.com/danielgtaylor/huma/v2"

// field completes a property of a schema that was made from a domain type.
type field struct {
	about     string
	low, high int64 // bounds, where high > 0
	words     []any // the only values
	items     int   // most items, or properties
	length    int   // most characters, of each item of a list
}

const (
	mostMinor = 1_000_000_000_000_000
	mostCount = 1_000_000_000_000
)

func (f field) apply(s *huma.Schema) {
	s.Description = f.about
	if f.items > 0 {
		if s.Type == huma.TypeObject {
			s.MaxProperties = &f.items
		} else {
			s.MaxItems = &f.items
		}
	}
	value := s
	for value.Items != nil {
		value = value.Items
	}
	if f.high > 0 {
		low, high := float64(f.low), float64(f.high)
		value.Minimum, value.Maximum = &low, &high
	}
	if f.words != nil {
		value.Enum = f.words
	}
	if f.length > 0 && value.Type == huma.TypeString {
		value.MaxLength = &f.length
	}
}

func words(list ...any) []any { return list }

// fields of the domain's own types, which carry no words for programs.
var fields = map[string]field{
	"Doc.terms": {about: "what an issued coupon keeps for its life"},
	"Doc.claim": {about: "who may get the coupon, when and how many"},

	"Terms.kind": {about: "what the coupon does", words: words("amount_off", "percent_off", "no_threshold", "new_total", "item_off",
		"fixed_price", "member_price", "nth_item", "buy_get", "bundle", "add_on", "exchange", "gift", "shipping", "stored_value", "external")},
	"Terms.reward":             {about: "what is done to the price of units (item_off, nth_item, buy_get, bundle, shipping); total: bundles only", words: words("percent", "amount", "price", "total")},
	"Terms.amount_minor":       {about: "taken off, minor units (amount_off, no_threshold, reward amount); most of a use (stored_value)", high: mostMinor},
	"Terms.discount_bps":       {about: "taken off, basis points (percent_off, reward percent): 1500 is 15 % off, 10000 is free", high: 10_000},
	"Terms.cap_minor":          {about: "most that one use takes off; 0: no cap", high: mostMinor},
	"Terms.item_cap_minor":     {about: "most that is taken off one unit (kinds by units, percentages and prices); 0: no cap", high: mostMinor},
	"Terms.price_minor":        {about: "what a unit costs instead (fixed_price, add_on, exchange, reward price)", high: mostMinor},
	"Terms.total_minor":        {about: "what everything in scope costs together (new_total), or one set (bundle, reward total)", high: mostMinor},
	"Terms.prices":             {about: "prices of single SKUs (fixed_price, member_price, add_on), each once", items: 5000},
	"Terms.steps":              {about: "thresholds with what they give, rising in both (amount_off, percent_off); the last one that is reached counts", items: 50},
	"Terms.gift":               {about: "what is given (gift), or what it is exchanged for (exchange)"},
	"Terms.external":           {about: "a benefit that the caller applies (external)"},
	"Terms.split":              {about: "how an amount is divided (item_off); absent: per_unit", words: words("per_line", "per_unit", "by_amount", "by_quantity")},
	"Terms.select":             {about: "which units are taken where not all are; absent: cheapest", words: words("cheapest", "dearest", "first")},
	"Terms.units_max":          {about: "units that one use discounts; 0: all", high: 1_000_000},
	"Terms.line_units_max":     {about: "units of one line that one use discounts; 0: all", high: 1_000_000},
	"Terms.nth":                {about: "one of every so many units gets the reward (nth_item)", high: 1000},
	"Terms.buy":                {about: "units that a set needs (buy_get)", items: 6},
	"Terms.get":                {about: "units that get the reward (buy_get, add_on), or that make a set (bundle)", items: 6},
	"Terms.methods":            {about: "shipping methods that it is good for (shipping); none: all", items: 50, length: 128},
	"Terms.currencies":         {about: "amounts in other currencies, by ISO 4217 code; the same fields as the terms have. Nothing is ever converted", items: 50},
	"Terms.threshold_minor":    {about: "least amount from which it can be used", high: mostMinor},
	"Terms.threshold_quantity": {about: "least units in scope from which it can be used", high: 1_000_000},
	"Terms.threshold_base":     {about: "amount that the threshold is compared with: list, before or after this coupon", words: words("list", "before", "after")},
	"Terms.repeat":             {about: "amount_minor again for every full threshold (amount_off)"},
	"Terms.times":              {about: "most repetitions, sets or units of a pattern; 0: no bound", high: 1_000_000},
	"Terms.scope":              {about: "lines it speaks of"},
	"Terms.contains":           {about: "conditions on other goods in the cart", items: 20},
	"Terms.uses_per_coupon":    {about: "uses of one coupon", low: 1, high: 10_000},
	"Terms.interval_hours":     {about: "least hours between two uses; only with several uses", high: 8784},
	"Terms.chain":              {about: "amount_minor by the number of the use, the last one for all behind it; not beside amount_minor", high: mostMinor, items: 10_000},
	"Terms.validity":           {about: "when an issued coupon can be used"},
	"Terms.funders":            {about: "who bears the cost; shares sum to 10,000", items: 20},
	"Terms.allow_zero":         {about: "payable may be zero instead of the market's floor"},
	"Terms.priority":           {about: "higher goes first inside a level of the stack", low: -1000, high: 1000},
	"Terms.stacking":           {about: "what it can stand beside on an order; absent: an order takes one of the default group"},
	"Terms.use":                {about: "cities and channels where it can be used"},

	"Terms.when": {about: "who may use it and under which conditions; absent: everybody"},

	"Stacking.group":    {about: "an order takes at most one coupon of a group; absent: default", length: 128},
	"Stacking.excludes": {about: "groups that it can't stand beside, whatever they say themselves", items: 50, length: 128},
	"Stacking.base":     {about: "what a percentage is taken of: list amounts, or what earlier coupons leave (default)", words: words("list", "before")},
	"Stacking.again":    {about: "kinds by units: also units that another one has discounted"},

	"Part.scope":    {about: "lines whose units count; absent: the scope of the terms"},
	"Part.quantity": {about: "units", low: 1, high: 1000},

	"Step.threshold_minor":    {about: "least amount of the step", high: mostMinor},
	"Step.threshold_quantity": {about: "least units of the step", high: 1_000_000},
	"Step.amount_minor":       {about: "what the step takes off (amount_off)", high: mostMinor},
	"Step.discount_bps":       {about: "what the step takes off, basis points (percent_off)", high: 10_000},

	"SKUPrice.sku":         {about: "item", length: 128},
	"SKUPrice.price_minor": {about: "what one unit of it costs", high: mostMinor},

	"External.unit":        {about: "unit of the value, a word of the caller's: bps, points, days", length: 128},
	"External.value":       {about: "how much, in that unit", low: 1, high: mostMinor},
	"External.worst_minor": {about: "most that one use can cost, for limits of amounts", high: mostMinor},

	"Amounts.amount_minor":    {about: "as of the terms", high: mostMinor},
	"Amounts.cap_minor":       {about: "as of the terms", high: mostMinor},
	"Amounts.item_cap_minor":  {about: "as of the terms", high: mostMinor},
	"Amounts.price_minor":     {about: "as of the terms", high: mostMinor},
	"Amounts.total_minor":     {about: "as of the terms", high: mostMinor},
	"Amounts.threshold_minor": {about: "as of the terms", high: mostMinor},
	"Amounts.steps":           {about: "as of the terms", items: 50},
	"Amounts.chain":           {about: "as of the terms", high: mostMinor, items: 10_000},
	"Amounts.prices":          {about: "as of the terms", items: 5000},

	"ClaimRules.window":      {about: "when it can be claimed"},
	"ClaimRules.sessions":    {about: "when the window is open within its ends; absent: always"},
	"ClaimRules.place":       {about: "cities and channels where it can be claimed"},
	"ClaimRules.newcomer":    {about: "at most one live newcomer coupon a member"},
	"ClaimRules.alternative": {about: "id of the template that is issued instead to a member who holds a newcomer coupon"},
	"ClaimRules.when":        {about: "further conditions on who may get it; absent: none"},
	"ClaimRules.automatic":   {about: "nothing is claimed: a quote looks at it by itself, a lock or redemption issues what it uses"},
	"ClaimRules.budgets":     {about: "ids of the budgets that its coupons draw on, for life", items: 8, length: 17},
	"ClaimRules.limits":      {about: "how many, how much; one for each (what, period, per)", items: 50},

	"Limit.what":   {about: "what is counted", words: words("issue_count", "issue_amount", "redeem_count", "redeem_amount", "liability")},
	"Limit.period": {about: "span after which it starts anew, by the market's calendar", words: words("ever", "day", "week", "month", "campaign", "window", "rolling")},
	"Limit.per":    {about: "whose taking is counted together", words: words("template", "campaign", "placement", "member", "person", "device", "payer", "store", "funder")},
	"Limit.hours":  {about: "of rolling: the last hours that it counts, by whole hours", high: 168},
	"Limit.only":   {about: "the one store, or funder as kind:code, that is counted; absent: each by itself", length: 200},
	"Limit.over":   {about: "a discount that is more than the limit leaves is refused, or cut to it; absent: as the market's prices say", words: words("", "refuse", "truncate")},
	"Limit.stop":   {about: "what ends when the limit is reached; absent: what it counts; claims: new coupons only, uses go on beyond it; all: both", words: words("", "claims", "all")},
	"Limit.alarms": {about: "percentages of the cap that are told once when they are reached, as limit.alarm.v1", items: 10, high: 100},
	"Limit.cap":    {about: "most that is taken; a count, or minor units", high: mostMinor},

	"Gift.sku":         {about: "item", length: 64},
	"Gift.quantity":    {about: "units", low: 1, high: 1000},
	"Gift.mode":        {about: "absent: handed over beside what is in the cart; add_missing: units in the cart are free, only missing ones are handed over", words: words("add_missing")},
	"Gift.value_minor": {about: "price of one, charged when it is not sent back", high: mostMinor},

	"Funder.kind":      {about: "who", words: words("platform", "merchant", "brand")},
	"Funder.code":      {about: "merchant code, brand or fund", length: 64},
	"Funder.share_bps": {about: "share of every discount, basis points", high: 10_000},

	"Issuer.kind": {about: "in whose name", words: words("platform", "self_run", "merchant", "store")},
	"Issuer.code": {about: "code of the merchant or store", length: 64},

	"Scope.include":         {about: "what is in; empty: everything"},
	"Scope.exclude":         {about: "what is out, whatever is included"},
	"AccessScope.merchants": {about: "codes of merchants; empty: all", items: 500, length: 64},
	"AccessScope.stores":    {about: "codes of stores; empty: all", items: 500, length: 64},
	"AccessScope.cities":    {about: "cities; empty: all", items: 500, length: 64},

	"Selector.categories": {about: "category paths, with what lies below", items: 1000, length: 256},
	"Selector.brands":     {about: "brands", items: 1000, length: 64},
	"Selector.skus":       {about: "items", items: 10_000, length: 64},
	"Selector.merchants":  {about: "codes of merchants", items: 1000, length: 64},
	"Selector.stores":     {about: "codes of stores", items: 1000, length: 64},

	"Contain.scope":        {about: "lines that count"},
	"Contain.min_minor":    {about: "least list amount of them", high: mostMinor},
	"Contain.min_quantity": {about: "least units of them", high: 1_000_000},

	"Place.cities":   {about: "cities; empty: all", items: 1000, length: 64},
	"Place.channels": {about: "channels; empty: all", items: 100, length: 64},

	"Validity.kind":          {about: "how the dates are found", words: words("same_day", "days", "fixed", "forever")},
	"Validity.days":          {about: "local days, that of activation being the first (days)", high: 3660},
	"Validity.delay_days":    {about: "it can be used from the beginning of the local day so many days after the issue (not fixed)", high: 366},
	"Validity.delay_hours":   {about: "it can be used so many hours after the issue (not fixed); not beside delay_days", high: 8784},
	"Validity.from":          {about: "first moment (fixed); of other kinds the earliest activation: days are counted from then"},
	"Validity.to":            {about: "end, this moment excluded (fixed)"},
	"Validity.cut_by_window": {about: "ends with the claim window"},

	"Window.from": {about: "first moment; absent: open"},
	"Window.to":   {about: "end, this moment excluded; absent: open"},

	"Sessions.every":       {about: "which days have sessions: all, those of weekdays, or those of month_days", words: words("day", "week", "month")},
	"Sessions.weekdays":    {about: "days of the week (week)", words: words("sun", "mon", "tue", "wed", "thu", "fri", "sat"), items: 7},
	"Sessions.month_days":  {about: "days of the month (month)", low: 1, high: 31, items: 31},
	"Sessions.short_month": {about: "what a month without such a day does: its last day stands in (last, also when absent), or it is left out (skip)", words: words("last", "skip")},
	"Sessions.hours":       {about: "local times of a session, each of its own; one whose end is before its beginning goes over midnight. Absent: the whole day", items: 24},
	"Sessions.except":      {about: "local days without a session", items: 366},

	"TimeRange.from": {about: "local time of day, hh:mm"},
	"TimeRange.to":   {about: "end, this minute excluded; 24:00 is midnight"},

	"Policies.floor_minor":        {about: "least payable, unless the template allows zero", high: mostMinor},
	"Policies.lock_ttl_seconds":   {about: "life of a lock", low: 60, high: 86_400},
	"Policies.max_coupons_order":  {about: "coupons on one order", low: 1, high: 20},
	"Policies.broken_threshold":   {about: "what a partial refund does below the threshold", words: words("keep", "recompute", "refuse")},
	"Policies.coupon_return":      {about: "when a coupon goes back to its member", words: words("on_full", "never")},
	"Policies.return_grace_hours": {about: "life given to a coupon returned after its expiry", high: 8784},
	"Policies.late_payment":       {about: "what happens to a payment after its lock's end", words: words("honour", "refuse")},
	"Policies.max_discount_minor": {about: "most that all coupons of an order take off together; 0: no cap", high: mostMinor},
	"Policies.max_discount_bps":   {about: "the same, basis points of the list amount; 0: no cap", high: 10_000},
	"Policies.pricing":            {about: "how prices are reckoned where the trade differs; absent: as quan does"},

	"Further.floor_minor":        {about: "least payable in this currency, unless the template allows zero", high: mostMinor},
	"Further.max_discount_minor": {about: "most that all coupons of an order take off together in this currency; 0: no cap", high: mostMinor},

	"Price.price_minor": {about: "list price, minor units of this currency", high: mostMinor},
	"Price.min_minor":   {about: "least price of a unit that coupons may leave; 0: none", high: mostMinor},

	"Pricing.profile":     {about: "what stands where a policy below is absent; absent: quan", words: words("quan", "medusa", "woocommerce", "ruoyi")},
	"Pricing.split":       {about: "a discount over lines: largest remainder, the last line takes the rest, or the rest one by one from the first line", words: words("largest", "last_line", "first_unit")},
	"Pricing.rounding":    {about: "of percentages", words: words("half_up", "half_even", "half_down", "down", "up")},
	"Pricing.round":       {about: "how often a percentage is rounded: once a coupon, or on every line", words: words("once", "line")},
	"Pricing.order":       {about: "of the coupons of an order: by units, lines, everything, shipping; as the request names them; the highest amount or percentage first", words: words("stack", "request", "value")},
	"Pricing.base":        {about: "what percentages are taken of: what earlier coupons leave, list amounts, or what is left of the line", words: words("left", "list", "line")},
	"Pricing.tax":         {about: "orders of a shop know no tax, so there is nothing to choose", words: words("out")},
	"Pricing.over_budget": {about: "a coupon that takes more than its budget holds: refused, cut to what is left, or without the lines that take more", words: words("refuse", "truncate", "piece")},
	"Pricing.no_effect":   {about: "a chosen coupon that brings nothing: the request is refused, or the coupon is left out and not used up", words: words("refuse", "drop")},
	"Pricing.units":       {about: "how often coupons by units discount a unit: once, again and again, or units of a line are not told apart", words: words("once", "again", "list")},
	"Pricing.together":    {about: "which coupons stand on one order: by stacking groups and exclusions, or all", words: words("groups", "all")},
	"Pricing.patterns":    {about: "sets of a pattern: as many as there can be, or one after the other, triggers first", words: words("most", "each")},

	"ValuesRow.issued":         {about: "coupons issued"},
	"ValuesRow.redeemed":       {about: "uses"},
	"ValuesRow.coupons_used":   {about: "coupons used for the first time"},
	"ValuesRow.returned":       {about: "uses given back"},
	"ValuesRow.expired":        {about: "coupons that expired unused"},
	"ValuesRow.withdrawn":      {about: "coupons taken back"},
	"ValuesRow.orders":         {about: "orders with a coupon, once for each coupon used on them; with all_orders: all orders, once"},
	"ValuesRow.list_minor":     {about: "list amount of those orders"},
	"ValuesRow.discount_minor": {about: "discount"},
	"ValuesRow.paid_minor":     {about: "paid on those orders"},
	"ValuesRow.refunded_minor": {about: "money given back (all_orders only)"},
	"ValuesRow.returned_minor": {about: "discount given back"},
}
