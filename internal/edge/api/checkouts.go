package api

import (
	"context"

	"quan/internal/app/checkout"
	"quan/internal/domain/access"
	"quan/internal/domain/order"
	"quan/internal/domain/redemption"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
)

type lockBody struct {
	Used
	Best bool `json:"best,omitempty" doc:"let quan choose among the member's coupons"`
}

type lockInput struct {
	Keyed
	Body lockBody
}

type LockRow struct {
	ID        lockID           `json:"id" doc:"its identity"`
	Order     orderKeyBody     `json:"order" doc:"the order that holds it"`
	Member    memberID         `json:"member" doc:"whose coupons"`
	State     string           `json:"state" enum:"active,redeemed,released,expired" doc:"it leaves active exactly once"`
	Coupons   []couponID       `json:"coupons" doc:"what it holds" nullable:"false"`
	CreatedAt calendar.Instant `json:"created_at" doc:"when it was made"`
	ExpiresAt calendar.Instant `json:"expires_at" doc:"when it ends by itself"`
}

func (s *server) showLock(l *redemption.Lock) LockRow {
	out := LockRow{ID: lockID(l.ID), Order: orderKeyBody{l.Key.Source, l.Key.Ref}, Member: memberID(l.Member),
		State: l.At(s.Clock()).String(), Coupons: make([]couponID, len(l.Coupons)), CreatedAt: l.CreatedAt, ExpiresAt: l.ExpiresAt}
	for i, k := range l.Coupons {
		out.Coupons[i] = couponID(k)
	}
	return out
}

type lockAnswer struct {
	Replayed
	Body lockedRow
}

type lockedRow struct {
	LockRow
	Priced PricedRow `json:"priced" doc:"what was promised"`
}

func (s *server) showLocked(out *checkout.LockOutcome) lockedRow {
	p := out.Priced
	return lockedRow{s.showLock(out.Lock), showPriced(out.Market.Paying(p.Cart.Currency), p.ListMinor, p.DiscountMinor, p.PayableMinor, p.Lines, p.Uses)}
}

type oneLock struct{ Body lockedRow }

type redeemBody struct {
	Used
	Merchant string    `json:"merchant,omitempty" maxLength:"64" doc:"code of the merchant who sells"`
	Product  string    `json:"product,omitempty" maxLength:"64" doc:"product code handed over, where a use names one"`
	Away     *awayBody `json:"away,omitempty" doc:"of a scan made without network, within four hours: recorded, and the coupon is judged now all the same"`
}

type redeemInput struct {
	Keyed
	Body redeemBody
}

type redemptionRow struct {
	ID            redemptionID     `json:"id" doc:"its identity"`
	Coupon        couponID         `json:"coupon" doc:"which coupon"`
	Use           int64            `json:"use" doc:"number of the use"`
	Template      templateID       `json:"template" doc:"of which template"`
	Version       int64            `json:"version" doc:"of which version of it"`
	DiscountMinor int64            `json:"discount_minor" doc:"what it took off"`
	At            calendar.Instant `json:"at" doc:"when"`
	Late          bool             `json:"late,omitempty" doc:"paid after its lock had expired"`
	ScannedAt     calendar.Instant `json:"scanned_at,omitzero" doc:"when a counter without network scanned it, as it counted"`
	ReturnedAt    calendar.Instant `json:"returned_at,omitzero" doc:"when it was returned"`
	CouponBack    bool             `json:"coupon_back,omitempty" doc:"the return gave the use back"`
	GiftQuantity  int64            `json:"gift_quantity,omitempty" doc:"units of its gift that were handed over"`
	Benefit       *benefitRow      `json:"benefit,omitempty" doc:"what was promised for the caller to apply"`
	Cells         []cellRow        `json:"cells,omitempty" doc:"who bears how much on which line" nullable:"false"`
}

