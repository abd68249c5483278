// Package pgtest gives a test a real PostgreSQL database of its own.
//
// The server is started once per test process, or once for a whole run:
//
//	go run ./internal/store/postgres/pgtest/cmd/pgtest -- go test ./...
//
// starts one, names it in QUAN_TEST_PG_DSN and stops it when the command ends.
// A server that a test process starts itself ends with that process, however it
// ends: a guardian shell waits on a pipe that only the test process holds open,
// then stops the server and removes its directory.
//
// The server listens on a Unix socket only, runs as an unprivileged user (a root
// test process steps down to postgres or nobody), sorts text by ICU rather than
// by bytes, so that a statement that forgets its collation fails here first, and
// has fsync off: what a crash leaves behind is not tested with it.
//
// Every database is a copy of a template with the schema in place, which costs
// tens of milliseconds, and is dropped when its test ends. Where PostgreSQL is not
// installed the test skips and says how to get it.
package pgtest
