package guard

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"quan/internal/domain/access"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// The second factor is a code of six digits that an authenticator app reckons from a
// shared secret and the time, RFC 6238 with its usual choices: SHA-1, 30 seconds.
const (
	factorPeriod = 30 // seconds
	factorSkew   = 1  // periods that a phone's clock may be off
	factorSecret = 20 // bytes
	recoveryMost = 10 // codes
)

// spend takes a code of the second factor, or a recovery code, out of a person; none
// is good twice.
func (g *Guard) spend(p *store.Person, code string, now calendar.Instant) bool {
	code = strings.ToLower(strings.Join(strings.FieldsFunc(code, func(r rune) bool { return r == ' ' || r == '-' }), ""))
	if step, ok := g.step(p, p.Factor, code, now); ok {
		p.Step = step
		return true
	}
	hash := access.HashSecret(code)
	for i, kept := range p.Recovery {
		if subtle.ConstantTimeCompare([]byte(kept), []byte(hash)) == 1 {
			p.Recovery = slices.Delete(slices.Clone(p.Recovery), i, i+1)
			return true
		}
	}
	return false
}

// step is the time step whose code this is, of a sealed secret; one that is not
// newer than the newest that was taken is none.
func (g *Guard) step(p *store.Person, sealed, code string, now calendar.Instant) (int64, bool) {
	secret, err := g.unseal(p.ID, sealed)
	if err != nil {
		g.Log.Error("a second factor can't be read", "person", id.Format(id.Person, p.ID), "error", err)
		return 0, false
	}
	at := int64(now) / 1000 / factorPeriod
	for step := at - factorSkew; step <= at+factorSkew; step++ {
		want, err := totp.GenerateCodeCustom(secret, time.Unix(step*factorPeriod, 0), totp.ValidateOpts{Period: factorPeriod, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && step > p.Step && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			return step, true
		}
	}
	return 0, false
}

// newFactor makes a secret, in base 32, and the address that an authenticator app
// reads as a QR code.
func newFactor(login string) (secret, address string, err error) {
	raw := make([]byte, factorSecret)
	rand.Read(raw) // never fails
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "quan", AccountName: login, Secret: raw, Period: factorPeriod, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
	if err != nil {
		return "", "", err
	}
	return key.Secret(), key.URL(), nil
}

// recoveryCodes are codes that stand in for a lost phone, with their hashes.
func recoveryCodes() (codes, hashes []string) {
	for range recoveryMost {
		var b [10]byte
		rand.Read(b[:])
		c := strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))
		codes = append(codes, c[:4]+"-"+c[4:8]+"-"+c[8:12]+"-"+c[12:])
		hashes = append(hashes, access.HashSecret(c))
	}
	return codes, hashes
}

// seal encrypts the secret of a person's second factor (AES-256-GCM); the person's id
// is bound to it, so that it is nobody else's.
func (g *Guard) seal(owner id.ID, secret string) (string, error) {
	aead, err := g.aead()
	if err != nil {
		return "", err
	}
	nonce := make([]byte, aead.NonceSize())
	rand.Read(nonce)
	return base64.RawStdEncoding.EncodeToString(aead.Seal(nonce, nonce, []byte(secret), []byte(id.Format(id.Person, owner)))), nil
}

func (g *Guard) unseal(owner id.ID, sealed string) (string, error) {
	aead, err := g.aead()
	if err != nil {
		return "", err
	}
	raw, err := base64.RawStdEncoding.DecodeString(sealed)
	if err != nil || len(raw) < aead.NonceSize() {
		return "", errors.New("guard: not a sealed secret")
	}
	secret, err := aead.Open(nil, raw[:aead.NonceSize()], raw[aead.NonceSize():], []byte(id.Format(id.Person, owner)))
	return string(secret), err
}

func (g *Guard) aead() (cipher.AEAD, error) {
	block, err := aes.NewCipher(g.keys.Factor[:32])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
