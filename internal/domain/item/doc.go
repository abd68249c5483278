// Package item holds the catalogue: what a cart line can name, with its category,
// brand, merchant and list price.
//
// It owns the facts of goods. It does not own stock, or the price at which
// something was sold: a cart brings its own prices.
//
// Invariants: the SKU is the identity and never changes; a category is a path whose
// parts are divided by "/".
//
// Time has no part in it but for the row's own dates.
package item
