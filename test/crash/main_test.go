package crash

import (
	"os"
	"strconv"
	"testing"

	"quan/test/program"
)

func TestMain(m *testing.M) { program.Main(m) }

// number reads a figure from the environment; absent and 0 are the default.
func number(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" || text == "0" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// seed of what is drawn; another one comes from QUAN_CRASH_SEED.
func seed(t *testing.T) uint64 {
	s := uint64(number(t, "QUAN_CRASH_SEED", 20260417))
	t.Logf("QUAN_CRASH_SEED=%d", s)
	return s
}
