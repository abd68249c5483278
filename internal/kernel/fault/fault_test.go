package fault

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestUnder(t *testing.T) {
	var l List
	l.Add(New(OutOfRange, "min", 1).At("/lines/0/quantity"))
	l.Add(New(TooLong).At("/store"))
	l.Add(New(MissingValue))
	l.Add(New(InvalidCursor).At("query:cursor"))
	whole := l.Err()
	moved := From(Under("/cart", fmt.Errorf("wrapped: %w", whole)))
	var got []string
	for _, f := range append([]*Fault{moved}, moved.Also...) {
		got = append(got, f.Pointer)
	}
	if diff := cmp.Diff([]string{"/cart/lines/0/quantity", "/cart/store", "/cart", "query:cursor"}, got); diff != "" {
		t.Error(diff)
	}
	if moved.Code != OutOfRange || moved.Param("min") != 1 {
		t.Errorf("the fault became %v", moved)
	}
	if From(whole).Pointer != "/lines/0/quantity" || From(whole).Also[0].Pointer != "/store" {
		t.Errorf("the original changed: %v", whole)
	}
	other := errors.New("no fault")
	if !errors.Is(Under("/cart", other), other) || Under("/cart", nil) != nil {
		t.Error("what is no fault must stay as it is")
	}
}
