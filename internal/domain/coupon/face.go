package coupon

// Faced reports whether coupons of these terms may have an amount of their own
// (Coupon.FaceMinor): one amount is taken off, once.
func (t *Terms) Faced() bool {
	return (t.Kind == KindAmountOff || t.Kind == KindNoThreshold) && len(t.Steps)+len(t.Chain)+len(t.Currencies) == 0 && !t.Repeat &&
		max(t.UsesPerCoupon, 1) == 1
}

// Of returns the terms of one coupon: its own amount stands in the place of theirs.
// The coupon's amount was at most theirs when it was promised.
func (t *Terms) Of(c *Coupon) *Terms {
	if c.FaceMinor == 0 {
		return t
	}
	own := *t
	own.AmountMinor = c.FaceMinor
	return &own
}
