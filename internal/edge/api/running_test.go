package api

import (
	"testing"

	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
)

func TestOnlyAWaitForATwinIsStillRunning(t *testing.T) {
	all := &running{}
	begin := func(key string) *call {
		c := &call{running: all, principal: access.Principal{ID: "key_1"}}
		c.begin(key)
		return c
	}
	first, second, other := begin("a"), begin("a"), begin("b")
	busy := fault.New(fault.Overloaded)
	if got := second.waited(busy).Code; got != fault.KeyRunning {
		t.Errorf("a twin is under way: %s", got)
	}
	if got := second.waited(fault.New(fault.SoldOut)).Code; got != fault.SoldOut {
		t.Errorf("a refusal beside a twin: %s", got)
	}
	if got := other.waited(busy).Code; got != fault.Overloaded {
		t.Errorf("another key: %s", got)
	}
	first.end()
	if got := second.waited(busy).Code; got != fault.Overloaded {
		t.Errorf("the twin has ended: %s", got)
	}
	second.end()
	other.end()
	if len(all.counts) != 0 {
		t.Errorf("ended requests are remembered: %v", all.counts)
	}
}
