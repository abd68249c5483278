// Package upkeep does what must be done again and again: hand changes to
// subscribers, fold rollup deltas, flush counted refusals, forget old replies.
//
// Each use case is one short transaction of at most Batch rows and reports how
// much it did; when and how often is the worker's (edge/worker). What one
// process does at a time runs under a lease: the token is checked in the
// transaction of every write, so a process that slept through the end of its
// lease writes nothing (proto-4).
//
// Invariants: a change is marked as delivered only after the sink took it, so
// each is delivered at least once, and in the order of its aggregate's sequence;
// deltas are moved, never lost or doubled, by one transaction; a refusal that
// could not be flushed is counted again.
//
// Time: leases run by the wall clock, whatever clock the business has.
package upkeep
