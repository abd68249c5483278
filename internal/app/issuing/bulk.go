package issuing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/condition"
	"quan/internal/domain/coupon"
	"quan/internal/domain/grant"
	"quan/internal/domain/job"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/member"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// The kinds of jobs of bulk grants.
const (
	GrantJob = "grant"
	UndoJob  = "grant.undo"
)

// bulk is a bulk grant as its job row has it.
type bulk struct {
	*Issuing
	run      job.Job
	spec     grant.Spec
	progress grant.Progress
	rows     counters // as the piece before leaves them; nil: that is not known
}

func (s *Issuing) bulk(run job.Job) (*bulk, error) {
	g := &bulk{Issuing: s, run: run}
	if err := json.Unmarshal([]byte(run.Args), &g.spec); err != nil {
		return nil, fmt.Errorf("issuing: read grant: %w", err)
	}
	if err := json.Unmarshal([]byte(run.Cursor), &g.progress); err != nil {
		return nil, fmt.Errorf("issuing: read progress of a grant: %w", err)
	}
	return g, nil
}

// GrantPiece does the next pieces of a bulk grant (stride). Each piece is one transaction
// with the job's row, so no member gets anything twice, whatever is lost when.
func (s *Issuing) GrantPiece(ctx context.Context, run job.Job) (job.Job, error) {
	g, err := s.bulk(run)
	if err != nil {
		return run, err
	}
	switch g.progress.Phase {
	case grant.Rehearsing:
		return g.rehearse(ctx)
	case grant.Issuing:
		return g.issue(ctx)
	case grant.Uploading, grant.Ready:
		return s.Piece(ctx, run, app.Nothing, func(_ store.Tx, next *job.Job) (bool, error) {
			next.Wait(s.Clock())
			return false, nil
		})
	}
	return s.Piece(ctx, run, app.Nothing, func(store.Tx, *job.Job) (bool, error) { return true, nil })
}

// GrantPace is how long a bulk grant rests behind a piece.
func GrantPace(run, next job.Job, took time.Duration) time.Duration {
	var spec grant.Spec
	if json.Unmarshal([]byte(run.Args), &spec) != nil {
		return 0
	}
	return spec.Rest(next.Done-run.Done, took)
}

// target is a member whose turn has come.
type target struct {
	member id.ID
	number int64 // row of the list
}

// turnPage is who comes next.
type turnPage struct {
	by      access.Principal
	targets []target
	after   int64 // behind the last one that was looked at
	through int64
	last    bool
}

// most bounds the members among whom a piece looks for those of a segment.
const most = 4096

// next reads whose turn it is, in one view: at most size members behind after.
func (g *bulk) next(ctx context.Context, after, through int64, size int) (p turnPage, err error) {
	m, err := g.Cache.Market(ctx, g.spec.Market)
	if err != nil {
		return p, err
	}
	err = g.Store.View(ctx, func(tx store.Tx) error {
		p = turnPage{after: after, through: through}
		if p.by, err = principal(tx, g.run.Actor); err != nil {
			return err
		}
		if g.spec.Audience == grant.List {
			return g.nextRows(tx, &p, size)
		}
		return g.nextMembers(tx, m, &p, size)
	})
	return p, err
}

func (g *bulk) nextRows(tx store.Tx, p *turnPage, size int) error {
	rows, err := tx.Grants().Rows(g.run.ID, p.after, size)
	for _, r := range rows {
		p.after = r.Number
		if r.Member != 0 {
			p.targets = append(p.targets, target{r.Member, r.Number})
		}
	}
	p.through, p.last = g.spec.Rows, len(rows) < size
	return err
}

func (g *bulk) nextMembers(tx store.Tx, m *market.Market, p *turnPage, size int) error {
	if p.through == 0 {
		newest, err := tx.Members().Newest()
		if err != nil {
			return err
		}
		p.through = int64(newest)
	}
	to, reach := p.through, size
	predicate := condition.Predicate{Op: condition.OpAlways}
	if g.spec.Audience == grant.Segment {
		predicate, _ = g.spec.Tree.Predicate()
		reach = most
	}
	ahead, err := tx.Members().Ahead(id.ID(p.after), reach)
	if err != nil {
		return err
	}
	if ahead != 0 && int64(ahead) < to {
		to = int64(ahead)
	}
	ids, err := tx.Facts().Page(predicate, condition.MomentOf(g.Clock(), m.Location()), id.ID(p.after), id.ID(to), size)
	if err != nil {
		return err
	}
	for _, who := range ids {
		p.targets = append(p.targets, target{member: who})
	}
	if p.after = to; len(ids) == size {
		p.after = int64(ids[size-1])
	}
	p.last = p.after >= p.through
	return nil
}

