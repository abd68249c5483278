// Package e2e runs the built program as an operator would: as a process with a
// folder, signals, exit codes and HTTP on loopback, on SQLite and on PostgreSQL.
//
// It owns what only the whole can show: the README's tour, start and stop,
// two processes on one file, settings, exit codes. What a use case or a route does
// is tested where it lies, what survives a kill in test/crash.
//
// Under load each client remembers what it asked for and what was acknowledged.
// After a restart everything acknowledged must be there; then all requests are
// sent again under their keys, and the store must hold each exactly once.
//
// Time: the wall clock. Nothing sleeps: tests wait for what the program says, or
// ask again until a deadline.
package e2e
