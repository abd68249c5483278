package server

import "testing"

func TestGrowth(t *testing.T) {
	for alive, want := range map[uint64]int{0: 1000, 4 << 20: 1000, 16 << 20: 400, 64 << 20: 100, 1 << 30: 100} {
		if got := growth(alive); got != want {
			t.Errorf("with %d alive the heap may grow by %d %%, want %d", alive, got, want)
		}
	}
}
