package e2e

import (
	"testing"

	"quan/test/program"
)

func TestMain(m *testing.M) { program.Main(m) }
