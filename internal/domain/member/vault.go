package member

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"hash"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"
)

// Vault blinds and seals identity values with keys that live outside the
// database. Sealing is deterministic (the nonce is a MAC of kind and value, as in
// SIV), so it needs no random bits and the same value seals alike under one key.
type Vault struct {
	blind, nonce sync.Pool // of MACs under their keys: making one costs as much as using it
	seal         cipher.AEAD
	version      int64
}

// NewVault makes a vault from three 32-byte keys; version is stored with every row.
func NewVault(blind, nonce, seal []byte, version int64) (*Vault, error) {
	block, err := aes.NewCipher(seal)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	v := &Vault{seal: aead, version: version}
	v.blind.New = func() any { return hmac.New(sha256.New, blind) }
	v.nonce.New = func() any { return hmac.New(sha256.New, nonce) }
	return v, nil
}

// Version is the key version that Identify stores.
func (v *Vault) Version() int64 { return v.version }

// FormVersion is the version of the form that Normalise brings values into: since 2
// phone numbers are in E.164. It is stored with each identity as the version of its
// key, so that those of before are found and brought into the form.
const FormVersion = 2

// Normalise brings a value into the one form that is hashed: NFKC, trimmed; a phone
// number in E.164, however it was written, an e-mail in lower case. So all who name a
// member by a number, files, systems and the sign-in, mean the same one. The form is its
// own normal form: what taking marks away puts side by side is composed again.
func Normalise(kind string, value Secret) Secret {
	text := value.Reveal()
	for {
		next := strings.TrimSpace(norm.NFKC.String(text))
		switch kind {
		case "phone":
			next = dialled(next)
		case "email":
			next = strings.ToLower(next)
		}
		if next == text {
			return Secret(text)
		}
		text = next
	}
}

// Key returns the blind key of a value.
func (v *Vault) Key(kind string, value Secret) Key {
	return Key{Kind: kind, Hash: hex.EncodeToString(v.mac(&v.blind, kind, Normalise(kind, value)))}
}

// Seal encrypts a normalised value for the identity row.
func (v *Vault) Seal(kind string, value Secret) string {
	value = Normalise(kind, value)
	nonce := v.mac(&v.nonce, kind, value)[:v.seal.NonceSize()]
	return base64.RawStdEncoding.EncodeToString(v.seal.Seal(nonce, nonce, []byte(value.Reveal()), []byte(kind)))
}

// ErrSealed says that a sealed value can't be opened with this vault's keys.
var ErrSealed = errors.New("member: sealed value does not open with these keys")

// Open decrypts a sealed value.
func (v *Vault) Open(kind, sealed string) (Secret, error) {
	raw, err := base64.RawStdEncoding.DecodeString(sealed)
	if err != nil || len(raw) < v.seal.NonceSize() {
		return "", ErrSealed
	}
	n := v.seal.NonceSize()
	plain, err := v.seal.Open(nil, raw[:n], raw[n:], []byte(kind))
	if err != nil {
		return "", ErrSealed
	}
	return Secret(plain), nil
}

func (v *Vault) mac(of *sync.Pool, kind string, value Secret) []byte {
	m := of.Get().(hash.Hash)
	defer of.Put(m)
	m.Reset()
	text := make([]byte, 0, 128)
	text = append(append(append(text, kind...), 0), value.Reveal()...)
	m.Write(text)
	return m.Sum(text[:0])
}
