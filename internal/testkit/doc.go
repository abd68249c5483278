// Package testkit helps tests to begin: builders of valid objects, of which a
// test writes only the difference, a World (fake clock, ids, store), and the way
// to shared input (Shared).
//
// It owns no assertion and no mock: tests use the standard library, go-cmp and
// real databases. Time in it is a clock that a test sets; nothing waits.
package testkit
