package guard

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"
	"time"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/member"
	"quan/internal/domain/phone"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/i18n"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Texter sends codes to phones.
type Texter interface {
	SendCode(ctx context.Context, to phone.Number, code string, life time.Duration, lang i18n.Lang) error
}

// Visitors is what the sign-in of members needs beside the guard.
type Visitors struct {
	Texter Texter // nil: no codes are sent
	// Enrol returns the member of an identity, and makes one where there is none.
	Enrol func(ctx context.Context, kind string, value member.Secret) (id.ID, error)
	// Reveal answers the code to whoever asks for it: for demonstrations only.
	Reveal bool
}

// How many messages a phone and an address may ask for. They cost money, and a phone
// that gets too many is harassed.
var (
	minutely = app.Pace{Burst: 1, Every: 60_000}
	hourly   = app.Pace{Burst: 3, Every: 30 * 60_000}  // at most five in any hour
	daily    = app.Pace{Burst: 5, Every: 288 * 60_000} // at most ten in any day
	senders  = app.Pace{Burst: 30, Every: 20_000}
)

// CodeInput asks for a code.
type CodeInput struct {
	Phone   string
	Lang    i18n.Lang
	Address string // network address of who asks
}

// CodeSent says how the code lives, the same for every phone.
type CodeSent struct {
	Life, Again time.Duration
	Code        string // with Visitors.Reveal only
}

// SendCode sends a code to a phone. The answer says nothing of whether a member has
// the phone. Faults: invalid_value at /phone, rate_limited, sms_unavailable.
func (g *Guard) SendCode(ctx context.Context, in CodeInput) (CodeSent, error) {
	to, f := phone.Parse(in.Phone)
	switch {
	case f != nil:
		return CodeSent{}, f.At("/phone")
	case g.Visitors.Texter == nil:
		return CodeSent{}, fault.New(fault.SMSUnavailable)
	}
	key, now := g.Vault.Key(phone.Kind, to.Value()), calendar.Of(g.wall())
	meters := []app.Meter{{Name: "m" + key.Hash, Pace: minutely}, {Name: "h" + key.Hash, Pace: hourly}, {Name: "d" + key.Hash, Pace: daily}}
	if in.Address != "" {
		meters = append(meters, app.Meter{Name: "a" + in.Address, Pace: senders})
	}
	if err := g.texts.Spend(meters, now); err != nil {
		return CodeSent{}, err
	}
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return CodeSent{}, fmt.Errorf("guard: make a code: %w", err)
	}
	code := fmt.Sprintf("%06d", n)
	row := member.Code{Key: key, Hash: g.codeHash(key, code), CreatedAt: now, ExpiresAt: now.Add(member.CodeLife)}
	err = g.Store.Update(ctx, store.Issue, func(tx store.Tx) error {
		rows, err := tx.Visits().Codes([]member.Key{key})
		if err != nil {
			return err
		}
		// Another process may have sent one just now.
		if len(rows) > 0 && now < rows[0].CreatedAt.Add(member.CodeAgain) && now >= rows[0].CreatedAt {
			wait := rows[0].CreatedAt.Add(member.CodeAgain) - now
			return fault.New(fault.RateLimited, "retry_after_seconds", (int64(wait)+999)/1000)
		}
		return tx.Visits().PutCode(row)
	})
	if err != nil {
		return CodeSent{}, wrap("keep a code", err)
	}
	if err := g.Visitors.Texter.SendCode(ctx, to, code, member.CodeLife, in.Lang); err != nil {
		g.Log.Error("a sign-in code was not sent", "error", err)
		return CodeSent{}, fault.New(fault.SMSUnavailable)
	}
	sent := CodeSent{Life: member.CodeLife, Again: member.CodeAgain}
	if g.Visitors.Reveal {
		sent.Code = code
	}
	return sent, nil
}

// codeHash is keyed: six digits are soon tried.
func (g *Guard) codeHash(key member.Key, code string) string {
	m := hmac.New(sha256.New, g.keys.Member)
	m.Write([]byte("sign-in code 1\x00" + key.Hash + "\x00" + code))
	return hex.EncodeToString(m.Sum(nil))
}

// VisitInput is what a member shows: a phone and the code sent to it, or a member token.
type VisitInput struct {
	Phone, Code string
	Token       string // a signed member token, instead
	Address     string
}

// Visited is a member's new session; nothing shows its token again.
type Visited struct {
	Token  string
	Member id.ID
	EndsAt calendar.Instant
	New    bool // the phone had no account before
}