// principal is who asked for a job, with what it may do now: permission_denied when
// its key was revoked, or the person may not sign in any more.
func principal(tx store.Tx, actor string) (access.Principal, error) {
	if part, ok := access.PartOf(actor); ok {
		return access.System(part), nil
	}
	refused := fault.New(fault.PermissionDeny, "permission", string(access.CouponGrant))
	if _, err := id.Parse(id.Person, actor); err == nil {
		rows, err := tx.People().Get([]string{actor})
		if err != nil {
			return access.Principal{}, err
		}
		if len(rows) == 0 || rows[0].ArchivedAt != 0 {
			return access.Principal{}, refused
		}
		by := rows[0].Principal()
		return by, by.May(access.CouponGrant)
	}
	rows, err := tx.Keys().Get([]string{actor})
	if err != nil {
		return access.Principal{}, err
	}
	if len(rows) == 0 || rows[0].ArchivedAt != 0 {
		return access.Principal{}, refused
	}
	by := access.Principal{Kind: rows[0].Kind, ID: actor, Permissions: rows[0].Permissions, Scope: rows[0].Scope}
	return by, by.May(access.CouponGrant)
}

// acts are what a page asks for.
func (g *bulk) acts(p *turnPage) *batch {
	b := &batch{Issuing: g.Issuing, acts: make([]act, len(p.targets))}
	for i, t := range p.targets {
		b.acts[i] = act{by: p.by, memberID: t.member, templates: g.spec.Templates, placement: g.spec.Placement,
			form: coupon.FormGrant, channel: g.spec.Channel, city: g.spec.City}
	}
	return b
}

// figures adds what became of a batch.
func (b *batch) figures(f *grant.Figures) error {
	refused := map[fault.Code]int64{}
	for i := range b.outcomes {
		f.Members++
		o := &b.outcomes[i]
		if o.Err != nil {
			why := fault.From(o.Err)
			if why == nil {
				return o.Err
			}
			refused[why.Code]++
			continue
		}
		f.Granted++
		for n := range o.Receipt.Coupons {
			c := &o.Receipt.Coupons[n]
			f.Coupons++
			f.Liability += c.Liability
			if offer := b.offers[c.Template]; offer != nil && offer.Version != nil {
				if _, known := offer.Version.Doc.Terms.Liability(); !known {
					f.Unbounded++
				}
			}
		}
	}
	for why, n := range refused {
		f.Refuse(why, n)
	}
	return nil
}

// wrap leaves what the runner of jobs looks for in sight.
func (g *bulk) wrap(what string, err error) error {
	if fault.From(err) != nil {
		return err
	}
	return fmt.Errorf("issuing: %s: %w", what, err)
}

// twice takes members out of a batch who have an outcome already: a list may name
// one by two identities. An outcome that the piece before has not committed yet meets
// this one's when it is written, and this piece is run again (store.ErrTwin).
func (b *batch) twice(tx store.Tx, g *bulk, targets []target) error {
	b.again = make([]bool, len(b.acts))
	if g.spec.Audience != grant.List {
		return nil
	}
	seen := make(map[id.ID]bool, len(targets))
	ids := make([]id.ID, len(targets))
	for i, t := range targets {
		ids[i] = t.member
	}
	rows, err := tx.Grants().OutcomesOf(g.run.ID, ids)
	for _, o := range rows {
		seen[o.Member] = true
	}
	for i, t := range targets {
		b.again[i] = seen[t.member]
		seen[t.member] = true
	}
	return err
}

// record moves the job's figures by the outcomes of a piece, and returns these.
func (g *bulk) record(next *job.Job, b *batch, p *turnPage) ([]store.GrantOutcome, error) {
	progress := g.progress
	if err := b.figures(&progress.Result); err != nil {
		return nil, err
	}
	rows := make([]store.GrantOutcome, 0, len(b.outcomes))
	for i := range b.outcomes {
		if b.again[i] {
			continue // its first row has the outcome
		}
		o := store.GrantOutcome{Job: g.run.ID, Member: p.targets[i].member, Number: p.targets[i].number}
		if r := b.outcomes[i].Receipt; r != nil {
			o.Coupons = make([]id.ID, len(r.Coupons))
			for n := range r.Coupons {
				o.Coupons[n] = r.Coupons[n].ID
			}
		} else {
			o.Code = fault.From(b.outcomes[i].Err).Code
		}
		rows = append(rows, o)
	}
	progress.After, progress.Through = p.after, p.through
	if p.last {
		progress.Phase = grant.Done
	}
	g.move(next, &progress)
	return rows, nil
}

