// Package replay brings real coupon data into a store through the same use cases
// as the API, each row at its own date.
//
// A row's identity is the SHA-256 of the decompressed file and its line number:
// equal rows are different rows, and a row that is in already is only looked up.
// So a replay can be stopped anywhere and run again, and a second run changes
// nothing. Rows that can't be read are listed with file and line; the others go in.
//
// Each data set is a market of its own, with its currency and zone.
package replay
