package demo

import (
	"context"
	"time"

	"quan/internal/app/admin"
	"quan/internal/domain/access"
	"quan/internal/domain/job"
	"quan/internal/kernel/calendar"
)

// forgotten is when a run that nobody goes on with no longer counts.
const forgotten = 24 * time.Hour

// Loading reports whether a demo is under way, or was stopped within a day. Its
// coupons live on the simulated clock, in the past: until it is done, a worker on
// the wall clock leaves the rows of ended coupons and locks alone. (They are
// ended by their dates, whatever their rows say.)
func Loading(ctx context.Context, a *admin.Admin, wall time.Time) (bool, error) {
	row, err := a.FindJob(ctx, access.System("demo"), jobKey)
	if err != nil {
		return false, err
	}
	return row.ID != 0 && row.State != job.Completed && calendar.Of(wall) < row.UpdatedAt.Add(forgotten), nil
}
