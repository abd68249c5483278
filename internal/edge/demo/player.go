package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"quan/internal/app"
	"quan/internal/app/admin"
	"quan/internal/app/catalog"
	"quan/internal/app/checkout"
	"quan/internal/app/issuing"
	"quan/internal/app/membership"
	"quan/internal/app/reporting"
	"quan/internal/app/upkeep"
	"quan/internal/domain/access"
	"quan/internal/domain/job"
	"quan/internal/domain/member"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Deps are the use cases that the demo calls. All read Clock, but for Admin,
// whose job row shows the wall clock.
type Deps struct {
	Catalog    *catalog.Catalog
	Membership *membership.Membership
	Issuing    *issuing.Issuing
	Checkout   *checkout.Checkout
	Reporting  *reporting.Reporting
	Upkeep     *upkeep.Upkeep
	Admin      *admin.Admin
	Vault      *member.Vault
	Clock      *Clock
	Holder     string // names this process in leases
}

// Options are what differs between the command and a server that loads the demo.
type Options struct {
	Adopt    bool // take seed, size and days of a demo that is there already
	Fold     bool // fold rollups each day: nobody else does
	Progress func(Progress)
}

// Progress says how far a run is.
type Progress struct {
	Done, Days int
	Date       calendar.Date
	Issued     int64
	Orders     int64
	Resumed    bool
}

// ErrForeign says that a database holds data that is not the demo's.
var ErrForeign = errors.New("demo: the database holds other data; choose an empty one")

// jobKey names the one demo of a database.
const jobKey = "demo"

// cursor is what the job row keeps: enough to go on another day.
type cursor struct {
	Seed    uint64        `json:"seed"`
	Members int           `json:"members"`
	Days    int           `json:"days"`
	Last    calendar.Date `json:"last"`
	Done    int           `json:"done"`              // days that are written whole
	Differs int64         `json:"differs,omitempty"` // acts that the store decided against the model
}

// player writes what the simulation decides.
type player struct {
	Deps
	set       *Settings
	options   Options
	by        access.Principal
	sim       *simulation
	job       store.Job
	cursor    cursor
	templates [offers]id.ID
	places    [offers]id.ID
	fair      struct {
		templates [fairs]id.ID
		members   []id.ID
	}
	renew time.Time // wall clock
	odd   []string  // the first acts of this process that the store decided against the model
}

// Run plays the plan from where it is, or from the start, and returns goals
// against results. A context that ends leaves a run that can go on.
func (d Deps) Run(ctx context.Context, set Settings, options Options) (*Result, error) {
	p := &player{Deps: d, set: &set, options: options, by: access.System("demo")}
	if p.options.Progress == nil {
		p.options.Progress = func(Progress) {}
	}
	if err := p.start(ctx); err != nil {
		return nil, err
	}
	result, err := p.run(ctx)
	return result, p.finish(ctx, err)
}

// start finds or makes the job.
func (p *player) start(ctx context.Context) error {
	if p.set.Members < 1 || p.set.Days < 1 || p.set.Last == 0 {
		return errors.New("demo: members, days and the last day are needed")
	}
	row, err := p.Admin.FindJob(ctx, p.by, jobKey)
	if err != nil {
		return err
	}
	p.cursor = cursor{Seed: p.set.Seed, Members: p.set.Members, Days: p.set.Days, Last: p.set.Last}
	if row.ID == 0 {
		if err := p.vacant(ctx); err != nil {
			return err
		}
	} else if err := p.adopt(row); err != nil {
		return err
	}
	p.job, err = p.Admin.TakeJob(ctx, p.by, admin.TakeJobInput{Kind: "demo", Key: jobKey, Total: int64(p.set.Days),
		Cursor: p.cursor.text(), Holder: p.Holder})
	p.renew = time.Now().Add(app.JobLease / 4)
	return err
}

// vacant refuses a database with data of somebody else.
func (p *player) vacant(ctx context.Context) error {
	totals, err := p.Reporting.Totals(ctx, p.by)
	if err == nil && totals.Members+totals.Merchants+totals.Templates > 0 {
		err = ErrForeign
	}
	return err
}

// adopt goes on with a demo that is there; its dates stay as they are.
func (p *player) adopt(row store.Job) error {
	var kept cursor
	if err := json.Unmarshal([]byte(row.Cursor), &kept); err != nil {
		return fmt.Errorf("demo: read cursor: %w", err)
	}
	same := kept.Seed == p.set.Seed && kept.Members == p.set.Members && kept.Days == p.set.Days
	if !same && !p.options.Adopt {
		return fmt.Errorf("demo: the database holds a demo of seed %d, %d members, %d days; ask for the same, or choose an empty database",
			kept.Seed, kept.Members, kept.Days)
	}
	p.cursor = kept
	p.set.Seed, p.set.Members, p.set.Days, p.set.Last = kept.Seed, kept.Members, kept.Days, kept.Last
	return nil
}

