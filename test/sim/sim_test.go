package sim

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"quan/internal/store"
	"quan/internal/store/postgres/pgtest"
	"quan/internal/store/sqlite/sqlitetest"
	"quan/internal/testkit"
)

// usualSeed makes the usual run the same for everyone: what it finds is of the
// change at hand. Other worlds are for the soak.
const usualSeed = 20260302

// worldSteps is how long one world lives: each draws its own market and templates.
const worldSteps = 1200

func TestSimulation(t *testing.T) {
	engines := []struct {
		name  string
		open  func(*testing.T) []store.Store
		steps uint64
	}{
		{"sqlite", func(t *testing.T) []store.Store { return []store.Store{sqlitetest.Open(t)} }, 30_000},
		{"postgres", twoPools, 4800},
	}
	seed := testkit.Figure[uint64](t, "QUAN_SIM_SEED", usualSeed)
	if os.Getenv("QUAN_SIM_SEED") == "0" { // as make soak has it
		seed = rand.Uint64() >> 32
	}
	t.Logf("QUAN_SIM_SEED=%d", seed)
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			steps := testkit.Figure(t, "QUAN_SIM_STEPS", e.steps)
			done := map[string]int{}
			began, told := time.Now(), time.Now()
			for at, world := uint64(0), seed; at < steps; at, world = at+worldSteps, world+1 {
				n := min(worldSteps, int(steps-at))
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
				if time.Since(told) > time.Minute {
					told = time.Now()
					t.Logf("%d steps clean from QUAN_SIM_SEED=%d to %d after %v", at+uint64(n), seed, world, time.Since(began).Round(time.Second))
				}
			}
			t.Logf("%d steps from QUAN_SIM_SEED=%d in %v:\n%s", steps, seed, time.Since(began).Round(time.Second), summary(done))
		})
	}
}

// twoPools are two ways to one PostgreSQL database, as two machines have them.
func twoPools(t *testing.T) []store.Store {
	dsn := pgtest.DSN(t)
	return []store.Store{pgtest.OpenDSN(t, dsn), pgtest.OpenDSN(t, dsn)}
}

// The model is worth something as long as one can read it in one go.
func TestModelIsSmall(t *testing.T) {
	files, err := filepath.Glob("model*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no model", err)
	}
	lines := 0
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		lines += strings.Count(string(text), "\n")
	}
	if lines > 960 {
		t.Errorf("the model has %d lines, more than 960: find the simpler way to say its rules", lines)
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
	for _, wrong := range mistakes {
		t.Run(wrong, func(t *testing.T) {
			for seed := range uint64(12) {
				diff, _ := play(t, []store.Store{sqlitetest.Open(t)}, seed+1, worldSteps, wrong)
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
