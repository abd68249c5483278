// Package sim runs quan beside a small model of stock, coupons, limits and money.
//
// The model (model*.go) is written from the semantics and shares no code with the
// domain: plain structs, one map of counters, sums over slices. A driver draws
// steps from a seed - claims, packs, locks, payments, releases, refunds,
// withdrawals, switches, repeats under the same key, jobs, time that goes on to
// awkward moments - does each on both and compares the outcome, refusals by their
// code. Several processes with caches of their own take the steps in turns, and some
// die with a request, before COMMIT or after it; who asked asks again. Every so often it compares all balances and runs every check of verify.
//
// QUAN_SIM_SEED names a seed (absent: always the same; 0: one is drawn and told), QUAN_SIM_STEPS a number of steps for each store. A
// difference is told with its seed and the steps before it that touched the same
// members, templates and orders.
package sim
