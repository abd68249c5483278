// Package member holds the people that coupons are issued to, and how they are
// known: identities of a kind (phone, wechat, external …) and a value.
//
// It owns the member's slot, attributes, tags, blocking, merging (AliasOf) and
// what an uploaded list of members is. It does
// not own coupons, orders or consent.
//
// Invariants: (kind, blind hash) names at most one member; a member row holds no
// readable phone or name; the sealed value is read by nothing but a reveal that is
// recorded; a merged member's rows stay where they are, and readers follow the
// alias. Secret never prints.
//
// Time has no part in it but for the row's own dates.
package member