func (c cursor) text() string {
	b, err := json.Marshal(c)
	if err != nil {
		panic(err) // plain data
	}
	return string(b)
}

// errTaken says that the run has lost its job.
var errTaken = errors.New("demo: the job was stopped by hand, or another process has it; run it again to go on")

// lease tells that this process still plays, and finds out whether it may.
func (p *player) lease(ctx context.Context) error {
	if time.Now().Before(p.renew) || p.job.State != job.Running {
		return nil
	}
	return p.say(ctx, p.job)
}

// say writes the job's row.
func (p *player) say(ctx context.Context, row store.Job) (err error) {
	p.job, err = p.Admin.AdvanceJob(ctx, p.by, row)
	if fault.Has(err, fault.StaleRevision) {
		return errTaken
	}
	p.renew = time.Now().Add(app.JobLease / 4)
	return err
}

// alive is asked before every slice.
func (p *player) alive(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("demo: stopped; run it again to go on: %w", err)
	}
	return p.lease(ctx)
}

// run decides every day; days that are done are not written again.
func (p *player) run(ctx context.Context) (*Result, error) {
	zone, err := time.LoadLocation(zoneName)
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	p.sim = newSimulation(p.set, zone)
	p.Clock.set(p.set.First().Start(zone))
	resumed := p.cursor.Done > 0
	for day := range p.cursor.Done {
		p.sim.play(day)
	}
	if err := p.open(ctx); err != nil {
		return nil, err
	}
	if p.cursor.Done < p.set.Days {
		if err := p.enrol(ctx, p.sim.people, !resumed); err != nil {
			return nil, err
		}
	}
	for day := p.cursor.Done; day < p.set.Days; day++ {
		if err := p.write(ctx, p.sim.play(day)); err != nil {
			return nil, err
		}
		p.cursor.Done = day + 1
		if err := p.advance(ctx, resumed); err != nil {
			return nil, err
		}
	}
	p.Clock.set(p.set.Last.AddDays(1).Start(zone).Add(5 * time.Minute))
	if err := p.expire(ctx); err != nil {
		return nil, err
	}
	if err := p.tidy(ctx); err != nil {
		return nil, err
	}
	return p.result(ctx)
}

// advance writes the cursor after a day.
func (p *player) advance(ctx context.Context, resumed bool) error {
	b := &p.sim.book
	row := p.job
	row.Done, row.Cursor = int64(p.cursor.Done), p.cursor.text()
	row.Message = fmt.Sprintf("%s: %d coupons, %d orders", p.sim.date, b.coupons(), b.orders)
	if err := p.say(ctx, row); err != nil {
		return err
	}
	p.options.Progress(Progress{Done: p.cursor.Done, Days: p.set.Days, Date: p.sim.date, Issued: b.coupons(), Orders: b.orders, Resumed: resumed})
	return p.tidy(ctx)
}

// tidy flushes counted refusals and, where nobody else does, folds rollups.
func (p *player) tidy(ctx context.Context) error {
	if err := p.Upkeep.FlushRefusals(ctx); err != nil {
		return err
	}
	if !p.options.Fold {
		return nil
	}
	lease, ok, err := p.Upkeep.Hold(ctx, "worker.fold", p.Holder, calendar.Of(time.Now()), app.JobLease)
	if err != nil || !ok {
		return err
	}
	for {
		if n, err := p.Upkeep.Fold(ctx, lease); err != nil || n < upkeep.Batch {
			return errors.Join(err, p.Upkeep.Drop(ctx, "worker.fold", p.Holder))
		}
	}
}

// finish writes how the job ended, even when the run's
// context has ended.
func (p *player) finish(ctx context.Context, err error) error {
	rest, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	var late error
	if p.job.State == job.Running && !errors.Is(err, errTaken) {
		p.job, late = p.Admin.FinishJob(rest, p.by, p.job, err, ctx.Err() != nil)
	}
	return errors.Join(err, late)
}

// mostOdd is how many differences are told.
const mostOdd = 20

// differ counts an act that went otherwise than the model expected.
func (p *player) differ(a *act, why error) {
	p.cursor.Differs++
	if len(p.odd) < mostOdd {
		text := "accepted"
		if why != nil {
			text = why.Error()
		}
		p.odd = append(p.odd, fmt.Sprintf("%s: act %d: %s", p.sim.date, a.no, text))
	}
}
