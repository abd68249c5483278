// Package store is the port between use cases and engines: what a transaction
// can read, lock and write, in slices, and what it promises.
//
// It owns the words of persistence (Store, Tx, the repositories, Reply, Job,
// Lease, Finding) and no SQL. The repositories' statements are in sqlrepo, once
// for both engines; connections, commits, retries and merging are in sqlite and
// postgres; storetest says what both must do.
//
// Invariants: an Update is whole or nothing and durable when it returns nil; no
// answer leaves before the commit that it rests on; rows are locked by Tx.Lock
// alone, in one order; a row is written against the revision it was read at.
//
// Time comes from the caller as values; engines only tell their own clock.
package store
