// Package demo plays the plan of a community fresh-grocery shop: a seeded
// simulation of members, and the use cases that make what they do true.
//
// It owns the shop (goods, stores, offers), the members' behaviour, and the table
// of goals against results. It owns no rule of coupons: every coupon, order and
// refund goes through the same use cases as the API, in slices, on a simulated
// clock. Behaviour is in Settings, each value with its source or the word "ours".
//
// The model decides alone: it never looks at an answer of the store. So a seed
// and a last day fix everything, a run that was stopped is resumed by deciding
// the days that are done once more without writing them, and the model is a
// second opinion: where the store refuses what the model expected, the run goes
// on with an order without a coupon and counts a difference (zero unless somebody
// else turns the demo's switches meanwhile). The day that was under way is written
// again; its acts have identities of their own (order numbers, slips, codes), so
// each is done once.
//
// Control: one member in ten gets nothing, in whatever group it is, for the whole
// run; results are compared inside each group.
//
// Time: business time is simulated and ends with Settings.Last; the job row and
// the lease run by the wall clock.
package demo
