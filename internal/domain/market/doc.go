// Package market holds what is one wherever prices, days and policies are one:
// currency, zone, week start, and the choices where the trade differs.
//
// It owns the policies and their defaults (Pricing: how prices are reckoned), the
// names of days in the market's calendar (Day) and facts that outside systems tell
// (Fact). It does not own what follows from them: pricing, redemption and limit take
// the choice as an argument.
//
// Invariants: the code is the identity and never changes; every template belongs
// to one market; Rev is the policy version that decisions store.
//
// Time: the market's zone turns instants into local days; nothing else does.
package market
