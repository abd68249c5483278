package testkit

import (
	"testing"
	"time"

	"quan/internal/kernel/calendar"
)

func TestClock(t *testing.T) {
	c := NewClock()
	if day := calendar.DateOf(c.Now(), zone()); day != Today {
		t.Errorf("Start is on %s, Today says %s", day, Today)
	}
	if got := c.Advance(time.Minute); got != Start+60_000 || c.Now() != got {
		t.Errorf("a minute after Start the clock shows %s", got)
	}
	if c.Set(Start); c.Now() != Start {
		t.Error("the clock was not put back")
	}
}
