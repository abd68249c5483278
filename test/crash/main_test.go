package crash

import (
	"testing"

	"quan/internal/testkit"
	"quan/test/program"
)

func TestMain(m *testing.M) { program.Main(m) }

// seed of what is drawn; another one comes from QUAN_CRASH_SEED.
func seed(t *testing.T) uint64 {
	s := testkit.Figure[uint64](t, "QUAN_CRASH_SEED", 20260417)
	t.Logf("QUAN_CRASH_SEED=%d", s)
	return s
}
