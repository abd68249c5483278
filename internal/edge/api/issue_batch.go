package api

import (
	"context"
	"strconv"

	"quan/internal/app/issuing"
	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
)

const aboutBatch = "Up to 256, each with its own fate: the answer is 200 and its items say what became of each. " +
	"The Idempotency-Key counts for each element by its place."

func (s *server) issueBatchRoutes(claim claimBody, grant grantBody) {
	add(s, operation{id: "claim-coupons", method: "POST", path: "/v1/claims/batch", tag: "issuing", may: access.CouponClaim,
		summary: "Claim many coupons", about: aboutBatch, example: claimsBody{[]claimBody{claim}}, faults: []fault.Code{fault.MissingKey, fault.Conflicting}},
		func(ctx context.Context, c *call, in *claimsInput) (*fates, error) {
			inputs := make([]issuing.ClaimInput, len(in.Body.Claims))
			for i := range in.Body.Claims {
				var err error
				inputs[i], err = s.claimOf(func(b any) issuing.ClaimInput {
					return issuing.ClaimInput{Once: c.onceOf(in.IdempotencyKey, i, b)}
				}, &in.Body.Claims[i], "/claims/"+strconv.Itoa(i))
				if err != nil {
					return nil, err
				}
			}
			return s.fates(c, "/claims", inputs, func() ([]issuing.Outcome, error) { return s.Issuing.Claim(ctx, c.principal, inputs) })
		})
	add(s, operation{id: "grant-many", method: "POST", path: "/v1/grants/batch", tag: "issuing", may: access.CouponGrant,
		summary: "Grant coupons to many members", about: aboutBatch, example: grantsBody{[]grantBody{grant}}, faults: []fault.Code{fault.MissingKey, fault.Conflicting}},
		func(ctx context.Context, c *call, in *grantsInput) (*fates, error) {
			inputs := make([]issuing.GrantInput, len(in.Body.Grants))
			for i := range in.Body.Grants {
				b := &in.Body.Grants[i]
				var err error
				inputs[i], err = s.grantOf(issuing.GrantInput{Once: c.onceOf(in.IdempotencyKey, i, b)}, b, "/grants/"+strconv.Itoa(i))
				if err != nil {
					return nil, err
				}
			}
			return s.fates(c, "/grants", inputs, func() ([]issuing.Outcome, error) { return s.Issuing.Grant(ctx, c.principal, inputs) })
		})
}

// fates runs a batch and tells what became of each element; pointers of
// refusals begin at the element's place in the request.
func (s *server) fates(c *call, at string, _ any, run func() ([]issuing.Outcome, error)) (*fates, error) {
	outcomes, err := run()
	if err != nil {
		return nil, err
	}
	out := &fates{}
	out.Body.Items = make([]fateRow, len(outcomes))
	for i, o := range outcomes {
		if o.Err != nil {
			out.Body.Items[i].Problem = c.problem(fault.Under(at+"/"+strconv.Itoa(i), o.Err))
			continue
		}
		r := s.showReceipt(o.Receipt)
		out.Body.Items[i] = fateRow{Receipt: &r, Replayed: o.Replayed}
		out.Body.Issued++
	}
	return out, nil
}