func showRedemption(r redemption.Redemption) redemptionRow {
	out := redemptionRow{ID: redemptionID(r.ID), Coupon: couponID(r.Coupon), Use: r.Use, Template: templateID(r.Template),
		Version: r.Version, DiscountMinor: r.DiscountMinor, At: r.At, Late: r.Late, ScannedAt: r.ScannedAt, ReturnedAt: r.ReturnedAt, CouponBack: r.CouponBack,
		GiftQuantity: r.GiftQuantity}
	if r.BenefitUnit != "" {
		out.Benefit = &benefitRow{Unit: r.BenefitUnit, Value: r.BenefitValue}
	}
	for _, cell := range r.Cells {
		out.Cells = append(out.Cells, cellRow{cell.Line, string(cell.FunderKind), cell.FunderCode, cell.Minor, cell.ReturnedMinor})
	}
	return out
}

type redeemAnswer struct {
	Replayed
	Body redeemedRow
}

type redeemedRow struct {
	Order       orderRow        `json:"order" doc:"the order as quan knows it now"`
	Redemptions []redemptionRow `json:"redemptions" doc:"the uses" nullable:"false"`
}

type releaseBody struct {
	Order orderKeyBody `json:"order" doc:"the order that holds the lock"`
}

type releaseInput struct {
	Keyed
	Body releaseBody
}

type releaseAnswer struct {
	Replayed
	Body LockRow
}

type returnBody struct {
	Order  orderKeyBody `json:"order" doc:"the order on which it was used"`
	Coupon couponID     `json:"coupon" doc:"which coupon"`
}

type returnInput struct {
	Keyed
	Body returnBody
}

type returnAnswer struct {
	Replayed
	Body returnedRow
}

type returnedRow struct {
	Redemption redemptionRow `json:"redemption" doc:"the use that was given back"`
	Coupon     couponRow     `json:"coupon" doc:"as it is now"`
}

var useFaults = []fault.Code{fault.MissingKey, fault.KeyReusedBody, fault.KeyRunning, fault.Absent, fault.UnknownReference, fault.Conflicting, fault.MemberUnknown, fault.CouponUnknown,
	fault.DuplicateValue, fault.MemberBlocked, fault.CouponWithdrawn, fault.CouponUsedUp, fault.CouponExpired, fault.CouponNotYetValid, fault.UsedTooRecently,
	fault.CouponLocked, fault.UsePaused, fault.ChannelNotAllowed, fault.CityNotAllowed, fault.StoreNotAllowed, fault.NothingInScope,
	fault.MustContain, fault.StackingConflict, fault.ThresholdNotMet, fault.QuantityNotMet, fault.BudgetSpent, fault.ItemMissing, fault.NoEffect, fault.TooManyCoupons, fault.RedeemLimit, fault.RedeemBudget,
	fault.OrderDiffers, fault.LockResolved, fault.CurrencyMismatch}

