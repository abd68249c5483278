package issuing

import (
	"context"
	"fmt"

	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/pricing"
	"quan/internal/domain/showing"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Shown is a dynamic QR code: what the QR holds, and how long it is good.
type Shown struct {
	Code      string
	From      calendar.Instant // when it was made
	ExpiresAt calendar.Instant
}

// Show makes the dynamic QR code of a coupon that its member holds up at a counter.
// Only the member's own page or the operator's back end may: a clerk who could make
// codes would stand in for the customer. Faults: coupon_not_found, permission_denied.
func (s *Issuing) Show(ctx context.Context, by access.Principal, c id.ID) (Shown, error) {
	if err := by.May(access.CouponRead); err != nil {
		return Shown{}, err
	}
	if by.Kind != access.KindBrowser && by.Kind != access.KindServer {
		return Shown{}, fault.New(fault.PermissionDeny, "permission", "coupon.show")
	}
	row, _, err := s.find(ctx, by, c)
	if err != nil {
		return Shown{}, err
	}
	now := s.Clock()
	code, until := s.Showings.Sign(row.ID, row.Member, now)
	return Shown{code, now, until}, nil
}

// Scanned is what a counter learns of a coupon before it redeems it.
type Scanned struct {
	Coupon   *coupon.Coupon
	Template *coupon.Template
	Terms    *coupon.Terms // the coupon's own
	Currency string        // the market's own
	Dynamic  bool          // by a dynamic QR code, so that the member was there
	Refusal  *fault.Fault  // why it can't be used whatever the cart is; nil: the cart decides
}

// Scan resolves what a counter scans or types: a dynamic QR code or a coupon number.
// away is of a scan that was made without network: a dynamic code counts that was good
// then. It writes nothing. Faults: coupon_not_found (unknown, foreign and forged look
// alike), qr_expired, scan_too_old.
func (s *Issuing) Scan(ctx context.Context, by access.Principal, text string, away *showing.Away) (out Scanned, err error) {
	if err := by.May(access.CouponUse); err != nil {
		return out, err
	}
	i, shown, f := s.read(by, text, away)
	if f != nil {
		return out, f
	}
	row, offer, err := s.find(ctx, by, i)
	if err != nil || shown.Coupon != 0 && shown.Member != row.Member {
		return out, unknownScan(err)
	}
	generation, blocked, err := s.standing(ctx, row)
	if err != nil {
		return out, err
	}
	if offer.Generation < generation {
		s.Cache.Outdated(row.Template, generation)
		if row, offer, err = s.find(ctx, by, i); err != nil {
			return out, unknownScan(err)
		}
	}
	key := store.VersionKey{Template: row.Template, Number: row.Version}
	versions, err := s.Cache.Versions(ctx, []store.VersionKey{key})
	if err != nil {
		return out, err
	}
	if versions[key] == nil {
		return out, fmt.Errorf("issuing: coupon %d is of an unknown version", row.ID)
	}
	m, err := s.Cache.Market(ctx, offer.Template.Market)
	if err != nil {
		return out, err
	}
	terms := versions[key].Doc.Terms.Of(row)
	out = Scanned{Coupon: row, Template: offer.Template, Terms: terms, Currency: m.Currency, Dynamic: shown.Coupon != 0}
	against := pricing.Usable(row, terms, offer.Template.Use, 0, s.Clock())
	switch {
	case blocked:
		out.Refusal = fault.New(fault.MemberBlocked)
	case len(against) > 0:
		out.Refusal = against[0]
	}
	return out, nil
}

// read finds the coupon that a scanned text names.
func (s *Issuing) read(by access.Principal, text string, away *showing.Away) (id.ID, showing.Showing, *fault.Fault) {
	now := s.Clock()
	scanned, f := s.scannedAt(by, away, now)
	if f != nil {
		return 0, showing.Showing{}, f
	}
	var shown showing.Showing
	switch {
	case !showing.Is(text):
		if i, ok := s.Numbers.Parse(text); ok {
			return i, shown, nil
		}
		f = fault.New(fault.CouponUnknown)
	case away != nil:
		shown, f = s.Showings.ReadAway(text, scanned, now)
	default:
		shown, f = s.Showings.Read(text, now)
	}
	if f != nil {
		f = f.At("/scan")
	}
	return shown.Coupon, shown, f
}

// scannedAt is when a scan without network was made, as far as it still counts.
func (s *Issuing) scannedAt(by access.Principal, away *showing.Away, now calendar.Instant) (calendar.Instant, *fault.Fault) {
	if away == nil {
		return now, nil
	}
	at, f := s.Showings.ScannedAt(*away, by.ID, now)
	if f == nil {
		f = showing.Stale(at, now)
	}
	if f != nil {
		return 0, f.At("/away" + f.Pointer)
	}
	return at, nil
}

// standing is what lies outside the coupon: the generation of its template, and
// whether its member is blocked.
func (s *Issuing) standing(ctx context.Context, c *coupon.Coupon) (generation int64, blocked bool, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		rows, err := tx.Counters().Get([]limit.Key{limit.StockKey(c.Template)})
		if err != nil {
			return err
		}
		members, err := tx.Members().Get([]id.ID{c.Member})
		generation, blocked = 0, len(members) > 0 && members[0].Blocked
		if len(rows) > 0 {
			generation = rows[0].Rev
		}
		return err
	})
	if err != nil {
		return 0, false, fmt.Errorf("issuing: read a scanned coupon: %w", err)
	}
	return generation, blocked, nil
}

// unknownScan points at what was scanned where no coupon is found.
func unknownScan(err error) error {
	if err == nil || fault.Has(err, fault.CouponUnknown) {
		return fault.New(fault.CouponUnknown).At("/scan")
	}
	return err
}
