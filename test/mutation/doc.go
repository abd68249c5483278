// Package mutation shows that the tests see bugs: it holds a list of small ones,
// plants one at a time and demands that the tests which guard its place fail.
//
// A bug is a text of the source and what stands there instead. It is
// planted in a copy of the tree. Every run of the tests looks whether each bug
// still applies, once, and still parses; one that does not has to be planted anew
// where the code went. QUAN_MUTATIONS=all (make
// soak) runs the tests on each, from number QUAN_MUTATIONS_FROM on, which a run tells
// of each; QUAN_MUTATIONS=name on one.
package mutation
