// Package roster reads files of members for bulk grants, and writes the reports of
// what became of each row.
//
// It owns what a column of members means: its heading, ids and identities, rows that
// name nobody. The form of the tables is sheet's; who is granted what, issuing's. A
// report shows identities masked.
package roster
