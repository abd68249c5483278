package catalog

import (
	"context"
	"maps"
	"slices"
	"time"

	"quan/internal/domain/access"
	"quan/internal/domain/market"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/money"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

var markets = noun[store.Market]{
	what: "market",
	rows: func(tx store.Tx) store.Reference[store.Market] { return tx.Markets() },
	marks: func(m *store.Market) marks {
		return marks{&m.Rev, &m.CreatedAt, &m.UpdatedAt, &m.ArchivedAt}
	},
	sees: func(access.Principal, *store.Market) bool { return true },
}

// PutMarketInput is a market as it shall be.
type PutMarketInput struct {
	Code      string // from the path
	Name      string
	Currency  string           // ISO 4217, three capitals; can't change once the market has templates
	Zone      string           // IANA name; as Currency
	WeekStart int64            // 0 Sunday … 6 Saturday; as Currency
	Policies  *market.Policies // whole; nil: those of the existing row, or the defaults
	// Currencies are further ones that orders may be paid in; nil: as they are. None
	// goes away once the market has templates.
	Currencies map[string]market.Further
	IfRev      int64 // 0: create only
}

// PutMarket creates a market or changes it. Faults: those of the input,
// if_match_required, stale_revision, wrong_state (archived; currency or calendar in use),
// permission_denied for a principal that is limited to a scope.
func (c *Catalog) PutMarket(ctx context.Context, by access.Principal, in PutMarketInput) (row store.Market, created bool, err error) {
	if err := mayMarket(by); err != nil {
		return row, false, err
	}
	if err := in.validate(); err != nil {
		return row, false, err
	}
	defer c.Cache.ForgetMarket(in.Code)
	return put(ctx, c, by, markets, in.Code, in.IfRev, func(tx store.Tx, m *store.Market, isNew bool) error {
		if err := in.keeps(tx, m, isNew); err != nil {
			return err
		}
		if isNew {
			m.Policies = market.Defaults()
		}
		if in.Policies != nil {
			m.Policies = *in.Policies
		}
		if in.Currencies != nil {
			m.Currencies = in.Currencies
		}
		m.Code, m.Name, m.Currency, m.Zone, m.WeekStart = in.Code, in.Name, in.Currency, in.Zone, time.Weekday(in.WeekStart)
		return nil
	})
}

// mayMarket: a market's policies act on every merchant, so only a principal that
// is not limited writes them.
func mayMarket(by access.Principal) error {
	if err := by.May(access.MarketWrite); err != nil {
		return err
	}
	if !by.Scope.Everything() {
		return fault.New(fault.PermissionDeny, "permission", string(access.MarketWrite))
	}
	return nil
}

// keeps refuses another currency where templates hold amounts of the old one, and
// another calendar where limits may have taken by the old one: what they took
// could not be given back to its period.
func (in *PutMarketInput) keeps(tx store.Tx, m *store.Market, isNew bool) error {
	changed := ""
	switch {
	case isNew:
	case m.Currency != in.Currency:
		changed = "/currency"
	case m.Zone != in.Zone:
		changed = "/zone"
	case m.WeekStart != time.Weekday(in.WeekStart):
		changed = "/week_start"
	default:
		for _, code := range slices.Sorted(maps.Keys(m.Currencies)) {
			if _, stays := in.Currencies[code]; !stays && in.Currencies != nil {
				changed = "/currencies/" + code // locks, orders and terms hold amounts of it
			}
		}
	}
	if changed == "" {
		return nil
	}
	rows, err := tx.Templates().List(store.Filter{Market: in.Code, Archived: true, Limit: 1})
	if err == nil && len(rows) > 0 {
		err = fault.New(fault.WrongState, "state", "in_use").At(changed)
	}
	return err
}

func (in *PutMarketInput) validate() error {
	var l fault.List
	l.Add(text.Code(in.Code, "path:code"))
	l.Add(text.Name(in.Name, "/name"))
	l.Add(currencyCode(in.Currency, "/currency"))
	l.Add(zone(in.Zone, "/zone"))
	l.Add(text.Range(in.WeekStart, 0, 6, "/week_start"))
	if in.Policies != nil {
		validatePolicies(in.Policies, &l)
	}
	in.validateCurrencies(&l)
	return l.Err()
}

func (in *PutMarketInput) validateCurrencies(l *fault.List) {
	if len(in.Currencies) > market.CurrenciesMax {
		l.Add(fault.New(fault.TooLong, "max", market.CurrenciesMax).At("/currencies"))
		return
	}
	for _, code := range slices.Sorted(maps.Keys(in.Currencies)) {
		here, further := "/currencies/"+code, in.Currencies[code]
		l.Add(currencyCode(code, here))
		if code == in.Currency {
			l.Add(fault.New(fault.Conflicting, "a", "currencies", "b", "currency").At(here))
		}
		l.Add(text.Range(further.FloorMinor, 0, mostFloor, here+"/floor_minor"))
		l.Add(text.Range(further.MaxDiscountMinor, 0, money.MaxMinor, here+"/max_discount_minor"))
	}
}

func currencyCode(code, pointer string) *fault.Fault {
	if code == "" {
		return fault.New(fault.MissingValue).At(pointer)
	}
	if !money.Currency(code) {
		return fault.New(fault.InvalidValue).At(pointer)
	}
	return nil
}

// zone refuses the names that depend on the machine: "" and Local.
func zone(name, pointer string) *fault.Fault {
	if name == "" {
		return fault.New(fault.MissingValue).At(pointer)
	}
	if _, err := time.LoadLocation(name); err != nil || name == "Local" || len(name) > text.MostCode {
		return fault.New(fault.InvalidValue).At(pointer)
	}
	return nil
}

// mostFloor and mostGraceHours bound what a policy may say: a floor of 10^9 minor
// units, a year.
const (
	mostFloor      = 1_000_000_000
	mostGraceHours = 366 * 24
)

func validatePolicies(p *market.Policies, l *fault.List) {
	l.Add(text.Range(p.FloorMinor, 0, mostFloor, "/policies/floor_minor"))
	l.Add(text.Range(p.LockTTLSeconds, 60, 86400, "/policies/lock_ttl_seconds"))
	l.Add(text.Range(p.MaxCouponsOrder, 1, 20, "/policies/max_coupons_order"))
	l.Add(text.Range(p.ReturnGraceHours, 0, mostGraceHours, "/policies/return_grace_hours"))
	l.Add(oneOf(p.BrokenThreshold, "/policies/broken_threshold", market.BrokenKeep, market.BrokenRecompute, market.BrokenRefuse))
	l.Add(oneOf(p.CouponReturn, "/policies/coupon_return", market.ReturnOnFull, market.ReturnNever))
	l.Add(oneOf(p.LatePayment, "/policies/late_payment", market.LateHonour, market.LateRefuse))
	l.Add(text.Range(p.MaxDiscountMinor, 0, money.MaxMinor, "/policies/max_discount_minor"))
	l.Add(text.Range(p.MaxDiscountBps, 0, money.BpsWhole, "/policies/max_discount_bps"))
	if profile := pricing.Choose(p.Pricing, "/policies/pricing", l); profile.Tax != pricing.TaxOut {
		l.Add(fault.New(fault.InvalidValue).At("/policies/pricing/tax"))
	}
}

// GetMarket returns a market, archived or not, or fault not_found.
func (c *Catalog) GetMarket(ctx context.Context, by access.Principal, code string) (store.Market, error) {
	if err := by.May(access.MarketRead); err != nil {
		return store.Market{}, err
	}
	return get(ctx, c, by, markets, code)
}

// ListMarkets returns markets by code. Every list gives at most f.Limit rows (50
// when zero, never more than page.Most+1, so that an edge can ask for one more
// than it shows) after f.After, in f's selection; f.Scope is set here.
func (c *Catalog) ListMarkets(ctx context.Context, by access.Principal, f store.Filter) ([]store.Market, error) {
	if err := by.May(access.MarketRead); err != nil {
		return nil, err
	}
	f.Scope = access.Scope{} // markets belong to nobody
	return list(ctx, c, by, markets, f)
}

// ArchiveMarket archives a market; ifRev is required. Archiving twice is
// stale_revision, or wrong_state at the right revision.
func (c *Catalog) ArchiveMarket(ctx context.Context, by access.Principal, code string, ifRev int64) (store.Market, error) {
	if err := mayMarket(by); err != nil {
		return store.Market{}, err
	}
	defer c.Cache.ForgetMarket(code)
	return archive(ctx, c, by, markets, code, ifRev)
}
