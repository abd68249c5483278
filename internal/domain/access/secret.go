package access

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"quan/internal/kernel/fault"
)

// SecretPrefix starts every API key's secret, so that scanners find a leaked one.
const SecretPrefix = "quan_"

// SecretLength is the length of a secret: the prefix and 32 base-32 characters.
const SecretLength = len(SecretPrefix) + 32

// HashSecret is what is stored of a secret: hex SHA-256. A secret has 160 random
// bits, so it needs no salt and no slow hash.
func HashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Within returns nil when the scope sees nothing that outer does not, else fault
// not_found with a pointer into the scope.
func (s Scope) Within(outer Scope) error {
	for _, d := range []struct {
		pointer      string
		inner, outer []string
	}{
		{"/merchants", s.Merchants, outer.Merchants},
		{"/stores", s.Stores, outer.Stores},
		{"/cities", s.Cities, outer.Cities},
	} {
		if len(d.outer) == 0 {
			continue
		}
		if len(d.inner) == 0 {
			return fault.New(fault.Absent, "what", "scope").At(d.pointer)
		}
		for _, v := range d.inner {
			if !slices.Contains(d.outer, v) {
				return fault.New(fault.Absent, "what", "scope").At(d.pointer)
			}
		}
	}
	return nil
}

// Under returns the scope with each empty list replaced by outer's.
func (s Scope) Under(outer Scope) Scope {
	pick := func(inner, outer []string) []string {
		if len(inner) > 0 {
			return inner
		}
		return slices.Clone(outer)
	}
	return Scope{pick(s.Merchants, outer.Merchants), pick(s.Stores, outer.Stores), pick(s.Cities, outer.Cities)}
}

// Common is what two scopes have in common; false where that is nothing, which no scope
// can say.
func (s Scope) Common(o Scope) (Scope, bool) {
	var out Scope
	ok := true
	for _, one := range []struct {
		to   *[]string
		a, b []string
	}{{&out.Merchants, s.Merchants, o.Merchants}, {&out.Stores, s.Stores, o.Stores}, {&out.Cities, s.Cities, o.Cities}} {
		switch {
		case len(one.a) == 0:
			*one.to = one.b
		case len(one.b) == 0:
			*one.to = one.a
		default:
			for _, code := range one.a {
				if slices.Contains(one.b, code) {
					*one.to = append(*one.to, code)
				}
			}
			ok = ok && len(*one.to) > 0
		}
	}
	return out, ok
}
