package membership

import (
	"quan/internal/app"
	"quan/internal/domain/member"
)

// Membership holds the use cases.
type Membership struct{ *app.App }

// Card is a member with its identities (their values sealed).
type Card struct {
	Member     member.Member
	Identities []member.Identity
}
