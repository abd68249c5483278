package storetest

import (
	"time"

	"quan/internal/domain/job"
	"quan/internal/domain/limit"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

var jobTests = map[string]func(*world){
	"jobs/roundtrip": jobsRoundTrip,
	"jobs/due":       jobsDue,
	"grants/rows":    grantRows,
	"leases/fencing": leasesFence,
}

func jobsRoundTrip(w *world) {
	j := store.Job{ID: w.id(), Kind: "demo", Key: "demo/1", Queue: "slow", State: job.Running, Priority: 3, Attempt: 1, MaxAttempts: 4, Args: `{"a":1}`,
		Actor: "key_1", Done: 1, Total: 9, Refused: 1, Cursor: "5", Message: "五", Failures: []job.Failure{{Attempt: 1, At: testkit.Start, Error: "不"}},
		RunAt: testkit.Start, Holder: "p", Token: 3, Until: testkit.Start + 9, CreatedAt: testkit.Start, StartedAt: testkit.Start + 1,
		EndedAt: testkit.Start + 2, UpdatedAt: testkit.Start + 3, Rev: 1}
	filled(w, j)
	later := j
	later.ID, later.Key, later.State, later.Queue, later.Failures = w.id(), "demo/2", job.Paused, "default", nil
	w.do(func(tx store.Tx) error { return tx.Jobs().Insert([]store.Job{j, later}) })
	j.State, j.Done, j.Cursor, j.Message, j.Rev, j.UpdatedAt, j.Priority, j.Attempt, j.Refused = job.Completed, 9, "", "", 2, j.UpdatedAt+1, 1, 2, 2
	j.RunAt, j.Holder, j.Token, j.Until, j.StartedAt, j.EndedAt, j.Args, j.Total, j.Failures = 1, "", 4, 0, 5, 6, "{}", 10, nil
	w.do(func(tx store.Tx) error { return tx.Jobs().Update([]store.Job{j}) })
	w.refuses(store.ErrStale, func(tx store.Tx) error { return tx.Jobs().Update([]store.Job{j}) })
	w.look(func(tx store.Tx) error {
		got, err := tx.Jobs().Get([]id.ID{j.ID, 3})
		same(w, got, err, j)
		got, err = tx.Jobs().ByKey([]string{"demo/2", "none"})
		same(w, got, err, later)
		for f, want := range map[store.JobFilter][]store.Job{
			{Limit: 9}: {later, j}, {Limit: 1}: {later}, {Before: later.ID, Limit: 9}: {j}, {Kind: "other", Limit: 9}: nil,
			{Queue: "slow", Limit: 9}: {j}, {State: job.Paused, Limit: 9}: {later},
		} {
			got, err := tx.Jobs().List(f)
			ordered(w, got, err, want...)
		}
		return nil
	})
	w.do(func(tx store.Tx) error {
		locked, err := tx.Lock(store.LockSet{Counters: []limit.Key{limit.StockKey(5)}, Jobs: []id.ID{later.ID, j.ID, 3}})
		if err == nil && (len(locked.Jobs) != 2 || locked.Jobs[j.ID].Rev != 2) {
			w.Errorf("locked %+v", locked.Jobs)
		}
		return err
	})
	w.refuses(store.ErrLockOrder, func(tx store.Tx) error {
		if _, err := tx.Lock(store.LockSet{Jobs: []id.ID{j.ID}}); err != nil {
			return err
		}
		_, err := tx.Lock(store.LockSet{Counters: []limit.Key{limit.StockKey(5)}})
		return err
	})
	j.ID, j.Rev = w.id(), 1
	w.refuses(store.ErrTwin, func(tx store.Tx) error { return tx.Jobs().Insert([]store.Job{j}) })
}

// What is due, what has lapsed, what may be forgotten.
func jobsDue(w *world) {
	at := testkit.Start
	put := func(state job.State, change func(*store.Job)) store.Job {
		j := store.Job{ID: w.id(), Kind: "a", Queue: "q", State: state, Priority: 2, MaxAttempts: 1, RunAt: at, CreatedAt: at, UpdatedAt: at, Rev: 1}
		j.Key = id.Format(id.Job, j.ID)
		change(&j)
		w.do(func(tx store.Tx) error { return tx.Jobs().Insert([]store.Job{j}) })
		return j
	}
	none := func(*store.Job) {}
	waits := put(job.Available, none)
	urgent := put(job.Scheduled, func(j *store.Job) { j.Priority, j.RunAt = 1, at+5 })
	longer := put(job.Retryable, func(j *store.Job) { j.RunAt = at - 1 })
	put(job.Scheduled, func(j *store.Job) { j.RunAt = at + 6 })
	put(job.Available, func(j *store.Job) { j.Kind = "b" })
	shut := put(job.Available, func(j *store.Job) { j.Queue = "shut" })
	put(job.Paused, none)
	put(job.Cancelled, none)
	lapsed := put(job.Running, func(j *store.Job) { j.Holder, j.Until, j.Token = "p", at+5, 1 })
	put(job.Running, func(j *store.Job) { j.Holder, j.Until, j.Token = "p", at+6, 1 })
	old := put(job.Completed, func(j *store.Job) { j.EndedAt = at })
	put(job.Completed, func(j *store.Job) { j.EndedAt = at + 1 })
	put(job.Completed, func(j *store.Job) { j.EndedAt, j.Kind = at, "b" })
	w.do(func(tx store.Tx) error { return tx.Jobs().PutQueue(store.Queue{Name: "shut", PausedAt: 7}) })
	query := store.JobQuery{Kinds: []string{"a", "c"}, Now: at + 5, Limit: 9}
	w.look(func(tx store.Tx) error {
		got, err := tx.Jobs().Due(query)
		ordered(w, got, err, urgent, longer, waits)
		got, err = tx.Jobs().Lapsed(at+5, 9)
		ordered(w, got, err, lapsed)
		queues, err := tx.Jobs().Queues()
		ordered(w, queues, err, store.Queue{Name: "shut", PausedAt: 7})
		depths, err := tx.Jobs().Depths()
		if err != nil || len(depths) != 7 || depths[0] != (store.Depth{Queue: "q", Kind: "a", State: job.Available, Jobs: 1, Since: at}) {
			w.Errorf("depths %+v, %v", depths, err)
		}
		return nil
	})
	w.do(func(tx store.Tx) error { return tx.Jobs().PutQueue(store.Queue{Name: "shut"}) })
	w.do(func(tx store.Tx) error {
		got, err := tx.Jobs().Due(query)
		ordered(w, got, err, urgent, longer, waits, shut)
		n, err := tx.Jobs().Forget("a", at+1, 9)
		if n != 1 {
			w.Errorf("%d forgotten", n)
		}
		return err
	})
	w.look(func(tx store.Tx) error {
		if rows, err := tx.Jobs().Get([]id.ID{old.ID}); len(rows) != 0 {
			w.Errorf("not forgotten: %+v, %v", rows, err)
		}
		return nil
	})
}

// A holder that comes late can't write under its old token.
func leasesFence(w *world) {
	now := testkit.Start
	acquire := func(holder string, at int64) (lease store.Lease, ok bool) {
		w.Helper()
		w.do(func(tx store.Tx) (err error) {
			lease, ok, err = tx.Leases().Acquire("fold", holder, now.Add(time.Duration(at)*time.Second), 10*time.Second)
			return err
		})
		return lease, ok
	}
	check := func(token int64) error {
		return w.try(func(tx store.Tx) error { return tx.Leases().Check("fold", token) })
	}
	first, ok := acquire("a", 0)
	if !ok || first.Holder != "a" || first.Name != "fold" || first.Token < 1 || first.Until != now.Add(10*time.Second) {
		w.Fatalf("a free lease: %+v, %v", first, ok)
	}
	if _, ok := acquire("b", 9); ok {
		w.Fatal("a held lease was given out")
	}
	renewed, ok := acquire("a", 5)
	if !ok || renewed.Token != first.Token || renewed.Until != now.Add(15*time.Second) {
		w.Fatalf("a renewed lease: %+v, %v; first %+v", renewed, ok, first)
	}
	second, ok := acquire("b", 16)
	if !ok || second.Token <= first.Token {
		w.Fatalf("an expired lease: %+v, %v; first %+v", second, ok, first)
	}
	w.refuses(store.ErrStale, func(tx store.Tx) error { return tx.Leases().Check("fold", first.Token) })
	if err := check(second.Token); err != nil {
		w.Fatal(err)
	}
	w.do(func(tx store.Tx) error { return tx.Leases().Release("fold", "a") }) // not the holder: nothing happens
	if _, ok := acquire("a", 17); ok {
		w.Fatal("somebody else released the lease")
	}
	w.do(func(tx store.Tx) error { return tx.Leases().Release("fold", "b") })
	third, ok := acquire("a", 17)
	if !ok || third.Token <= second.Token {
		w.Fatalf("a released lease: %+v, %v", third, ok)
	}
}

// What bulk grants keep: rows of lists by number, one outcome a member.
func grantRows(w *world) {
	job := w.id()
	two := []store.GrantOutcome{{Job: job, Member: 5, Coupons: []id.ID{6, 7}}, {Job: job, Member: 8, Number: 2, Code: "sold_out"}}
	w.do(func(tx store.Tx) error { return tx.Grants().Insert(two) })
	w.refuses(store.ErrTwin, func(tx store.Tx) error { return tx.Grants().Insert(two[:1]) })
	rows := []store.GrantRow{{Job: job, Number: 2, Member: 5, Given: "1***"}, {Job: job, Number: 3, Given: "2***", Code: "member_not_found"}}
	w.do(func(tx store.Tx) error { return tx.Grants().AddRows(rows) })
	w.look(func(tx store.Tx) error {
		outcomes, err := tx.Grants().Outcomes(job, 0, 9)
		ordered(w, outcomes, err, two...)
		outcomes, err = tx.Grants().OutcomesOf(job, []id.ID{8})
		ordered(w, outcomes, err, two[1])
		got, err := tx.Grants().Rows(job, 2, 9)
		ordered(w, got, err, rows[1])
		got, err = tx.Grants().Rows(job, 0, 1)
		ordered(w, got, err, rows[0])
		return nil
	})
}
