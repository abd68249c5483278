package api

import (
	"context"
	"quan/internal/kernel/fault"

	"quan/internal/app/catalog"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/kernel/i18n"
	"quan/internal/kernel/id"
)

type ownWalletInput struct{ Paged }

// CouponRow is a name under which a coupon's fields are documented where it is part of
// another row.
type CouponRow = couponRow

type walletRow struct {
	CouponRow
	Name      string        `json:"name" doc:"customer name"`
	Card      string        `json:"card" doc:"what it gives, in a line"`
	Sentences []sentenceRow `json:"sentences" doc:"its terms in words" nullable:"false"`
	Zone      string        `json:"zone" doc:"the market's time zone, an IANA name: tell the times in it" example:"Asia/Shanghai"`
}

func (s *server) walletRoute() {
	add(s, operation{id: "show-wallet", method: "GET", path: "/v1/wallet", tag: "pages", may: asMember, summary: "Show the own wallet in words",
		about: "Newest first, whatever became of them: a coupon that is not usable any more is there with its state. Each with its name and its terms in words.", faults: []fault.Code{fault.InvalidCursor}},
		func(ctx context.Context, c *call, in *ownWalletInput) (*list[walletRow], error) {
			before, ask, err := in.afterID("wallet", id.Coupon)
			if err != nil {
				return nil, err
			}
			rows, err := s.Issuing.Wallet(ctx, c.principal, c.principal.Member, before, ask)
			if err != nil {
				return nil, err
			}
			told, err := s.tell(ctx, rows, c.lang)
			if err != nil {
				return nil, err
			}
			return &list[walletRow]{pageOf("wallet", ask, rows, func(k coupon.Coupon) string { return id.Format(id.Coupon, k.ID) },
				func(k coupon.Coupon) walletRow {
					t := told[sameWords(&k)]
					return walletRow{s.showCoupon(k), t.Name, t.Card, sentences(t.Sentences), t.Zone}
				})}, nil
		})
}

// spoken names coupons of the same words.
type spoken struct {
	template         id.ID
	version, faceMin int64
}

func sameWords(k *coupon.Coupon) spoken { return spoken{k.Template, k.Version, k.FaceMinor} }

// tell explains coupons, those of the same words once. Their holder may read it,
// whoever else may not see the templates.
func (s *server) tell(ctx context.Context, rows []coupon.Coupon, lang i18n.Lang) (map[spoken]catalog.Explanation, error) {
	told := map[spoken]catalog.Explanation{}
	by := access.System("wallet")
	for i := range rows {
		k := sameWords(&rows[i])
		if _, ok := told[k]; ok {
			continue
		}
		e, err := s.Catalog.ExplainCoupon(ctx, by, &rows[i], lang)
		if err != nil {
			return nil, err
		}
		told[k] = e
	}
	return told, nil
}
