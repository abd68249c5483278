// Package sqlite is the store over one SQLite file.
//
// It owns the connections, the transactions and what happens when they fail; the
// statements are sqlrepo's, the schema is in migrations/.
//
// One goroutine writes. What queued while the last commit was under way is the
// next batch: one transaction, a savepoint per closure, one sync, beside which the
// writer goes on (landing, ADR 0030). No answer leaves before that sync, and no
// closure's error, panic, Goexit or cancelled caller reaches its neighbours. Views
// read on their own connections and return when what they saw is durable.
//
// Invariants (the S rules of hot-path):
//   - statements of the writer run under no caller's context;
//   - a transaction that may have been lost is rolled back as a whole: the closure
//     that lost it fails, the others run once more;
//   - a full disk refuses writers until a probe is written; a commit of unknown
//     outcome latches the writer until the process restarts;
//   - one process writes a file, held by a lock beside it.
//
// What the writer reads and writes of members and counters it remembers (ADR 0033);
// Audit compares that with the rows.
//
// Closures that wait stand in a queue by class (package queue); who would wait too
// long is overloaded at once. The engine does not decide anything.
//
// Time: a batch ends after 4 ms of closures, a View after 2 s. Neither is
// business time: that comes with the closures.
package sqlite
