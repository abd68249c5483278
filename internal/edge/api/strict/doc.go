// Package strict reads JSON that strangers send. It owns the one reading of a
// text: what two readers could take differently is refused here, with a pointer,
// before anything else looks at it.
//
// Refused: more than MaxDepth levels, the same key twice in one object, bytes
// that are no UTF-8, NUL and lone surrogates (written or escaped), control
// characters inside strings, a byte order mark, anything after the value.
// Numbers are kept as they were written; Integer says which are whole.
//
// It does not own what a value means: the schema of the operation does
// (package api), and beneath it the use case.
package strict
