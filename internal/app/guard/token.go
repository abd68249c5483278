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
const tokenPrefix = "qmt2_"

// A token's body is the member, the end of its life in milliseconds, and the API key
// that made it (0: none did), then HMAC-SHA-256 over prefix and these.
const (
	claimSize = 24
	bodySize  = claimSize + sha256.Size
)

// MemberToken lets a page act for one member, within the scope of the key that made it
// and for as long as that key holds.
type MemberToken struct {
	Token     string
	ExpiresAt calendar.Instant // by the wall clock
}

// MintMemberToken makes a token for a member that exists. Permission:
// member.write, never a browser key, nor a person who does not see everything. Faults:
// member_not_found, out_of_range at /ttl_seconds.
func (g *Guard) MintMemberToken(ctx context.Context, by access.Principal, member id.ID, ttl time.Duration) (MemberToken, error) {
	if err := by.May(access.MemberWrite); err != nil {
		return MemberToken{}, err
	}
	minter, _ := id.Parse(id.Key, by.ID) // 0 for people and for quan itself
	if by.Kind == access.KindBrowser || minter == 0 && !by.Scope.Everything() {
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
	claim = binary.BigEndian.AppendUint64(claim, uint64(minter))
	return MemberToken{tokenPrefix + base64.RawURLEncoding.EncodeToString(append(claim, g.sign(claim)...)), until}, nil
}

func (g *Guard) sign(claim []byte) []byte {
	m := hmac.New(sha256.New, g.keys.Member)
	m.Write([]byte(tokenPrefix))
	m.Write(claim)
	return m.Sum(nil)
}

// WithMember returns a browser principal that acts for the token's member, in what the
// scopes of its own key and of the token's have in common, or fault unauthenticated for
// a token that is forged, expired, made by a revoked key or brought by a key of another
// kind.
func (g *Guard) WithMember(ctx context.Context, by access.Principal, token string) (access.Principal, error) {
	t, ok := g.openToken(token)
	if !ok || by.Kind != access.KindBrowser {
		return access.Principal{}, fault.New(fault.Unauthenticated)
	}
	scope, err := g.minterScope(ctx, t.minter)
	if err != nil {
		return access.Principal{}, err
	}
	if by.Scope, ok = by.Scope.Common(scope); !ok {
		return access.Principal{}, fault.New(fault.Unauthenticated)
	}
	by.Member = t.member
	return by, nil
}

// opened is what a good token says.
type opened struct {
	member, minter id.ID
	until          calendar.Instant
}

// openToken reads a token; the signature is compared in constant time before
// anything of the claim is looked at.
func (g *Guard) openToken(token string) (t opened, ok bool) {
	body, ok := strings.CutPrefix(token, tokenPrefix)
	if !ok || len(body) != base64.RawURLEncoding.EncodedLen(bodySize) {
		return t, false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(body)
	if err != nil || len(raw) != bodySize {
		return t, false
	}
	claim := raw[:claimSize]
	if !hmac.Equal(raw[claimSize:], g.sign(claim)) {
		return t, false
	}
	t.member, t.until, t.minter = id.ID(binary.BigEndian.Uint64(claim)), calendar.Instant(binary.BigEndian.Uint64(claim[8:])), id.ID(binary.BigEndian.Uint64(claim[16:]))
	return t, calendar.Of(g.wall()) < t.until
}

// minterScope is the scope of the key that made a token, as it is now; a revoked one is
// fault unauthenticated.
func (g *Guard) minterScope(ctx context.Context, minter id.ID) (access.Scope, error) {
	if minter == 0 {
		return access.Scope{}, nil
	}
	key, wall := id.Format(id.Key, minter), g.wall()
	if p, ok := g.recall(g.minters, key, wall); ok {
		return p.Scope, nil
	}
	var scope access.Scope
	err := g.Store.View(ctx, func(tx store.Tx) (err error) {
		scope, err = scopeOf(tx, minter)
		return err
	})
	if err != nil {
		return scope, wrap("read the key of a token", err)
	}
	g.remember(g.minters, key, access.Principal{Scope: scope}, wall)
	return scope, nil
}

func scopeOf(tx store.Tx, minter id.ID) (access.Scope, error) {
	if minter == 0 {
		return access.Scope{}, nil
	}
	rows, err := tx.Keys().Get([]string{id.Format(id.Key, minter)})
	if err == nil && (len(rows) == 0 || rows[0].ArchivedAt != 0) {
		err = fault.New(fault.Unauthenticated)
	}
	if err != nil {
		return access.Scope{}, err
	}
	return rows[0].Scope, nil
}
