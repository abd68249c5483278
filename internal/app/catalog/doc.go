// Package catalog keeps what the business is made of: markets, merchants,
// stores, items, templates and placements.
//
// It owns their rules of input, their revisions and who may see them; it does
// not own what a template's content means (domain/coupon) nor whether a coupon
// may be issued (domain/issue).
//
// Revisions: every row has a Rev. A change names the revision it was made
// against (IfRev); another one is fault stale_revision, none at all is
// if_match_required. A Put without IfRev creates. What is archived stays, keeps
// its code and takes no further change. A Put that changes nothing writes nothing.
//
// Scope: a principal limited to merchants sees and writes only these merchants,
// their stores and items, and templates issued in their name with their
// placements. Everything else is not_found.
//
// Invariants: each change has one audit entry in its transaction (gov-3). What
// acts on claims at once (publish, switches, archive, placements) raises Rev of
// the template's stock counter under its lock and forgets the cached template
// after the commit (hot-path P9).
//
// Time: rows carry the business clock's moment, read inside the transaction.
package catalog
