package server

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"quan/internal/app/guard"
	"quan/internal/domain/code"
	"quan/internal/domain/coupon"
	"quan/internal/domain/member"
	"quan/internal/domain/showing"
	wait "quan/internal/domain/waiting"
)

// Secrets are the keys of an installation, all derived from one secret that
// never enters the database. Losing it makes sealed identities unreadable and
// coupon numbers unknown: it belongs into the backup, apart from the data.
type Secrets struct{ root []byte }

const secretBytes = 32

// loadSecrets takes the configured secret, reads its file, or makes the file on
// a fresh installation (mode 0600, written whole or not at all).
func loadSecrets(c Config) (*Secrets, error) {
	if c.Secret != "" {
		if len(c.Secret) < secretBytes {
			return nil, fmt.Errorf("server: QUAN_SECRET has %d bytes; it needs at least %d (for example the output of: openssl rand -hex 32)", len(c.Secret), secretBytes)
		}
		return &Secrets{[]byte(c.Secret)}, nil
	}
	path := c.secretPath()
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && !c.ReadOnly {
		text, err = makeSecret(path)
	}
	if err != nil {
		return nil, fmt.Errorf("server: read the secret: %w", err)
	}
	root, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(root) < secretBytes {
		return nil, fmt.Errorf("server: %s holds no secret: %d hex digits are wanted; restore it from the backup", path, 2*secretBytes)
	}
	return &Secrets{root}, nil
}

func makeSecret(path string) ([]byte, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	raw := make([]byte, secretBytes)
	if _, err := rand.Read(raw); err != nil {
		return nil, err
	}
	return keepOnce(path, []byte(hex.EncodeToString(raw)+"\n"))
}

// keepOnce writes a private file whole or not at all. Where another process was first,
// it answers what that one wrote.
func keepOnce(path string, text []byte) ([]byte, error) {
	draft, err := os.CreateTemp(filepath.Dir(path), ".quan.key-*")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.Remove(draft.Name()) }() // a draft left behind harms nothing: it is no secret of anyone
	if _, err := draft.Write(text); err != nil {
		return nil, err
	}
	if err := errors.Join(draft.Sync(), draft.Close()); err != nil {
		return nil, err
	}
	// Link fails when another process was first: then its secret is the one.
	if err := os.Link(draft.Name(), path); errors.Is(err, fs.ErrExist) {
		return os.ReadFile(path)
	} else if err != nil {
		return nil, err
	}
	return text, nil
}

// derive makes the key of one purpose.
func (s *Secrets) derive(purpose string) []byte {
	key, err := hkdf.Key(sha256.New, s.root, nil, "quan/"+purpose+"/1", 32)
	if err != nil {
		panic(err) // only for lengths that SHA-256 can't give
	}
	return key
}

func (s *Secrets) vault() (*member.Vault, error) {
	return member.NewVault(s.derive("identity-blind"), s.derive("identity-nonce"), s.derive("identity-seal"), member.FormVersion)
}

func (s *Secrets) numbers() *coupon.Numbers { return coupon.NewNumbers(s.derive("coupon-number")) }

func (s *Secrets) codes() *code.Keys { return code.NewKeys(s.derive("exchange-code")) }

func (s *Secrets) guard() guard.Keys {
	return guard.Keys{Member: s.derive("member-token"), Factor: s.derive("second-factor"), Setup: s.derive("setup")}
}

func (s *Secrets) places() *wait.Keys { return wait.NewKeys(s.derive("waiting-room")) }

func (s *Secrets) showings() *showing.Keys { return showing.NewKeys(s.derive("dynamic-qr")) }
