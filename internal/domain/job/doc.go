// Package job is long work: it waits, is run piece by piece by one process at a
// time, can be stopped and goes on where it was.
//
// It owns the states of a job and the moves between them (after River's), the
// lease under which a process runs it, when a failed attempt is tried again, and
// the times at which periodic work is due. It does not own what a kind of job
// does, nor who may ask for it.
//
//	available, scheduled, retryable → running → completed
//	running → retryable (an attempt failed) → discarded (the last one did)
//	any that is not over → paused → available; → cancelled
//
// Invariants: a running job has a holder, a token that no holder before it had,
// and the end of its lease; no other job has a lease. A write of a run is made
// against the revision that the run has read, so after a pause, a cancel or a
// rescue the run that was under way writes nothing more (proto-4). A job that is
// over changes only by Retry. An attempt that got on starts the count of attempts
// anew: what is counted is failures without progress.
//
// Time: moments are the wall clock's, passed in; the wait after a failure is a
// function of the attempt and the job's id.
package job
