// Package crash breaks quan and what it stands on while clients are at work, and
// demands that everything acknowledged is there exactly once afterwards: kill -9
// of the program, a power cut under SQLite, a full disk, a PostgreSQL server that
// is killed, and connections that break around COMMIT.
//
// It owns journeys: clients that claim, lock, redeem, release and refund over HTTP
// under idempotency keys and remember what was acknowledged. A journey goes one
// step at a time, so after a crash at most its last step is in doubt. Three looks
// follow: before anything is sent again (acknowledged steps are there, the step in
// doubt is there or not, never twice), while everything is sent again under its
// keys (the same answers), and afterwards (each step exactly once).
//
// QUAN_CRASH_CYCLES says how many kills a store gets (15; make soak 1,000), and
// QUAN_CRASH_SEED which journeys and moments are drawn. The moment of a kill within
// a commit is the machine's; a failure tells its cycle and the state found.
//
// Time: the wall clock. Nothing sleeps.
package crash
