package postgres

import (
	"reflect"
	"runtime"

	"quan/internal/store"
)

// call runs a closure. Its frame on the stack is how a call of Update or View
// inside a closure is seen: no context reaches the closure that could say it, and
// a flag on the engine would also stop other goroutines. It holds for every
// engine of this package on the goroutine that runs the closure.
//
//go:noinline
func call(fn func(store.Tx) error, tx store.Tx) error {
	err := fn(tx)
	return err // not a tail position: the frame must stay
}

var callEntry = reflect.ValueOf(call).Pointer()

// nested reports whether a closure of this package is on the stack.
func nested() bool {
	var pcs [64]uintptr
	for skip := 2; ; skip += len(pcs) {
		n := runtime.Callers(skip, pcs[:])
		for _, pc := range pcs[:n] {
			if f := runtime.FuncForPC(pc - 1); f != nil && f.Entry() == callEntry {
				return true
			}
		}
		if n < len(pcs) {
			return false
		}
	}
}
