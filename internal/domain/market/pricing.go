package market

// Pricing is how a market's prices are reckoned where the trade differs: a named
// profile, and single policies that stand instead of the profile's. An empty
// policy is as the profile has it. What the words mean is said in docs/guides/policies.md;
// pricing.ProfileOf reads them.
type Pricing struct {
	Profile  string `json:"profile,omitempty"` // "": quan
	Split    string `json:"split,omitempty"`
	Rounding string `json:"rounding,omitempty"`
	Round    string `json:"round,omitempty"`
	Order    string `json:"order,omitempty"`
	Base     string `json:"base,omitempty"`
	Tax      string `json:"tax,omitempty"` // a market's is out: its orders know no tax
	Over     string `json:"over_budget,omitempty"`
	NoEffect string `json:"no_effect,omitempty"`
	Units    string `json:"units,omitempty"`
	Together string `json:"together,omitempty"`
	Patterns string `json:"patterns,omitempty"`
}
