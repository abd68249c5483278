// Package sim runs quan beside a small model of stock, coupons, limits and money.
//
// The model (model*.go) is written from the semantics and shares no code with the
// domain: plain structs, one map of counters, sums over slices. A driver draws
// steps from a seed - claims, links, packs, share packets, what service agents do, locks,
// payments, releases, refunds, withdrawals, switches, repeats under the same key, jobs,
// time that goes on to awkward moments - does each on both and compares the outcome,
// refusals by their code. Several processes with caches of their own take the steps in
// turns, and some die with a request, before COMMIT or after it; who asked asks again.
//
// What is compared how often: the outcome of each step, with what it says of
// amounts, dates and coupons; every 40 steps all coupons and orders, and the counters
// that a step touched; after 75, 150, 300, 600 steps and at the end of a world all
// counters, and every check of verify. A world has 1,200 steps, then the next seed has
// its own: what a step costs does not grow, and each draws its market, templates and
// budgets anew. QUAN_SIM_VERIFY=1 does all of that after every step, to find the step
// behind which a check of verify first fails.
//
// QUAN_SIM_SEED names a seed (absent: always the same; 0: one is drawn and told), QUAN_SIM_STEPS a number of steps for each store. A
// difference is told with its seed and the steps before it that touched the same
// members, templates and orders.
package sim
