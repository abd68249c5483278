package catalog

import (
	"maps"
	"slices"

	"quan/internal/kernel/fault"
)

// oneOf checks an enumeration.
func oneOf[S ~string](value S, pointer string, choices ...S) *fault.Fault {
	if slices.Contains(choices, value) {
		return nil
	}
	if value == "" {
		return fault.New(fault.MissingValue).At(pointer)
	}
	return fault.New(fault.InvalidValue).At(pointer)
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
