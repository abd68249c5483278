package sqlite

import "runtime"

// inside calls a closure. Every closure runs under it, so its return address on
// a goroutine's stack says that the goroutine is inside a transaction, whichever
// goroutine runs the closure. It must not be inlined, and call from one place.
//
//go:noinline
func inside(x *executor, fn func(*executor) error) error {
	err := fn(x)
	x.over = true // keeps the call from being the last thing, and the frame alive
	return err
}

// mark is the return address within inside.
var mark = findMark()

func findMark() (pc uintptr) {
	_ = inside(&executor{}, func(*executor) error {
		var pcs [1]uintptr
		runtime.Callers(2, pcs[:]) // 0 Callers, 1 this function, 2 inside
		pc = pcs[0]
		return nil
	})
	return pc
}

// nested reports whether the calling goroutine is inside a closure. It costs
// some hundred nanoseconds; goroutines have no identity that would be cheaper to ask for.
func nested() bool {
	var pcs [64]uintptr
	for skip := 2; ; skip += len(pcs) {
		n := runtime.Callers(skip, pcs[:])
		for _, pc := range pcs[:n] {
			if pc == mark {
				return true
			}
		}
		if n < len(pcs) {
			return false
		}
	}
}
