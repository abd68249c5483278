// Package page holds the size and the cursor of a list. A cursor is opaque to
// callers: it names the last row seen, so rows inserted meanwhile neither repeat
// nor hide others.
package page
