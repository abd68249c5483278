package sqlrepo

import (
	"time"

	"quan/internal/kernel/calendar"
	"quan/internal/store"
)

var (
	// $3 is now. The token stays with a holder that renews in time, and rises otherwise.
	leasesAcquire = same("leases.acquire",
		"INSERT INTO leases (name, holder, token, until_at) VALUES ($1, $2, 1, $4) ON CONFLICT (name) DO UPDATE SET"+
			" token = leases.token + CASE WHEN leases.holder = EXCLUDED.holder AND leases.until_at > $3 THEN 0 ELSE 1 END,"+
			" holder = EXCLUDED.holder, until_at = EXCLUDED.until_at"+
			" WHERE leases.holder = EXCLUDED.holder OR leases.holder = '' OR leases.until_at <= $3 RETURNING token, until_at")
	// It writes what it reads: the row stays the token's until the commit.
	leasesCheck   = same("leases.check", "UPDATE leases SET token = token WHERE name = $1 AND token = $2")
	leasesRelease = same("leases.release", "UPDATE leases SET holder = '', until_at = 0 WHERE name = $1 AND holder = $2")
)

type leaseRows struct{ tx *Tx }

func (r leaseRows) Acquire(name, holder string, now calendar.Instant, ttl time.Duration) (store.Lease, bool, error) {
	lease, ok := store.Lease{Name: name, Holder: holder}, false
	err := r.tx.queryWrite(leasesAcquire, []any{name, holder, int64(now), int64(now.Add(ttl))}, func(row Scanner) error {
		ok = true
		return row.Scan(&lease.Token, &lease.Until)
	})
	if err != nil || !ok {
		return store.Lease{}, false, err
	}
	return lease, true, nil
}

func (r leaseRows) Check(name string, token int64) error {
	n, err := r.tx.write(leasesCheck, name, token)
	if err == nil && n != 1 {
		return r.tx.refuse(leasesCheck.name, store.ErrStale)
	}
	return err
}

// Release frees the lease if the holder has it.
func (r leaseRows) Release(name, holder string) error {
	_, err := r.tx.write(leasesRelease, name, holder)
	return err
}
