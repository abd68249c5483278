// Package load asks a server as many shops at once would, and measures how it
// answers: what quan bench does, so that a user can size a machine.
//
// It owns the histogram of latencies, the connections, the two ways of asking (at a
// constant rate, and as fast as answers come), and the preparation of what is asked
// for: template, members, coupons, codes, all made through the API. It does not own
// a server: the command starts one, or names one that runs.
//
// At a constant rate each request has its intended moment, and its latency begins
// there, whether or not a connection was free: a server that stands still for a
// second spoils the latency of all requests of that second, not of those few that
// were under way (coordinated omission).
//
// Invariants: a run ends by time, by what was prepared, or by its context, and has
// a result in each case; every request that was sent is counted once, as an answer
// by its code or as none.
//
// Time: durations only, by the monotonic clock.
package load
