package app

import "quan/internal/domain/member"

// hashDigits of a blind key are kept of an imported code: 128 bits.
const hashDigits = 32

// CodeHash is what is stored of an imported code, in its normal form.
func CodeHash(v *member.Vault, normal string) string {
	return v.Key("code", member.Secret(normal)).Hash[:hashDigits]
}
