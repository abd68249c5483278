package server

import (
	"context"
	"errors"
	"strconv"
	"time"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// workerTTL is how long a worker number stays ours without renewal; the id
// maker borrows at most seconds, so a minute keeps two holders apart.
const workerTTL = time.Minute

var errNoWorker = errors.New("server: all worker numbers are leased: more than 128 processes on one database, or their leases have not run out yet (one minute)")

// leaseWorker takes a worker number that no living process holds. It starts
// behind the number taken last, so a number rests before it is used again and
// two processes can't make the same id within one second.
func leaseWorker(ctx context.Context, s store.Store, holder string) (number int64, err error) {
	err = s.Update(ctx, store.Control, func(tx store.Tx) error {
		settings, err := tx.Settings().Get([]string{"worker.last"})
		if err != nil {
			return err
		}
		last, _ := strconv.ParseInt(settings["worker.last"], 10, 64)
		now := calendar.Of(time.Now())
		for i := int64(1); i <= id.Workers; i++ {
			number = (last + i) % id.Workers
			_, ok, err := tx.Leases().Acquire(workerLease(number), holder, now, workerTTL)
			if err != nil {
				return err
			}
			if ok {
				return tx.Settings().Put(map[string]string{"worker.last": strconv.FormatInt(number, 10)})
			}
		}
		return errNoWorker
	})
	return number, err
}

func workerLease(number int64) string { return "worker/" + strconv.FormatInt(number, 10) }
