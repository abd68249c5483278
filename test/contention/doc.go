// Package contention lets many clients want the same thing at the same moment,
// over HTTP, from one process on SQLite and from three on one PostgreSQL, and
// demands exactness.
//
// Two hundred members want fifty coupons, and one member wants one coupon twenty
// times; beside them, in the same run, a rival that checks and then writes shows
// that the moment is dangerous: it gives out too many. Histories of concurrent
// claims against a stock, and of locks, releases and uses of one coupon, are
// checked for linearizability with porcupine against models of a few lines.
//
// The same key is sent to all processes at once, a mixed load is counted afterwards,
// and a pause that one process answered holds in all of them.
//
// A failure prints the history. What is drawn comes from a seed that is printed
// (QUAN_CONTENTION_SEED); who meets whom is the machine's. QUAN_CONTENTION_ROUNDS
// asks for more. Time: the wall clock.
package contention
