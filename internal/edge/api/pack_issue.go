package api

import (
	"context"
	"slices"

	"quan/internal/app/issuing"
	"quan/internal/domain/access"
	"quan/internal/domain/pack"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

type packIssueBody struct {
	Member who `json:"member" doc:"who gets it"`
	Circumstances
	Acting
}

type packIssueInput struct {
	PackPath
	Keyed
	Body packIssueBody
}

type packReceiptAnswer struct {
	Replayed
	Body packReceipt
}

type packReceipt struct {
	receiptRow
	Pack    packID       `json:"pack" doc:"which pack"`
	Missing []missingRow `json:"missing,omitempty" doc:"what a partial pack did not give" nullable:"false"`
}

type missingRow struct {
	Template templateID `json:"template" doc:"of which template"`
	Count    int64      `json:"count" doc:"coupons"`
	Code     string     `json:"code" doc:"the reason"`
}

// packFaults are those of a pack's own rules, and of its coupons.
var packFaults = append(slices.Concat(pack.Order, []fault.Code{fault.ConditionNotMet}), slices.DeleteFunc(slices.Clone(claimFaults), func(c fault.Code) bool {
	return slices.Contains(pack.Order, c)
})...)

func (s *server) packIssueRoutes(path string) {
	example := packIssueBody{Member: who{Kind: "phone", Value: "+8613800000000"}, Circumstances: Circumstances{Channel: "app", City: "shanghai"}}
	issue := func(name, segment, summary, about string, may access.Permission, do func(context.Context, access.Principal, []issuing.PackInput) ([]issuing.Outcome, error)) {
		add(s, operation{id: name, method: "POST", path: path + segment, tag: "packs", may: may, status: 201, summary: summary, about: about, example: example, faults: packFaults},
			func(ctx context.Context, c *call, in *packIssueInput) (*packReceiptAnswer, error) {
				b := in.Body
				one := issuing.PackInput{Once: c.once(in.IdempotencyKey, b), Pack: id.ID(in.ID), Placement: id.ID(b.Placement), Channel: b.Channel, City: b.City, Actor: s.actor(b.Acting)}
				var err error
				if one.Member, one.MemberID, err = b.Member.resolve(s.Vault, "/member"); err != nil {
					return nil, err
				}
				outcomes, err := do(ctx, c.principal, []issuing.PackInput{one})
				if err == nil {
					err = outcomes[0].Err
				}
				if err != nil {
					return nil, err
				}
				return s.packAnswer(outcomes[0]), nil
			})
	}
	issue("claim-pack", "/claims", "Claim a pack for a member", "The member acts. The pack's own rules are asked first, then those of each coupon as of a claim; one key, one origin, "+
		"all or nothing, save of partial packs.", access.CouponClaim, s.Issuing.ClaimPack)
	issue("grant-pack", "/grants", "Grant a pack to a member", "The system or an operator acts: windows are not asked.", access.CouponGrant, s.Issuing.GrantPack)
}

func (s *server) packAnswer(o issuing.Outcome) *packReceiptAnswer {
	out := packReceipt{receiptRow: s.showReceipt(o.Receipt), Pack: packID(o.Receipt.Pack)}
	for _, g := range o.Receipt.Missing {
		out.Missing = append(out.Missing, missingRow{templateID(g.Template), g.Count, string(g.Code)})
	}
	return &packReceiptAnswer{replay(o.Replayed), out}
}
