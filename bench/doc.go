// Package bench measures quan beside its limits and its rivals, in the same run.
//
// It owns the benchmarks that `make bench` runs: claims in process and over
// HTTP, lock and redeem, quotes, prices, verification, and the replay of real
// data; and `make rivals`, which lets two shops from npm price the same carts
// (rivals/ has their programs; what they install stays out of the repository). A
// figure alone says as much about the machine as about quan, so each stands
// beside another that did the same work in turns with it: the bare SQL of the
// same rows, a service without a store, or a service that takes PostgreSQL a row
// at a time. What counts is the ratio.
//
// All stores here are durable: SQLite with synchronous=FULL, PostgreSQL with
// fsync, both on the disk of the temporary folder (TMPDIR). Load, service and
// database share the machine's processors.
//
// Rounds of a fixed length (-round) alternate between the contestants, -rounds
// times; tables hold the median. docs/benchmarks.md says how to run and read it.
package bench
