package api

import (
	"context"

	"quan/internal/app/checkout"
	"quan/internal/domain/access"
	"quan/internal/domain/market"
	"quan/internal/domain/order"
	"quan/internal/domain/redemption"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

func idOf[K prefixed](r ref[K]) id.ID { return id.ID(r) }

type orderBody struct {
	Market   string       `json:"market,omitempty" maxLength:"64" doc:"code of the market; main when absent" example:"main"`
	Order    orderKeyBody `json:"order" doc:"the order"`
	Member   who          `json:"member,omitzero" doc:"who bought; absent for a guest"`
	Cart     cartBody     `json:"cart" doc:"what was bought"`
	Merchant string       `json:"merchant,omitempty" maxLength:"64" doc:"code of the merchant who sold"`
}

type orderInput struct {
	Keyed
	Body orderBody
}

type orderRow struct {
	ID            orderID          `json:"id" doc:"its identity"`
	Order         orderKeyBody     `json:"order" doc:"its identity outside"`
	Market        string           `json:"market" doc:"code of the market"`
	Currency      string           `json:"currency" doc:"ISO 4217 code of all amounts"`
	Member        memberID         `json:"member,omitzero" doc:"who bought; absent for a guest"`
	Merchant      string           `json:"merchant,omitempty" doc:"code of the merchant"`
	Store         string           `json:"store,omitempty" doc:"code of the store"`
	Channel       string           `json:"channel,omitempty" doc:"use channel"`
	City          string           `json:"city,omitempty" doc:"city"`
	At            calendar.Instant `json:"at" doc:"when"`
	Day           calendar.Date    `json:"day" doc:"the market's local day"`
	ListMinor     int64            `json:"list_minor" doc:"before discounts"`
	DiscountMinor int64            `json:"discount_minor" doc:"taken off by coupons"`
	PaidMinor     int64            `json:"paid_minor" doc:"paid"`
	RefundedMinor int64            `json:"refunded_minor" doc:"given back"`
	Lines         []orderLine      `json:"lines,omitempty" doc:"as sold; absent in lists" nullable:"false"`
	Rev           int64            `json:"rev" doc:"number of its changes"`
}

type orderLine struct {
	Line             int64  `json:"line" doc:"from 0"`
	SKU              string `json:"sku,omitempty" doc:"item"`
	Category         string `json:"category,omitempty" doc:"category path"`
	Brand            string `json:"brand,omitempty" doc:"brand"`
	Merchant         string `json:"merchant,omitempty" doc:"merchant"`
	Quantity         int64  `json:"quantity" doc:"units"`
	UnitMinor        int64  `json:"unit_minor" doc:"list price of a unit"`
	ListMinor        int64  `json:"list_minor" doc:"before discounts"`
	DiscountMinor    int64  `json:"discount_minor" doc:"taken off"`
	RefundedQuantity int64  `json:"refunded_quantity" doc:"units given back"`
	RefundedMinor    int64  `json:"refunded_minor" doc:"money given back"`
	NoCoupons        bool   `json:"no_coupons,omitempty" doc:"no coupon saw the line"`
	Shipping         string `json:"shipping,omitempty" doc:"method of a line of shipping; absent: goods"`
}

func showOrder(o *order.Order, m *market.Market) orderRow {
	out := orderRow{ID: orderID(o.ID), Order: orderKeyBody(o.Key), Market: o.Market, Currency: m.Paying(o.Currency), Member: memberID(o.Member),
		Merchant: o.Merchant, Store: o.Store, Channel: o.Channel, City: o.City, At: o.At, Day: o.Day, ListMinor: o.ListMinor,
		DiscountMinor: o.DiscountMinor, PaidMinor: o.PaidMinor, RefundedMinor: o.RefundedMinor, Rev: o.Rev,
		Lines: make([]orderLine, len(o.Lines))}
	for i, l := range o.Lines {
		out.Lines[i] = orderLine{l.No, l.SKU, l.Category, l.Brand, l.Merchant, l.Quantity, l.UnitMinor, l.ListMinor,
			l.DiscountMinor, l.RefundedQuantity, l.RefundedMinor, l.NoCoupons, l.Shipping}
	}
	return out
}

type orderAnswer struct {
	Replayed
	Body orderRow
}

type oneOrder struct{ Body orderRow }

type orderPath struct {
	Source string `path:"source" minLength:"1" maxLength:"64" doc:"system from which the order comes" example:"shop"`
	Order  string `path:"order" minLength:"1" maxLength:"128" doc:"the order's number there" example:"A-1001"`
}

type listOrdersInput struct {
	Paged
	Member memberID `query:"member" doc:"only this member's"`
	Store  string   `query:"store" maxLength:"64" doc:"only this store's" example:"nanjing-road"`
	From   day      `query:"from" doc:"first local day"`
	To     day      `query:"to" doc:"last local day, included"`
}

type refundBody struct {
	Order     orderKeyBody     `json:"order" doc:"the order"`
	Refund    string           `json:"refund" minLength:"1" maxLength:"128" doc:"the refund's number in the order's source: it acts once for ever" example:"R-1"`
	Lines     []refundLineBody `json:"lines,omitempty" maxItems:"10000" doc:"units given back; not with full" nullable:"false"`
	Full      bool             `json:"full,omitempty" doc:"all that is left"`
	GiftsKept bool             `json:"gifts_kept,omitempty" doc:"gifts that should come back do not, and are charged"`
}

type refundLineBody struct {
	Line     int64 `json:"line" minimum:"0" maximum:"9999" doc:"place of the line, from 0"`
	Quantity int64 `json:"quantity" minimum:"1" maximum:"1000000" doc:"units given back" example:"1"`
}

type refundInput struct {
	Keyed
	Body refundBody
}

type refundRow struct {
	ID          refundID         `json:"id" doc:"its identity"`
	Order       orderKeyBody     `json:"order" doc:"the order"`
	Refund      string           `json:"refund" doc:"its number in the order's source"`
	Currency    string           `json:"currency" doc:"ISO 4217 code of all amounts"`
	At          calendar.Instant `json:"at" doc:"when"`
	Minor       int64            `json:"minor" doc:"money given back, after charges"`
	ChargeMinor int64            `json:"charge_minor" doc:"gifts kept and discounts reckoned anew, already taken off minor"`
	Full        bool             `json:"full" doc:"nothing is left on the order"`
	Lines       []refundLineRow  `json:"lines" doc:"by line" nullable:"false"`
	CouponsBack []couponID       `json:"coupons_back" doc:"coupons that went back to their member" nullable:"false"`
	Shares      []shareRow       `json:"shares" doc:"discount of each coupon that belongs to what was given back; of a stored value, put it back onto its balance" nullable:"false"`
}

type shareRow struct {
	Coupon couponID `json:"coupon" doc:"which coupon"`
	Minor  int64    `json:"minor" doc:"its part"`
}

type refundLineRow struct {
	Line     int64 `json:"line" doc:"from 0"`
	Quantity int64 `json:"quantity" doc:"units"`
	Minor    int64 `json:"minor" doc:"money"`
}

type refundAnswer struct {
	Replayed
	Body refundRow
}

func (s *server) orderRoutes() {
	cart := cartBody{Lines: []cartLine{{SKU: "apple", Quantity: 2, UnitMinor: 1500}}, Channel: "app"}
	add(s, operation{id: "place-order", method: "POST", path: "/v1/orders", tag: "orders", may: access.OrderWrite, status: 201,
		summary: "Report an order without a coupon", example: orderBody{Market: "main", Order: orderKeyBody{"shop", "A-1001"}, Cart: cart},
		about:  "An order with coupons is known by its redemption. The same order again gets the first answer; other content is order_differs.",
		faults: []fault.Code{fault.MissingKey, fault.KeyReusedBody, fault.UnknownReference, fault.Conflicting, fault.MemberUnknown, fault.OrderDiffers, fault.CurrencyMismatch}},
		func(ctx context.Context, c *call, in *orderInput) (*orderAnswer, error) {
			who, err := s.whoOf(in.Body.Member)
			if err != nil {
				return nil, err
			}
			b := s.named(c, in.IdempotencyKey, in.Body.Order, in.Body)
			b.Market, b.Who, b.Cart = in.Body.Market, who, in.Body.Cart.cart()
			out, err := s.Checkout.PlaceOrderGathered(ctx, c.principal, checkout.OrderInput{Basis: b, Merchant: in.Body.Merchant})
			if err == nil {
				err = out.Err
			}
			if err != nil {
				return nil, err
			}
			return &orderAnswer{replay(out.Replayed), showOrder(out.Order, out.Market)}, nil
		})
	add(s, operation{id: "list-orders", method: "GET", path: "/v1/orders", tag: "orders", may: access.OrderRead,
		summary: "List orders", about: "Newest first (to the second), without their lines, in the scope of the key. Days are those of the order's market.",
		faults: []fault.Code{fault.InvalidCursor}}, s.listOrders)
	add(s, operation{id: "get-order", method: "GET", path: "/v1/orders/{source}/{order}", tag: "orders", may: access.OrderRead,
		summary: "Get an order", faults: []fault.Code{fault.OrderUnknown}},
		func(ctx context.Context, c *call, in *orderPath) (*oneOrder, error) {
			o, m, err := s.Checkout.GetOrder(ctx, c.principal, order.Key{Source: in.Source, Ref: in.Order})
			if err != nil {
				return nil, err
			}
			return &oneOrder{showOrder(o, m)}, nil
		})
	add(s, operation{id: "refund-order", method: "POST", path: "/v1/refunds", tag: "orders", may: access.CouponReturn, status: 201,
		summary: "Give money back on an order", example: refundBody{Order: orderKeyBody{"shop", "A-1001"}, Refund: "R-1", Lines: []refundLineBody{{0, 1}}},
		about:  "By the allocation stored when the coupons were used. A full refund returns the coupons by the market's policy.",
		faults: []fault.Code{fault.MissingKey, fault.KeyReusedBody, fault.OrderUnknown, fault.OrderRefunded, fault.RefundTooMuch, fault.RefundDiffers, fault.ThresholdBroken, fault.Conflicting}},
		s.refund)
}

func (s *server) listOrders(ctx context.Context, c *call, in *listOrdersInput) (*list[orderRow], error) {
	before, ask, err := in.afterID("orders", id.Order)
	if err != nil {
		return nil, err
	}
	rows, err := s.Checkout.ListOrders(ctx, c.principal, checkout.OrderQuery{Member: id.ID(in.Member), Store: in.Store,
		From: calendar.Date(in.From), To: calendar.Date(in.To), Before: before, Limit: ask})
	if err != nil {
		return nil, err
	}
	return &list[orderRow]{pageOf("orders", ask, rows,
		func(o checkout.ListedOrder) string { return id.Format(id.Order, o.Order.ID) },
		func(o checkout.ListedOrder) orderRow { return showOrder(&o.Order, o.Market) })}, nil
}

func (s *server) refund(ctx context.Context, c *call, in *refundInput) (*refundAnswer, error) {
	b := in.Body
	switch {
	case b.Full && len(b.Lines) > 0:
		return nil, fault.New(fault.Conflicting, "a", "full", "b", "lines").At("/full")
	case !b.Full && len(b.Lines) == 0:
		return nil, fault.New(fault.MissingValue).At("/lines")
	}
	basis := s.named(c, in.IdempotencyKey, b.Order, b)
	ask := checkout.RefundInput{Basis: basis, Ref: b.Refund, Full: b.Full, GiftsKept: b.GiftsKept, Digest: basis.Once.Body}
	for _, l := range b.Lines {
		ask.Lines = append(ask.Lines, redemption.RefundLine(l))
	}
	out, err := s.Checkout.RefundGathered(ctx, c.principal, ask)
	if err == nil {
		err = out.Err
	}
	if err != nil {
		return nil, err
	}
	r := out.Refund
	row := refundRow{ID: refundID(r.ID), Order: b.Order, Refund: r.Ref, Currency: out.Currency, At: r.At, Minor: r.Minor,
		ChargeMinor: r.ChargeMinor, Full: r.Full, Lines: make([]refundLineRow, len(r.Lines)), CouponsBack: make([]couponID, len(out.CouponsBack)),
		Shares: make([]shareRow, len(out.Shares))}
	for i, share := range out.Shares {
		row.Shares[i] = shareRow{couponID(share.Coupon), share.Minor}
	}
	for i, l := range r.Lines {
		row.Lines[i] = refundLineRow(l)
	}
	for i, k := range out.CouponsBack {
		row.CouponsBack[i] = couponID(k)
	}
	return &refundAnswer{replay(out.Replayed), row}, nil
}
