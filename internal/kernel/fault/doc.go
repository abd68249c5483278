// Package fault is the one error type that reaches a caller: a code, its
// parameters, and a pointer to the part of the input it speaks of. It carries no
// words: those are chosen at the edge, in the caller's language. Any other error
// is mute outside (500).
package fault