// Visit begins a member's session. A phone that no member has gets an account. Faults: rate_limited,
// sign_in_code_wrong (wrong, old, never sent: one answer), unauthenticated for a token.
func (g *Guard) Visit(ctx context.Context, in VisitInput) (out Visited, err error) {
	now := calendar.Of(g.wall())
	if in.Token != "" {
		t, ok := g.openToken(in.Token)
		if !ok {
			return out, fault.New(fault.Unauthenticated)
		}
		if _, err := g.minterScope(ctx, t.minter); err != nil {
			return out, err
		}
		return g.visit(ctx, member.Visit{Member: t.member, Minter: t.minter, CreatedAt: now, EndsAt: t.until})
	}
	to, f := phone.Parse(in.Phone)
	if f != nil {
		return out, f.At("/phone")
	}
	key := g.Vault.Key(phone.Kind, to.Value())
	meters := guesses("visit "+key.Hash, in.Address)
	if err := g.guesses.Ask(meters, now); err != nil {
		return out, err
	}
	right, err := g.tryCode(ctx, key, in.Code, now)
	if err != nil {
		return out, err
	}
	if err := g.guesses.Guess(meters, right, now); err != nil {
		return out, err
	}
	if !right {
		return out, fault.New(fault.CodeWrong)
	}
	who, isNew, err := g.holder(ctx, to)
	if err != nil {
		return out, err
	}
	out, err = g.visit(ctx, member.Visit{Member: who, CreatedAt: now, EndsAt: now.Add(member.VisitLife)})
	out.New = isNew
	return out, err
}

// tryCode spends a guess, and the code where it is right. Each guess counts, so the
// transaction commits whatever it finds.
func (g *Guard) tryCode(ctx context.Context, key member.Key, code string, now calendar.Instant) (right bool, err error) {
	want := g.codeHash(key, strings.TrimSpace(code))
	err = g.Store.Update(ctx, store.Issue, func(tx store.Tx) error {
		right = false
		tried, err := tx.Visits().TryCode(key, now, member.CodeTries)
		if err != nil || !tried {
			return err
		}
		rows, err := tx.Visits().Codes([]member.Key{key})
		if err != nil || len(rows) == 0 || !hmac.Equal([]byte(rows[0].Hash), []byte(want)) {
			return err
		}
		right = true
		return tx.Visits().RemoveCode(key)
	})
	return right && err == nil, wrap("try a code", err)
}

// holder is the member of a phone number.
func (g *Guard) holder(ctx context.Context, n phone.Number) (who id.ID, isNew bool, err error) {
	key := g.Vault.Key(phone.Kind, n.Value())
	err = g.Store.View(ctx, func(tx store.Tx) error {
		who = 0
		rows, err := tx.Members().Find([]member.Key{key})
		if len(rows) > 0 {
			who = rows[0].Member
		}
		return err
	})
	if err != nil || who != 0 {
		return who, false, wrap("find the member of a phone", err)
	}
	who, err = g.Visitors.Enrol(ctx, phone.Kind, n.Value())
	return who, true, err
}

func (g *Guard) visit(ctx context.Context, v member.Visit) (Visited, error) {
	var b [20]byte
	rand.Read(b[:]) // never fails
	token := visitPrefix + strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))
	v.Hash = access.HashSecret(token)
	err := g.Store.Update(ctx, store.Issue, func(tx store.Tx) error { return tx.Visits().Insert([]member.Visit{v}) })
	return Visited{Token: token, Member: v.Member, EndsAt: v.EndsAt}, wrap("begin a member's session", err)
}

// visitPrefix starts every token of a member's session, so that scanners find a leaked one.
const visitPrefix = "qvis_"

// ForVisitors reports whether a text has the form of what Visitor takes.
func ForVisitors(token string) bool { return isVisit(token) || strings.HasPrefix(token, tokenPrefix) }

func isVisit(token string) bool {
	return len(token) == len(visitPrefix)+32 && strings.HasPrefix(token, visitPrefix)
}

// Visitor returns the principal of a member's session or of a member token, or fault
// unauthenticated.
func (g *Guard) Visitor(ctx context.Context, token string) (access.Principal, error) {
	if t, ok := g.openToken(token); ok {
		scope, err := g.minterScope(ctx, t.minter)
		if err != nil {
			return access.Principal{}, err
		}
		return access.Visitor(t.member, scope), nil
	}
	if !isVisit(token) {
		return access.Principal{}, fault.New(fault.Unauthenticated)
	}
	hash, wall := access.HashSecret(token), g.wall()
	if p, ok := g.recall(g.visits, hash, wall); ok {
		return p, nil
	}
	var p access.Principal
	err := g.Store.View(ctx, func(tx store.Tx) error {
		rows, err := tx.Visits().Get([]string{hash})
		if err != nil {
			return err
		}
		if len(rows) == 0 || calendar.Of(wall) >= rows[0].EndsAt {
			return fault.New(fault.Unauthenticated)
		}
		scope, err := scopeOf(tx, rows[0].Minter)
		p = access.Visitor(rows[0].Member, scope)
		return err
	})
	if err != nil {
		return access.Principal{}, wrap("read a member's session", err)
	}
	g.remember(g.visits, hash, p, wall)
	return p, nil
}

// Leave ends a member's session here at once and in other processes within a second;
// one that has ended is no fault.
func (g *Guard) Leave(ctx context.Context, token string) error {
	if !isVisit(token) {
		return nil
	}
	hash := access.HashSecret(token)
	err := g.Store.Update(ctx, store.Control, func(tx store.Tx) error { return tx.Visits().End(hash) })
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.visits, hash)
	return wrap("end a member's session", err)
}
