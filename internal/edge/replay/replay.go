package replay

import (
	"context"
	"fmt"
	"strconv"

	"quan/internal/app/catalog"
	"quan/internal/app/checkout"
	"quan/internal/app/issuing"
	"quan/internal/app/membership"
	"quan/internal/app/reporting"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/member"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// slice is how many rows one use case takes at a time.
const slice = 256

// Deps are the use cases that a replay calls.
type Deps struct {
	Catalog    *catalog.Catalog
	Membership *membership.Membership
	Issuing    *issuing.Issuing
	Checkout   *checkout.Checkout
	Reporting  *reporting.Reporting
	Vault      *member.Vault
}

// Result is what the store holds after a replay, and what did not go in.
type Result struct {
	reporting.Totals
	Refused   int64       `json:"refused"` // rows that a use case refused
	Malformed []Malformed `json:"-"`
	Refusals  []Malformed `json:"-"` // the refused rows with their reason, at most 100
}

// Progress is told how far a step is; total is known before the step starts.
type Progress func(step string, done, total int)

// replay is one run.
type replay struct {
	Deps
	by       access.Principal
	progress Progress
	result   Result
}

func (d Deps) start(name string, progress Progress) *replay {
	if progress == nil {
		progress = func(string, int, int) {}
	}
	return &replay{Deps: d, by: access.System("replay." + name), progress: progress}
}

// finish counts what the store holds.
func (r *replay) finish(ctx context.Context) (*Result, error) {
	var err error
	r.result.Totals, err = r.Reporting.Totals(ctx, r.by)
	return &r.result, err
}

func (r *replay) bad(m Malformed) { r.result.Malformed = append(r.result.Malformed, m) }

// fate counts an outcome; only faults are refusals, anything else ends the run.
func (r *replay) fate(f *file, line int, err error) error {
	if err == nil {
		return nil
	}
	if fault.From(err) == nil {
		return err
	}
	r.result.Refused++
	if len(r.result.Refusals) < 100 {
		r.result.Refusals = append(r.result.Refusals, Malformed{f.name, line, err.Error()})
	}
	return nil
}

// slip is the identity of a row for ever.
func slip(f *file, line int) store.OutsideKey {
	return store.OutsideKey{Kind: "slip", Source: "sha256:" + f.hash[:40], Ref: strconv.Itoa(line)}
}

// bulk hands rows to write in slices; the rest is handed over by flush.
type bulk[T any] struct {
	ctx   context.Context
	write func([]T) error
	rows  []T
}

func (b *bulk[T]) add(v T) error {
	b.rows = append(b.rows, v)
	if len(b.rows) < slice {
		return nil
	}
	return b.flush()
}

func (b *bulk[T]) flush() error {
	if err := b.ctx.Err(); err != nil {
		return fmt.Errorf("replay: stopped; run it again to go on: %w", err)
	}
	if len(b.rows) == 0 {
		return nil
	}
	err := b.write(b.rows)
	b.rows = b.rows[:0]
	return err
}

// person is a member of a data set.
type person struct {
	attributes map[string]string
	at         calendar.Instant
}

// members makes the people that don't exist and returns their ids.
func (r *replay) members(ctx context.Context, kind string, people map[string]person) (map[string]id.ID, error) {
	ids := make(map[string]id.ID, len(people))
	done := 0
	var names []string
	b := &bulk[membership.EnsureInput]{ctx: ctx, write: func(rows []membership.EnsureInput) error {
		made, err := r.Membership.Ensure(ctx, r.by, rows)
		if err != nil {
			return err
		}
		for i, m := range made {
			ids[names[i]] = m
		}
		names = names[:0]
		done += len(rows)
		r.progress("members", done, len(people))
		return nil
	}}
	for _, name := range sortedKeys(people) {
		p, secret := people[name], member.Secret(name)
		names = append(names, name)
		err := b.add(membership.EnsureInput{Key: r.Vault.Key(kind, secret), Sealed: r.Vault.Seal(kind, secret), Attributes: p.attributes, At: p.at})
		if err != nil {
			return nil, err
		}
	}
	return ids, b.flush()
}

// platform bears the whole cost where a data set names no funder.
func platform() []coupon.Funder {
	return []coupon.Funder{{Kind: coupon.FunderPlatform, Code: "platform", ShareBps: 10_000}}
}
