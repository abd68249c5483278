package access

import "slices"

// Role is what a person is in the business: a set of permissions. A person may have
// several, and a scope that limits all of them.
type Role string

// The roles.
const (
	Administrator    Role = "administrator"
	Operator         Role = "operator"      // makes coupons and places them
	CampaignLead     Role = "campaign_lead" // plans, and looks at goals and money
	Analyst          Role = "analyst"
	Service          Role = "service" // speaks with customers
	Clerk            Role = "clerk"   // 核销员, at a counter
	Finance          Role = "finance"
	TechnicalSupport Role = "technical_support"
	MerchantRole     Role = "merchant" // of one or more merchants: needs a scope of them
	Partner          Role = "partner"  // outside the business: reads, in a scope of merchants
)

// Roles are all of them, in the order of the constants.
var Roles = []Role{Administrator, Operator, CampaignLead, Analyst, Service, Clerk, Finance, TechnicalSupport, MerchantRole, Partner}

// looking is what whoever works with coupons may see: what there is, nobody's data.
var looking = []Permission{MarketRead, ReferenceRead, TemplateRead}

var roles = map[Role][]Permission{
	Administrator: All,
	Operator: slices.Concat(looking, []Permission{ReferenceWrite, TemplateWrite, TemplatePublish, BudgetRead, StopWrite, MemberRead, MemberWrite, MemberNote, CouponRead, CouponGrant, CouponWithdraw,
		CodeRead, CodeWrite, CodeExport, Quote, OrderRead, StatisticsRead, JobRead, JobWrite}),
	CampaignLead:     slices.Concat(looking, []Permission{TemplateWrite, BudgetRead, BudgetWrite, StopWrite, CodeRead, Quote, OrderRead, StatisticsRead, JobRead}),
	Analyst:          slices.Concat(looking, []Permission{CodeRead, Quote, OrderRead, StatisticsRead, JobRead}),
	Service:          slices.Concat(looking, []Permission{MemberRead, CouponRead, CouponReturn, CodeRead, Quote, OrderRead, MemberNote, DeskWork}),
	Clerk:            Allowed(KindClerk),
	Finance:          slices.Concat(looking, []Permission{BudgetRead, BudgetWrite, OrderRead, StatisticsRead, AuditRead}),
	TechnicalSupport: slices.Concat(looking, []Permission{StatisticsRead, KeyRead, KeyWrite, JobRead, JobWrite, AuditRead}),
	MerchantRole:     slices.Concat(looking, []Permission{TemplateWrite, CouponRead, CodeRead, Quote, OrderRead, StatisticsRead}),
	Partner:          slices.Concat(looking, []Permission{CodeRead, StatisticsRead}),
}

// Known reports whether quan has the role.
func (r Role) Known() bool { return slices.Contains(Roles, r) }

// Scoped reports whether the role is for people outside the business, who need a
// scope of merchants.
func (r Role) Scoped() bool { return r == MerchantRole || r == Partner }

// Permissions are those of all the roles, each once, in the order of All.
func Permissions(of []Role) []Permission {
	var out []Permission
	for _, p := range All {
		if slices.ContainsFunc(of, func(r Role) bool { return slices.Contains(roles[r], p) }) {
			out = append(out, p)
		}
	}
	return out
}
