package api

import (
	"context"
	"encoding/json"
	"strings"

	"quan/internal/app/issuing"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

type couponRow struct {
	ID        couponID         `json:"id" doc:"its identity"`
	Number    string           `json:"number" doc:"coupon number, shown at the counter"`
	Member    memberID         `json:"member" doc:"who holds it"`
	Template  templateID       `json:"template" doc:"of which template"`
	Version   int64            `json:"version" doc:"of which version of it"`
	State     string           `json:"state" enum:"usable,locked,used,expired,withdrawn" doc:"as of now"`
	Used      int64            `json:"used" doc:"uses made and not returned"`
	Uses      int64            `json:"uses" doc:"uses it has in all"`
	ValidFrom calendar.Instant `json:"valid_from" doc:"usable from"`
	ValidTo   calendar.Instant `json:"valid_to,omitzero" doc:"usable until, this moment excluded; absent: for ever"`
	IssuedAt  calendar.Instant `json:"issued_at" doc:"when it was issued"`
	Origin    originID         `json:"origin" doc:"act of issuing; the coupons of a pack share it"`
	Placement placementID      `json:"placement,omitzero" doc:"where it was offered"`
	Batch     batchID          `json:"batch,omitzero" doc:"batch of stock that it was drawn from"`
	Form      string           `json:"form" doc:"delivery form: claim, grant, code, packet, automatic, reissue or import"`
	Channel   string           `json:"channel,omitempty" doc:"delivery channel"`
	City      string           `json:"city,omitempty" doc:"city of the issue"`
	FaceMinor int64            `json:"face_minor,omitempty" doc:"its own amount instead of the template's"`
	Lock      lockID           `json:"lock,omitzero" doc:"the lock that holds it"`
	Rev       int64            `json:"rev" doc:"number of its changes"`
}

func (s *server) showCoupon(k coupon.Coupon) couponRow {
	return couponRow{ID: couponID(k.ID), Number: s.number(k.ID), Member: memberID(k.Member), Template: templateID(k.Template),
		Version: k.Version, State: k.At(s.Clock()).String(), Used: k.Used, Uses: k.Uses, ValidFrom: k.ValidFrom, ValidTo: endOf(k),
		IssuedAt: k.IssuedAt, Origin: originID(k.Origin), Placement: placementID(k.Placement), Batch: batchID(k.Batch), Form: string(k.Form), FaceMinor: k.FaceMinor,
		Channel: k.Channel, City: k.City, Lock: lockID(k.Lock), Rev: k.Rev}
}

type CouponPath struct {
	ID couponID `path:"id" doc:"id of the coupon"`
}

type listCouponsInput struct {
	Paged
	Number   string     `query:"number" maxLength:"64" doc:"find one by its coupon number"`
	Template templateID `query:"template" doc:"list a template's coupons, newest first"`
}

type historyList struct {
	Body struct {
		Items []changeRow `json:"items" doc:"its changes, oldest first" nullable:"false"`
	}
}

type changeRow struct {
	Seq   int64            `json:"seq" doc:"counts from 1"`
	Type  string           `json:"type" doc:"what happened, with the version of its form" example:"coupon.claimed.v1"`
	At    calendar.Instant `json:"at" doc:"when"`
	Actor string           `json:"actor" doc:"principal who did it"`
	Facts map[string]any   `json:"facts" doc:"what the decision knew"`
}

type withdrawBody struct {
	Reason string `json:"reason" minLength:"1" maxLength:"500" doc:"why, for the audit log" example:"granted by mistake"`
}

type withdrawInput struct {
	CouponPath
	Keyed
	Body withdrawBody
}

type couponAnswer struct {
	Replayed
	Body couponRow
}

type oneCoupon struct{ Body couponRow }

func (s *server) couponRoutes() {
	const path = "/v1/coupons/{id}"
	add(s, operation{id: "get-coupon", method: "GET", path: path, tag: "coupons", may: access.CouponRead,
		summary: "Get a coupon", about: "With its state as of now.", faults: []fault.Code{fault.CouponUnknown}},
		func(ctx context.Context, c *call, in *CouponPath) (*oneCoupon, error) {
			k, _, err := s.Issuing.Get(ctx, c.principal, id.ID(in.ID))
			if err != nil {
				return nil, err
			}
			return &oneCoupon{s.showCoupon(*k)}, nil
		})
	add(s, operation{id: "list-coupons", method: "GET", path: "/v1/coupons", tag: "coupons", may: access.CouponRead,
		summary: "Find a coupon by its number, or list a template's", about: "One of number and template is needed. A number that was never given out finds nothing.",
		faults: []fault.Code{fault.InvalidCursor, fault.MissingValue, fault.Conflicting, fault.Absent}}, s.listCoupons)
	add(s, operation{id: "get-history", method: "GET", path: path + "/history", tag: "coupons", may: access.CouponRead,
		summary: "List what happened to a coupon", about: "Oldest first.", faults: []fault.Code{fault.CouponUnknown}},
		func(ctx context.Context, c *call, in *CouponPath) (*historyList, error) {
			rows, err := s.Issuing.History(ctx, c.principal, id.ID(in.ID))
			if err != nil {
				return nil, err
			}
			out := &historyList{}
			out.Body.Items = make([]changeRow, len(rows))
			for i, r := range rows {
				out.Body.Items[i] = showChange(r)
			}
			return out, nil
		})
	add(s, operation{id: "withdraw-coupon", method: "POST", path: path + "/withdraw", tag: "coupons", may: access.CouponWithdraw,
		summary: "Take an unused coupon back", about: "What it took of stock and limits stays taken.", example: withdrawBody{"granted by mistake"},
		faults: []fault.Code{fault.MissingKey, fault.KeyReusedBody, fault.CouponUnknown, fault.CouponWithdrawn, fault.CouponUsedUp,
			fault.CouponExpired, fault.CouponLocked}},
		func(ctx context.Context, c *call, in *withdrawInput) (*couponAnswer, error) {
			k, again, err := s.Issuing.Withdraw(ctx, c.principal, issuing.WithdrawInput{Once: c.once(in.IdempotencyKey, in.Body),
				Coupon: id.ID(in.ID), Reason: in.Body.Reason})
			if err != nil {
				return nil, err
			}
			return &couponAnswer{replay(again), s.showCoupon(*k)}, nil
		})
}

func (s *server) listCoupons(ctx context.Context, c *call, in *listCouponsInput) (*list[couponRow], error) {
	switch {
	case in.Number == "" && in.Template == 0:
		return nil, fault.New(fault.MissingValue).At("query:number")
	case in.Number != "" && in.Template != 0:
		return nil, fault.New(fault.Conflicting, "a", "number", "b", "template").At("query:template")
	case in.Number != "":
		return s.couponByNumber(ctx, c, in.Number)
	}
	before, ask, err := in.afterID("coupons", id.Coupon)
	if err != nil {
		return nil, err
	}
	rows, err := s.Issuing.OfTemplate(ctx, c.principal, id.ID(in.Template), before, ask)
	if err != nil {
		return nil, err
	}
	return &list[couponRow]{pageOf("coupons", ask, rows,
		func(k coupon.Coupon) string { return id.Format(id.Coupon, k.ID) }, s.showCoupon)}, nil
}

// couponByNumber finds none for a number that is wrong, foreign or unknown: they
// look alike.
func (s *server) couponByNumber(ctx context.Context, c *call, number string) (*list[couponRow], error) {
	none := &list[couponRow]{listing[couponRow]{Items: []couponRow{}}}
	i, ok := s.Issuing.Numbers.Parse(number)
	if !ok {
		return none, nil
	}
	k, _, err := s.Issuing.Get(ctx, c.principal, i)
	switch {
	case fault.Has(err, fault.CouponUnknown):
		return none, nil
	case err != nil:
		return nil, err
	}
	return &list[couponRow]{listing[couponRow]{Items: []couponRow{s.showCoupon(*k)}}}, nil
}

func showChange(r store.StoredChange) changeRow {
	out := changeRow{Seq: r.Seq, Type: string(r.Type), At: r.At, Actor: r.Actor, Facts: map[string]any{}}
	d := json.NewDecoder(strings.NewReader(r.Facts))
	d.UseNumber()
	_ = d.Decode(&out.Facts) // facts that are no object are shown empty
	return out
}
