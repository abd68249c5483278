package admin

import (
	"context"

	"quan/internal/kernel/fault"
	"quan/internal/store"
)

// Bootstrapped says what a first start made.
type Bootstrapped struct {
	Market bool      // the market "main" was made
	Key    store.Key // the first server key, zero when one existed
	Secret string    // of that key, "" when one existed
}

// Bootstrap gives an empty installation a market (main: CNY, Asia/Shanghai,
// weeks from Monday) and a server key with every permission. It changes nothing
// where they exist, and is safe when several processes start at once.
func (a *Admin) Bootstrap(ctx context.Context) (Bootstrapped, error) {
	return Bootstrapped{}, fault.New(fault.InternalError)
}
