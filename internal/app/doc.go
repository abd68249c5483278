// Package app is the ground that use cases stand on: App (store, clock, ids,
// numbers, vault), the memory of reference rows, the memory of requests, the
// count of refusals.
//
// It owns what every use case needs and none may decide for itself: how a
// request acts once (Once), how a template's change reaches claims at once
// (Cache, Generation), how an administrative change is written down (Audit). It
// does not know any use case, and use cases don't know each other: a thought
// that two share moves here or down into a noun.
//
// Time: Clock is the business clock. The wall clock is used for ids, leases and
// the days of replies only, so simulations and imports leave those in order.
package app
