// Package waiting is the noun of waiting rooms 候场: who comes to an announced flash sale
// gets a place, a signed word that says from when on the claim may be made.
//
// It owns a room's settings, how places follow each other, and the token: what it
// says, its signature, and the refusals of a claim that shows it. It does not own who
// comes first (the app gives places in the order of arrival) nor whether a coupon may
// be issued: a place is a time to ask, not a promise.
//
// A token names its template and the member as the caller named it, and is good in
// [From, To). It is verified by arithmetic alone. Keys are made for each UTC day from
// the installation's secret; a token of another day than those around now is forged.
//
// Refusals, in this order: place_missing, place_forged (garbled, or not signed by us),
// place_foreign (of another template or member), place_early, place_late.
//
// Rate: places of a room are one row in time, each a second by PerSecond after the one
// before, over all processes: a process takes pieces of the row (Piece) from a counter in
// the store, and gives away what lies before now no more.
package waiting