// move writes progress into the row of the job.
func (g *bulk) move(next *job.Job, p *grant.Progress) {
	f := p.Figures()
	next.Done, next.Refused = f.Members+p.Bad.Members, f.RefusedInAll()+p.Bad.RefusedInAll()
	next.Message = string(p.Phase)
	next.Cursor = app.JSON(p)
}

// rehearsed is how many pages of members one piece of a rehearsal looks at.
const rehearsed = 16

// rehearse decides on the next members without writing anything of them. What they
// would take of counters that members share is carried from page to page.
func (g *bulk) rehearse(ctx context.Context) (job.Job, error) {
	progress := g.progress
	last := false
	all, err := g.next(ctx, progress.After, progress.Through, grant.Piece*rehearsed)
	if err != nil {
		return g.run, g.wrap("read whose turn it is", err)
	}
	for _, p := range all.cut(grant.Piece) {
		b := g.acts(&p)
		if err := g.decideOnly(ctx, b, &progress); err != nil {
			return g.run, g.wrap("rehearse", err)
		}
		if err := b.figures(&progress.Rehearsal); err != nil {
			return g.run, g.wrap("rehearse", err)
		}
		progress.After, progress.Through, last = p.after, p.through, p.last
	}
	return g.Piece(ctx, g.run, app.Nothing, func(_ store.Tx, next *job.Job) (bool, error) {
		now := progress
		if !last {
			g.move(next, &now)
			return false, nil
		}
		next.Total = now.Rehearsal.Members + now.Bad.Members
		if g.spec.Go {
			now.Begin(grant.Issuing)
			g.move(next, &now)
			if at := g.Clock(); now.StartAt > at {
				next.Defer(now.StartAt, at)
			}
			return false, nil
		}
		now.Begin(grant.Ready)
		g.move(next, &now)
		next.Wait(g.Clock())
		return false, nil
	})
}

// decideOnly decides a batch in a view.
func (g *bulk) decideOnly(ctx context.Context, b *batch, progress *grant.Progress) error {
	if len(b.acts) == 0 {
		return nil
	}
	if err := b.learn(ctx); err != nil {
		return err
	}
	taken := map[limit.Key]int64{}
	for _, t := range progress.Taken {
		taken[t.Key] = t.Amount
	}
	var locked *store.Locked
	before := map[limit.Key]int64{}
	decide := func() error {
		return g.Store.View(ctx, func(tx store.Tx) (err error) {
			clear(before)
			locked, err = b.settle(tx, func(set store.LockSet) (*store.Locked, error) { return glance(tx, set, taken, before) })
			return err
		})
	}
	err := decide()
	for tries := 0; errors.Is(err, app.Again()) && tries < 5; tries++ {
		if err = b.refresh(ctx)(); err == nil {
			err = decide()
		}
	}
	if err != nil {
		return err
	}
	progress.Taken = nil
	for k, c := range locked.Counters {
		if k.Per != limit.PerMember {
			taken[k] += c.Taken - before[k]
		}
	}
	for k, n := range taken {
		if n != 0 {
			progress.Taken = append(progress.Taken, grant.Taken{Key: k, Amount: n})
		}
	}
	return nil
}

// glance reads what a lock would return, as if more had been taken of shared
// counters; before gets what is taken then.
func glance(tx store.Tx, set store.LockSet, taken, before map[limit.Key]int64) (*store.Locked, error) {
	got := &store.Locked{Members: map[id.ID]*member.Member{}, Counters: map[limit.Key]*limit.Counter{}}
	members, err := tx.Members().Get(set.Members)
	if err != nil {
		return nil, err
	}
	for i := range members {
		got.Members[members[i].ID] = &members[i]
	}
	counters, err := tx.Counters().Get(set.Counters)
	if err != nil {
		return nil, err
	}
	for i := range counters {
		got.Counters[counters[i].Key] = &counters[i]
	}
	for _, k := range set.Counters {
		if got.Counters[k] == nil {
			got.Counters[k] = &limit.Counter{Key: k}
		}
		got.Counters[k].Taken += taken[k]
		before[k] = got.Counters[k].Taken
	}
	return got, nil
}
