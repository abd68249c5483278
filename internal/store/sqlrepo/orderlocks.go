package sqlrepo

import (
	"fmt"
	"strconv"
	"strings"

	"quan/internal/domain/redemption"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

const lockColumns = "id, source, ref, member, coupons, state, created_at, expires_at, resolved_at, cart_hash, list_minor, discount_minor, payable_minor, priced, rev"

var (
	locksGet    = keyedBy("locks.get", lockColumns, "locks")
	locksDue    = same("locks.due", "SELECT "+lockColumns+" FROM locks WHERE state = 1 AND expires_at <= $1 ORDER BY expires_at, id LIMIT $2")
	locksInsert = insertOf("locks", "id slot source:t ref:t member coupons:t state created_at expires_at resolved_at cart_hash:t list_minor discount_minor payable_minor priced:t rev")
	locksUpdate = updateOf("locks", "id slot", "id slot coupons:t state expires_at resolved_at cart_hash:t list_minor discount_minor payable_minor priced:t rev")
)

type lockRows struct{ tx *Tx }

func scanLock(row Scanner) (l redemption.Lock, err error) {
	var coupons string
	err = row.Scan(&l.ID, &l.Key.Source, &l.Key.Ref, &l.Member, &coupons, &l.State, &l.CreatedAt, &l.ExpiresAt, &l.ResolvedAt,
		&l.CartHash, &l.ListMinor, &l.DiscountMinor, &l.PayableMinor, &l.Priced, &l.Rev)
	if err != nil {
		return l, err
	}
	l.Coupons, err = readIDs(coupons)
	return l, err
}

// writeIDs writes ids as a comma text, in their order.
func writeIDs(ids []id.ID) string {
	var b strings.Builder
	for i, v := range ids {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.FormatInt(int64(v), 10))
	}
	return b.String()
}

func readIDs(text string) ([]id.ID, error) {
	if text == "" {
		return nil, nil
	}
	parts := strings.Split(text, ",")
	ids := make([]id.ID, len(parts))
	for i, p := range parts {
		n, err := strconv.ParseInt(p, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("list of ids: %w", err)
		}
		ids[i] = id.ID(n)
	}
	return ids, nil
}

func (r lockRows) Get(ids []id.ID) ([]redemption.Lock, error) {
	return byID(r.tx, locksGet, scanLock, ids)
}

func (r lockRows) Due(now calendar.Instant, limit int) ([]redemption.Lock, error) {
	return collect(r.tx, locksDue, scanLock, int64(now), int64(limit))
}

func (r lockRows) Insert(rows []redemption.Lock) error {
	return r.tx.bulk(locksInsert, len(rows), func(i int) []any {
		l := &rows[i]
		return []any{int64(l.ID), l.ID.Slot(), l.Key.Source, l.Key.Ref, int64(l.Member), writeIDs(l.Coupons), int64(l.State), int64(l.CreatedAt),
			int64(l.ExpiresAt), int64(l.ResolvedAt), l.CartHash, l.ListMinor, l.DiscountMinor, l.PayableMinor, l.Priced, l.Rev}
	})
}

func (r lockRows) Update(rows []redemption.Lock) error {
	return r.tx.update(locksUpdate, len(rows), func(i int) []any {
		l := &rows[i]
		return []any{int64(l.ID), l.ID.Slot(), writeIDs(l.Coupons), int64(l.State), int64(l.ExpiresAt), int64(l.ResolvedAt), l.CartHash,
			l.ListMinor, l.DiscountMinor, l.PayableMinor, l.Priced, l.Rev}
	})
}
