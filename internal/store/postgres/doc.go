// Package postgres is the store engine on PostgreSQL, for several processes on one
// database.
//
// It owns connections, transactions, retries and migrations; the statements are
// sqlrepo's. An Update is one READ COMMITTED transaction on a goroutine and a
// connection of its own, under the engine's context and deadlines: a caller that
// gives up is told outcome_unknown while its transaction finishes. As many run at
// once as there are connections; the others wait by class, and who would wait too
// long is overloaded at once (package queue). Lanes and the gathering of callers
// into one transaction do not live here.
//
// Writes whose outcome the closure does not look at are put off and sent with the
// next statement, or with COMMIT in one turn.
//
// Invariants:
//   - nothing commits after a statement has failed, even when the closure hides it;
//   - a closure runs again, deciding anew, after a serialisation failure, a
//     deadlock, a lock timeout, a lost connection or a twin, at most four times;
//   - COMMIT whose answer is lost is never judged by a look at the data: the
//     closure runs again on a new connection and finds its own reply row, or
//     waits for the twin that still holds it. Administrative writes have no reply
//     row, so they end as outcome_unknown;
//   - a View is REPEATABLE READ READ ONLY and lives two seconds.
//
// Time: the engine reads no clock but for its own deadlines; Clock is the
// database's.
package postgres
