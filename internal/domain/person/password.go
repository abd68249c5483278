package person

import (
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// The cost of a password's hash: 19 MiB, two passes, one lane, as the OWASP password
// storage cheat sheet asks of argon2id at least. It takes some 20 ms of a core.
const (
	hashMemory = 19 * 1024 // KiB
	hashPasses = 2
	hashLanes  = 1
	hashLength = 32
	// SaltLength is the length of a hash's random salt, in bytes.
	SaltLength = 16
)

// Hash is what is stored of a password, in the form of the password hashing
// competition (PHC): it names its own cost, so that a later one can be higher.
func Hash(password string, salt []byte) string {
	sum := argon2.IDKey([]byte(password), salt, hashPasses, hashMemory, hashLanes, hashLength)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, hashMemory, hashPasses, hashLanes,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(sum))
}

// Matches reports whether a password is the one of a hash; it takes as long for one
// that is not, also where there is no hash.
func Matches(hash, password string) bool {
	parts := strings.Split(hash, "$")
	memory, passes, lanes := uint32(hashMemory), uint32(hashPasses), uint8(hashLanes)
	salt, sum := make([]byte, SaltLength), make([]byte, hashLength)
	known := len(parts) == 6 && parts[1] == "argon2id" && parts[2] == fmt.Sprintf("v=%d", argon2.Version)
	if known {
		n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &passes, &lanes)
		known = n == 3 && err == nil && passes > 0 && lanes > 0 && memory <= 1<<20 && passes <= 100
	}
	if known {
		var e1, e2 error
		salt, e1 = base64.RawStdEncoding.DecodeString(parts[4])
		sum, e2 = base64.RawStdEncoding.DecodeString(parts[5])
		known = e1 == nil && e2 == nil && len(sum) >= 16 && len(sum) <= 128
	}
	if !known {
		memory, passes, lanes = hashMemory, hashPasses, hashLanes
		sum = make([]byte, hashLength)
	}
	got := argon2.IDKey([]byte(password), salt, passes, memory, lanes, uint32(len(sum)))
	return subtle.ConstantTimeCompare(got, sum) == 1 && known
}
