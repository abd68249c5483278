package helpdesk

import (
	"fmt"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
)

// Helpdesk holds the use cases.
type Helpdesk struct{ *app.App }

// may is May for what pages of members, who act for themselves, never do.
func may(by access.Principal, want access.Permission) error {
	if err := by.May(want); err != nil {
		return err
	}
	if by.Kind == access.KindBrowser {
		return fault.New(fault.PermissionDeny, "permission", string(want))
	}
	return nil
}

func wrap(what string, err error) error {
	if err = app.Stale(err); err == nil || fault.From(err) != nil {
		return err
	}
	return fmt.Errorf("helpdesk: %s: %w", what, err)
}
