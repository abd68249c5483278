// Package program runs the built quan for tests as an operator would: as a
// process with a folder, signals and exit codes, spoken to over HTTP on loopback.
//
// It owns the building (once a package of tests), places, servers, and requests
// to them. What is demanded of the program stands in the tests that use it:
// test/e2e, test/crash and test/contention.
//
// Time: the wall clock. Nothing sleeps: it waits for what the program says, or
// asks again until a deadline.
package program
