// Package testkit holds what tests of all rooms share: a clock that only moves
// when told, ids, and builders. A builder returns a valid value with defaults; a
// test writes the difference into its fields. Nothing here is random, so a test
// sees the same values on every run.
package testkit
