package admin

import (
	"crypto/rand"
	"encoding/base32"
	"fmt"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
	"quan/internal/store"
)

// Admin holds the use cases.
type Admin struct{ *app.App }

var secretText = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// newSecret makes the secret of a key: 160 random bits.
func newSecret() string {
	var bits [20]byte
	rand.Read(bits[:]) // never fails: it ends the program instead
	return access.SecretPrefix + secretText.EncodeToString(bits[:])
}

// printed is a key as the audit log may show it: without the hash of its secret.
func printed(k store.Key) string {
	k.SecretHash = ""
	return app.JSON(k)
}

// wrap leaves a caller's fault as it is and names the layer of any other error.
func wrap(what string, err error) error {
	if err = app.Stale(err); err == nil || fault.From(err) != nil {
		return err
	}
	return fmt.Errorf("admin: %s: %w", what, err)
}