func (s *server) checkoutRoutes() {
	cart := cartBody{Lines: []cartLine{{SKU: "apple", Category: "fresh/fruit", Quantity: 2, UnitMinor: 1500}}, Store: "nanjing-road", City: "shanghai", Channel: "app"}
	buyer := who{Kind: "phone", Value: "+8613800000000"}
	example := Used{Market: "main", Order: orderKeyBody{"shop", "A-1001"}, Member: buyer, Cart: &cart, Coupons: []couponID{couponID(exampleID)}}
	s.quoteRoute(cart, buyer)
	add(s, operation{id: "lock-coupons", method: "POST", path: "/v1/locks", tag: "checkout", may: access.CouponUse, status: 201,
		summary: "Hold coupons for an order until it is paid", example: lockBody{Used: example}, faults: useFaults,
		about: "Locking an order again replaces its lock. A lock counts against every limit and ends by itself after the market's time (30 minutes)."},
		func(ctx context.Context, c *call, in *lockInput) (*lockAnswer, error) {
			b, err := s.basis(c, in.IdempotencyKey, in.Body.Used, in.Body)
			if err != nil {
				return nil, err
			}
			out, err := s.Checkout.LockGathered(ctx, c.principal, checkout.LockInput{Basis: b, Best: in.Body.Best})
			if err == nil {
				err = out.Err
			}
			if err != nil {
				return nil, err
			}
			return &lockAnswer{replay(out.Replayed), s.showLocked(&out)}, nil
		})
	add(s, operation{id: "get-lock", method: "GET", path: "/v1/locks/{source}/{order}", tag: "checkout", may: access.OrderRead,
		summary: "Get the lock of an order", about: "The newest one, with its state as of now and what it promised.",
		faults: []fault.Code{fault.LockNotFound}},
		func(ctx context.Context, c *call, in *orderPath) (*oneLock, error) {
			out, err := s.Checkout.GetLock(ctx, c.principal, order.Key{Source: in.Source, Ref: in.Order})
			if err != nil {
				return nil, err
			}
			return &oneLock{s.showLocked(out)}, nil
		})
	add(s, operation{id: "redeem-coupons", method: "POST", path: "/v1/redemptions", tag: "checkout", may: access.CouponUse, status: 201,
		summary: "Use coupons on an order", example: redeemBody{Used: example},
		faults: append([]fault.Code{fault.ScanTooOld, fault.LockNotFound, fault.LockExpired, fault.CartChanged}, useFaults...),
		about:  "Those of the order's lock (cart and coupons may then be left out; a cart that is given must be the one locked), or the named ones on a cart. An order is redeemed once: the same again gets the first answer."},
		func(ctx context.Context, c *call, in *redeemInput) (*redeemAnswer, error) {
			b, err := s.basis(c, in.IdempotencyKey, in.Body.Used, in.Body)
			if err != nil {
				return nil, err
			}
			out, err := s.Checkout.RedeemGathered(ctx, c.principal, checkout.RedeemInput{Basis: b, Merchant: in.Body.Merchant, Product: in.Body.Product, Away: in.Body.Away.away()})
			if err == nil {
				err = out.Err
			}
			if err != nil {
				return nil, err
			}
			row := redeemedRow{Order: showOrder(out.Order, out.Market), Redemptions: make([]redemptionRow, len(out.Redemptions))}
			for i, r := range out.Redemptions {
				row.Redemptions[i] = showRedemption(r)
			}
			return &redeemAnswer{replay(out.Replayed), row}, nil
		})
	s.undoRoutes()
}

func (s *server) undoRoutes() {
	add(s, operation{id: "release-lock", method: "POST", path: "/v1/releases", tag: "checkout", may: access.CouponUse,
		summary: "Give an order's locked coupons free", example: releaseBody{orderKeyBody{"shop", "A-1001"}},
		faults: []fault.Code{fault.MissingKey, fault.KeyReusedBody, fault.LockNotFound, fault.LockResolved, fault.LockExpired}},
		func(ctx context.Context, c *call, in *releaseInput) (*releaseAnswer, error) {
			out, err := s.Checkout.ReleaseGathered(ctx, c.principal, checkout.ReleaseInput{Basis: s.named(c, in.IdempotencyKey, in.Body.Order, in.Body)})
			if err == nil {
				err = out.Err
			}
			if err != nil {
				return nil, err
			}
			return &releaseAnswer{replay(out.Replayed), s.showLock(out.Lock)}, nil
		})
	add(s, operation{id: "return-coupon", method: "POST", path: "/v1/returns", tag: "checkout", may: access.CouponReturn,
		summary: "Give one use of a coupon back by itself",
		about:   "A gift handed over by mistake, or a use whose order is refunded. An order with money on it is refunded instead.",
		example: returnBody{orderKeyBody{"shop", "A-1001"}, couponID(exampleID)},
		faults:  []fault.Code{fault.MissingKey, fault.KeyReusedBody, fault.OrderUnknown, fault.CouponUnknown, fault.ReturnedAlready, fault.WrongState}},
		func(ctx context.Context, c *call, in *returnInput) (*returnAnswer, error) {
			out, err := s.Checkout.ReturnGathered(ctx, c.principal, checkout.ReturnInput{Coupon: idOf(in.Body.Coupon),
				Basis: s.named(c, in.IdempotencyKey, in.Body.Order, in.Body)})
			if err == nil {
				err = out.Err
			}
			if err != nil {
				return nil, err
			}
			return &returnAnswer{replay(out.Replayed), returnedRow{showRedemption(*out.Redemption), s.showCoupon(*out.Coupon)}}, nil
		})
}

// named is the basis of a request that only names an order.
func (s *server) named(c *call, key string, o orderKeyBody, body any) checkout.Basis {
	return checkout.Basis{Once: c.once(key, body), Order: order.Key(o)}
}
