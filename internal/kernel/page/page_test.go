package page

import (
	"errors"
	"testing"
)

func TestCursor(t *testing.T) {
	for _, key := range []string{"a", "tpl_0cysw6cn00100", "键", "a\x00b"} {
		got, err := Decode("templates", Encode("templates", key))
		if err != nil || got != key {
			t.Errorf("%q: %q, %v", key, got, err)
		}
		if _, err := Decode("coupons", Encode("templates", key)); !errors.Is(err, ErrCursor) {
			t.Errorf("a cursor of another list: %v", err)
		}
	}
	if key, err := Decode("templates", ""); key != "" || err != nil {
		t.Errorf("the start: %q, %v", key, err)
	}
	for _, bad := range []string{"x", "!!!", "dGVtcGxhdGVz", Encode("templates", "")} {
		if key, err := Decode("templates", bad); err == nil {
			t.Errorf("%q was read as %q", bad, key)
		}
	}
}

func TestSize(t *testing.T) {
	for limit, want := range map[int]int{-1: Default, 0: Default, 1: 1, Most: Most, Most + 1: Most} {
		if got := (Page{Limit: limit}).Size(); got != want {
			t.Errorf("limit %d gives %d, want %d", limit, got, want)
		}
	}
}
