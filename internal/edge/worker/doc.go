// Package worker runs what happens behind the requests: it delivers changes to
// a sink, folds rollups, flushes refusals, and runs what it is given (expiry) and the
// jobs of the table. What each does is app/upkeep's; when, by which process,
// and what after an error is this package's.
//
// A loop takes turns: as long as a turn finds a full batch the next one follows
// at once, then it sleeps. After an error it waits longer each time, up to half
// a minute, with jitter. A loop with a lease takes turns only while this process
// holds it; renewing it costs a write every few seconds, not one a turn.
//
// Jobs of the table (domain/job) are run in slots: a turn is a piece, so a process
// that stops does so behind the piece under way and gives the job back. A job whose
// process was lost is rescued when its lease has run out; what the lost process
// still writes is refused by the row's revision. Periodic jobs are enqueued by one
// process at a time, one for a tick.
//
// Invariants: a change is given to the sink until the sink takes it, in the
// order of its aggregate; turns under a lease that has gone to another process
// write nothing. A panic in a sink or job ends that turn, not the process.
//
// Stop: Run returns when its context ends and the turns under way are finished;
// the last refusals are flushed and the leases given back.
//
// Time: the wall clock, passed in; tests pass one that does not wait.
package worker
