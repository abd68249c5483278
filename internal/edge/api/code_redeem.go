package api

import (
	"context"
	"net"
	"net/netip"
	"slices"

	"quan/internal/app/issuing"
	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
)

type redeemCodeBody struct {
	Code    string `json:"code" minLength:"1" maxLength:"64" doc:"as the member entered or pasted it" example:"SPRING-7K2M-9QXA-4T0B-C"`
	Member  who    `json:"member" doc:"who enters it"`
	Channel string `json:"channel,omitempty" maxLength:"64" doc:"delivery channel; absent: that of the batch's placement" example:"app"`
	City    string `json:"city,omitempty" maxLength:"64" doc:"city of the member" example:"shanghai"`
	Device  string `json:"device,omitempty" maxLength:"128" doc:"what tells the member's device from others; wrong guesses are counted by it, and so do limits per device"`
	Person  string `json:"person,omitempty" maxLength:"256" doc:"what tells the natural person from others; needed where a limit counts persons. Kept as a keyed hash only"`
	Address string `json:"address,omitempty" maxLength:"64" doc:"network address of the member as your server sees it; wrong guesses are counted by it. Of browser keys the connection's own is taken" example:"203.0.113.7"`
}

type redeemCodeInput struct {
	Keyed
	Body redeemCodeBody
}

func (s *server) codeRedemption() {
	add(s, operation{id: "redeem-code", method: "POST", path: "/v1/codes/redeem", tag: "codes", may: access.CodeRedeem, status: 201,
		summary: "Turn an exchange code into a coupon",
		about: "By the same decision as a claim of the code's template. A code that is unknown, used, revoked, expired or somebody else's is code_invalid: " +
			"which of these is not told. Wrong guesses are slowed down by member, device and address (429 with Retry-After). Case, width, spaces, hyphens and what was copied around the code don't matter.",
		example: redeemCodeBody{Code: "SPRING-7K2M-9QXA-4T0B-C", Member: who{Kind: "phone", Value: "+8613800000000"}, Channel: "app", City: "shanghai"},
		faults:  append([]fault.Code{fault.CodeInvalid, fault.ConditionNotMet}, slices.DeleteFunc(slices.Clone(claimFaults), func(c fault.Code) bool { return c == fault.Absent })...)},
		func(ctx context.Context, c *call, in *redeemCodeInput) (*receiptAnswer, error) {
			b := in.Body
			one := issuing.RedeemCodeInput{Once: c.once(in.IdempotencyKey, b), Text: b.Code, Channel: b.Channel, City: b.City, Device: b.Device, Actor: s.actor(Acting{Device: b.Device, Person: b.Person})}
			var err error
			if one.Member, one.MemberID, err = b.Member.resolve(s.Vault, "/member"); err != nil {
				return nil, err
			}
			if one.Address, err = c.addressOf(b.Address); err != nil {
				return nil, err
			}
			return s.one(s.Issuing.RedeemCode(ctx, c.principal, one))
		})
}

// addressOf is the network from which a member guesses: of a page the connection's,
// else the one that the caller names. Of IPv6 the first 64 bits are one subscriber.
func (c *call) addressOf(named string) (string, error) {
	if c.principal.Kind == access.KindBrowser {
		named, _, _ = net.SplitHostPort(c.request.RemoteAddr)
	}
	if named == "" {
		return "", nil
	}
	a, err := netip.ParseAddr(named)
	if err != nil {
		return "", fault.New(fault.InvalidValue).At("/address")
	}
	return subscriber(a), nil
}

// subscriber is who stands behind an address: of IPv6 the first 64 bits.
func subscriber(a netip.Addr) string {
	a = a.Unmap().WithZone("")
	if p, err := a.Prefix(64); err == nil && a.Is6() {
		return p.String()
	}
	return a.String()
}
