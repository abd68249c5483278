// Package apptest is the world that tests of the use cases stand in: real
// stores, a clock that moves when told, members and published templates made
// with one call. Each runs a test on both engines. Nothing here is used by the
// program.
package apptest
