package api

import (
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/rule"
	"quan/internal/domain/schedule"
)

// templateExample is 5.00 off from 20.00 of fresh food, for seven days, once a
// member, 10,000 in all: the template of the documentation.
func templateExample() createTemplateBody {
	return createTemplateBody{Code: "spring-20-5", Market: "main", TemplateNames: TemplateNames{
		InternalName: "Spring 20-5",
		CustomerName: coupon.Names{"en": "5 off 20", "zh-CN": "满20减5", "zh-TW": "滿20折5"},
		Issuer:       coupon.Issuer{Kind: coupon.IssuerPlatform},
		Draft: coupon.Doc{
			Terms: coupon.Terms{Kind: coupon.KindAmountOff, AmountMinor: 500, ThresholdMinor: 2000, ThresholdBase: coupon.BaseBefore,
				Scope:         rule.Scope{Include: rule.Selector{Categories: []string{"fresh"}}},
				UsesPerCoupon: 1, Validity: schedule.Validity{Kind: schedule.ValidityDays, Days: 7},
				Funders: []coupon.Funder{{Kind: coupon.FunderPlatform, Code: "platform", ShareBps: 10_000}}},
			Claim: coupon.ClaimRules{Limits: []limit.Limit{
				{What: limit.IssueCount, Period: limit.Ever, Per: limit.PerTemplate, Cap: 10_000},
				{What: limit.IssueCount, Period: limit.Ever, Per: limit.PerMember, Cap: 1},
			}},
		}}}
}
