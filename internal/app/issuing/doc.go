// Package issuing gives coupons to members: Claim (the member acts), RedeemCode
// (the member enters an exchange code) and Grant (the system or an operator acts),
// and takes unused ones back (Withdraw).
//
// It owns the one transaction in which a coupon comes to be: coupon, counters,
// reply, outside key, change and rollup delta are written together or not at
// all. Whether a coupon may be issued is not decided here but in domain/issue,
// under the locks, in the order in which the requests stand in the slice.
//
// Every use case takes a slice; one request is a slice of one. Each element has
// its own fate: a refusal of one leaves the others alone. Elements are decided
// against the same counters, so a batch never passes a limit.
//
// ClaimGathered, GrantGathered and RedeemCode are for one request among many: what
// arrives while a batch of a template is being committed is the next batch (package
// gather), whoever asks and by which of them. Scope and actor are each request's own.
//
// A bulk grant (PlanGrant, GrantPiece, DirectGrant) is a job whose pieces are slices
// of Grant: coupons, outcomes and the job's place are one transaction, so that a
// member's turn comes once without a reply row of its own (domain/grant). Where it
// meets nobody its pieces grow, and the next begins while one is written (stride).
//
// Time: `now` is read once before the locks to choose the counters (their day)
// and once after them to decide; when the day has turned between the two, the
// batch is decided anew. Imports bring their own moment.
package issuing
