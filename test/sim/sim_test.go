package sim

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"quan/internal/store"
	"quan/internal/store/postgres/pgtest"
	"quan/internal/store/sqlite/sqlitetest"
)

// number reads a figure from the environment; 0 and absent are the default.
func number(t *testing.T, name string, otherwise uint64) uint64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" || text == "0" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// worldSteps is how long one world lives: each draws its own market and templates.
const worldSteps = 1200

func TestSimulation(t *testing.T) {
	engines := []struct {
		name  string
		open  func(*testing.T) store.Store
		steps uint64
	}{
		{"sqlite", func(t *testing.T) store.Store { return sqlitetest.Open(t) }, 6000},
		{"postgres", func(t *testing.T) store.Store { return pgtest.Open(t) }, 1200},
	}
	seed := number(t, "QUAN_SIM_SEED", rand.Uint64()>>32)
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			steps := number(t, "QUAN_SIM_STEPS", e.steps)
			done := map[string]int{}
			for at, world := uint64(0), seed; at < steps; at, world = at+worldSteps, world+1 {
				n := int(min(worldSteps, steps-at))
				t.Run(fmt.Sprint("seed ", world), func(t *testing.T) {
					diff, w := play(t, e.open(t), world, n, "")
					if diff != "" {
						t.Fatal(diff)
					}
					for k, v := range w.done {
						done[k] += v
					}
				})
				if t.Failed() {
					return
				}
			}
			t.Logf("%d steps from QUAN_SIM_SEED=%d:\n%s", steps, seed, summary(done))
		})
	}
}

func summary(done map[string]int) string {
	var lines []string
	for k, v := range done {
		lines = append(lines, fmt.Sprintf("%6d %s", v, k))
	}
	slices.SortFunc(lines, func(a, b string) int { return strings.Compare(a[7:], b[7:]) })
	return strings.Join(lines, "\n")
}

// A model with a mistake differs from quan: the simulator sees such mistakes.
func TestSimulatorCatches(t *testing.T) {
	for _, wrong := range []string{"limit off by one", "expired a moment late", "percent rounded down", "replaced lock keeps its limits", "lock not released",
		"late payment misjudged", "refund rounded up", "returned coupon stays used"} {
		t.Run(wrong, func(t *testing.T) {
			for seed := range uint64(12) {
				diff, _ := play(t, sqlitetest.Open(t), seed+1, worldSteps, wrong)
				if diff != "" {
					first, _, _ := strings.Cut(diff, "\n")
					t.Log(first)
					return
				}
			}
			t.Errorf("twelve worlds of %d steps did not show it", worldSteps)
		})
	}
}
