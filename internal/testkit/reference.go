package testkit

import (
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/item"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/merchant"
	"quan/internal/domain/person"
	"quan/internal/domain/placement"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/id"
)

// Market is the installation's first market.
func Market() market.Market {
	return market.Market{Code: market.DefaultCode, Name: "Main", Currency: "CNY", Zone: Zone, WeekStart: 1,
		Policies: market.Defaults(), Rev: 1, CreatedAt: Start, UpdatedAt: Start}
}

// Merchant has its code as its name.
func Merchant(code string) merchant.Merchant {
	return merchant.Merchant{Code: code, Name: code, Rev: 1, CreatedAt: Start, UpdatedAt: Start}
}

// Store is a place of a merchant in Shanghai.
func Store(code, merchantCode string) merchant.Store {
	return merchant.Store{Code: code, Name: code, Merchant: merchantCode, City: "shanghai",
		Spot: merchant.Spot{LatE6: 31_235_000, LngE6: 121_475_000, System: "gcj02"}, Rev: 1, CreatedAt: Start, UpdatedAt: Start}
}

// Item costs 10.00.
func Item(sku string) item.Item {
	return item.Item{SKU: sku, Name: sku, Category: "fresh/fruit", Brand: "orchard", PriceMinor: 1000, CostMinor: 600, MinMinor: 700,
		Market: market.DefaultCode, Rev: 1, CreatedAt: Start, UpdatedAt: Start}
}

// Terms take 5.00 off from 20.00, for seven days, at the platform's cost.
func Terms() coupon.Terms {
	return coupon.Terms{Kind: coupon.KindAmountOff, AmountMinor: 500, ThresholdMinor: 2000, ThresholdBase: coupon.BaseBefore,
		UsesPerCoupon: 1, Validity: schedule.Validity{Kind: schedule.ValidityDays, Days: 7},
		Funders: []coupon.Funder{{Kind: coupon.FunderPlatform, Code: "platform", ShareBps: 10_000}}}
}

// Doc is Terms with a total of 100 coupons and one a member.
func Doc() coupon.Doc {
	return coupon.Doc{Terms: Terms(), Claim: coupon.ClaimRules{Limits: []limit.Limit{
		{What: limit.IssueCount, Period: limit.Ever, Per: limit.PerTemplate, Cap: 100},
		{What: limit.IssueCount, Period: limit.Ever, Per: limit.PerMember, Cap: 1},
	}}}
}

// Template is published in version 1, claiming and use on.
func Template(key id.ID) coupon.Template {
	return coupon.Template{ID: key, Market: market.DefaultCode, InternalName: "five off",
		CustomerName: coupon.Names{"en": "5 off", "zh-CN": "满20减5"}, Issuer: coupon.Issuer{Kind: coupon.IssuerPlatform},
		Status: coupon.StatusPublished, Claiming: true, Use: true, Version: 1, Rev: 1, CreatedAt: Start, UpdatedAt: Start}
}

// Version is version 1 of a template, with Doc as its content.
func Version(template id.ID) coupon.Version {
	return coupon.Version{Template: template, Number: 1, Hash: "hash", Doc: Doc(), PublishedAt: Start, PublishedBy: "system:test"}
}

// Placement is open, without a cap of its own.
func Placement(key, template id.ID) placement.Placement {
	return placement.Placement{ID: key, Market: market.DefaultCode, Name: "front page", Template: template, Channel: "app",
		Open: true, Rev: 1, CreatedAt: Start, UpdatedAt: Start}
}

// Person is an operator who has a password that nobody knows.
func Person(key id.ID) person.Person {
	return person.Person{ID: key, Login: "ada@example.com", Name: "Ada", Roles: []access.Role{access.Operator}, Password: "$argon2id$",
		Rev: 1, CreatedAt: Start, UpdatedAt: Start}
}

// Key is a server key that may do everything.
func Key(key id.ID) access.Key {
	return access.Key{ID: key, Name: "test", Kind: access.KindServer, SecretHash: id.Format(id.Key, key),
		Permissions: access.All, Rev: 1, CreatedAt: Start, UpdatedAt: Start}
}
