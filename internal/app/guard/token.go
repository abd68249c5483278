package guard

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"quan/internal/domain/access"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

// MostTokenTTL is the longest life of a member token.
const MostTokenTTL = 24 * time.Hour

// tokenPrefix names the form of a token; it is signed with the rest, so another
// form can never be read as this one.
const tokenPrefix = "qmt1_"

// A token's body is the member and the end of its life, in milliseconds, then
// HMAC-SHA-256 over prefix and these.
const (
	claimSize = 16
	bodySize  = claimSize + sha256.Size
)

// MemberToken lets a browser key act for one member.
type MemberToken struct {
	Token     string
	ExpiresAt calendar.Instant // by the wall clock
}

// MintMemberToken makes a token for a member that exists. Permission:
// member.write, never a browser key. Faults: member_not_found, out_of_range at /ttl_seconds.
func (g *Guard) MintMemberToken(ctx context.Context, by access.Principal, member id.ID, ttl time.Duration) (MemberToken, error) {
	if err := by.May(access.MemberWrite); err != nil {
		return MemberToken{}, err
	}
	if by.Kind == access.KindBrowser {
		return MemberToken{}, fault.New(fault.PermissionDeny, "permission", string(access.MemberWrite))
	}
	if f := text.Range(int64(ttl/time.Second), 1, int64(MostTokenTTL/time.Second), "/ttl_seconds"); f != nil || ttl > MostTokenTTL {
		return MemberToken{}, fault.New(fault.OutOfRange, "min", 1, "max", int64(MostTokenTTL/time.Second)).At("/ttl_seconds")
	}
	err := g.Store.View(ctx, func(tx store.Tx) error {
		rows, err := tx.Members().Get([]id.ID{member})
		if err == nil && len(rows) == 0 {
			err = fault.New(fault.MemberUnknown)
		}
		return err
	})
	if err != nil {
		if fault.From(err) != nil {
			return MemberToken{}, err
		}
		return MemberToken{}, fmt.Errorf("guard: read member: %w", err)
	}
	until := calendar.Of(g.wall().Add(ttl))
	claim := binary.BigEndian.AppendUint64(nil, uint64(member))
	claim = binary.BigEndian.AppendUint64(claim, uint64(until))
	return MemberToken{tokenPrefix + base64.RawURLEncoding.EncodeToString(append(claim, g.sign(claim)...)), until}, nil
}

func (g *Guard) sign(claim []byte) []byte {
	m := hmac.New(sha256.New, g.keys.Member)
	m.Write([]byte(tokenPrefix))
	m.Write(claim)
	return m.Sum(nil)
}

// WithMember returns a browser principal that acts for the token's member, or
// fault unauthenticated for a token that is forged, expired or brought by a key
// of another kind.
func (g *Guard) WithMember(by access.Principal, token string) (access.Principal, error) {
	member, _, ok := g.openToken(token)
	if !ok || by.Kind != access.KindBrowser {
		return access.Principal{}, fault.New(fault.Unauthenticated)
	}
	by.Member = member
	return by, nil
}

// openToken reads a token; the signature is compared in constant time before
// anything of the claim is looked at.
func (g *Guard) openToken(token string) (member id.ID, until calendar.Instant, ok bool) {
	body, ok := strings.CutPrefix(token, tokenPrefix)
	if !ok || len(body) != base64.RawURLEncoding.EncodedLen(bodySize) {
		return 0, 0, false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(body)
	if err != nil || len(raw) != bodySize {
		return 0, 0, false
	}
	claim := raw[:claimSize]
	if !hmac.Equal(raw[claimSize:], g.sign(claim)) {
		return 0, 0, false
	}
	until = calendar.Instant(binary.BigEndian.Uint64(claim[8:]))
	return id.ID(binary.BigEndian.Uint64(claim)), until, calendar.Of(g.wall()) < until
}
