// Command testsum runs `go test -json` and tells the result in a way that a
// person reads: one line per package as it ends, at the end every failure in
// full and every reason for which tests were skipped, with its count, and as its
// last line
//
//	N passed, N failed, N skipped
//
// It ends with code 1 when a test or a build failed and also when no test ran at
// all, because a filter that matches nothing must not look like success.
//
//	testsum [-name part] -- go test -json ./...
//
// It owns no tests and knows no package; time is the wall clock's, shown only.
package main
