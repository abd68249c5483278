// Package stop holds the kill switch 急停: one act that ends claims, or uses too, of a
// template, of all that draws on a budget, of a merchant, or of everything.
//
// It owns what a stop is and which templates it holds. It does not own the switches of
// a template, which stay as they are beneath it and count again when it is lifted.
//
// Invariants: a subject has one stop at most; what several stops say of a template
// adds up.
//
// Time: a stop holds from the act until it is lifted.
package stop
