// Package sqlrepo holds the repositories of the store's port in SQL, for both
// engines: SQLite and PostgreSQL (and what speaks its protocol).
//
// It owns the statements, the order of locks (locks.go and nothing else locks),
// compare-and-set on revisions, and the mapping of rows to domain values. The
// schema lies beside the engines, in their migrations, under the same numbers.
//
// It does not own transactions, connections, retries or the classification of
// errors: an Executor brings those. It decides nothing: guards in the schema are
// a last resort and their firing is a bug above.
//
// Invariants: a text is registered (statement, bulk), so that the rules of SQL are
// tested over all of them; member tables carry the slot of their member, and on
// PostgreSQL a hot statement names it; lists are sorted and hold an id once;
// columns are never NULL.
//
// Time: milliseconds, given by callers. No statement asks the engine's clock.
package sqlrepo
