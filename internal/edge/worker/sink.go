package worker

import (
	"context"
	"log/slog"

	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Sink takes changes: all of a call or, with an error, none. It sees a change
// again when its mark was lost, and knows it by its id (change.Change.ID).
type Sink interface {
	Deliver(ctx context.Context, changes []store.StoredChange) error
}

// LogSink writes each change to a log. Changes hold no personal data.
type LogSink struct {
	Log   *slog.Logger
	Level slog.Level // zero is info
}

// Deliver never fails: a log that can't be written is not ours to mend.
func (s LogSink) Deliver(ctx context.Context, changes []store.StoredChange) error {
	for i := range changes {
		c := &changes[i]
		s.Log.LogAttrs(ctx, s.Level, "change",
			slog.String("id", c.ID()),
			slog.String("type", string(c.Type)),
			slog.String("aggregate", id.Format(c.Kind, c.Aggregate)),
			slog.Int64("seq", c.Seq),
			slog.String("at", c.At.String()),
			slog.String("actor", c.Actor),
			slog.String("facts", c.Facts))
	}
	return nil
}
