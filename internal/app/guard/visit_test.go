package guard_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"quan/internal/app/apptest"
	"quan/internal/app/guard"
	"quan/internal/app/membership"
	"quan/internal/domain/access"
	"quan/internal/domain/member"
	"quan/internal/domain/phone"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/i18n"
	"quan/internal/testkit"
)

// lobby is a world in which members sign in; it keeps the last code of each phone.
type lobby struct {
	*apptest.World
	*guard.Guard
	wall  *testkit.Clock
	codes map[string]string
}

func (l *lobby) SendCode(_ context.Context, to phone.Number, code string, _ time.Duration, _ i18n.Lang) error {
	l.codes[to.Value().Reveal()] = code
	return nil
}

func newLobby(w *apptest.World) *lobby {
	l := &lobby{World: w, wall: testkit.NewClock(), codes: map[string]string{}}
	l.Guard = guard.New(w.App, ring, l.wall.Time)
	l.Visitors = guard.Visitors{Texter: l, Enrol: (&membership.Membership{App: w.App}).Enrol}
	return l
}

func (l *lobby) send(number string) error {
	_, err := l.Guard.SendCode(l.Ctx(), guard.CodeInput{Phone: number, Lang: i18n.EN, Address: "192.0.2.7"})
	return err
}

func (l *lobby) enter(number, code string) (guard.Visited, error) {
	return l.Visit(l.Ctx(), guard.VisitInput{Phone: number, Code: code, Address: "192.0.2.7"})
}

const mine, e164 = "138 0000 0001", "+8613800000001"

func TestAMemberSignsInByPhone(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		l := newLobby(w)
		w.Must(l.send(mine))
		code := l.codes[e164]
		wrong := "000000"
		if code == wrong {
			wrong = "000001"
		}
		for what, c := range map[string][2]string{"a wrong code": {mine, wrong}, "another phone": {"13800000002", code}, "no code": {mine, ""}} {
			if _, err := l.enter(c[0], c[1]); !fault.Has(err, fault.CodeWrong) {
				t.Errorf("%s: %v", what, err)
			}
		}
		var in atomic.Int64
		var visit guard.Visited
		var wg sync.WaitGroup
		for range 3 { // a code is good once
			wg.Go(func() {
				v, err := l.enter(e164, " "+code)
				if err == nil {
					in.Add(1)
					visit = v
				} else if !fault.Has(err, fault.CodeWrong) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if in.Load() != 1 || !visit.New {
			t.Fatalf("one code let in %d: %+v", in.Load(), visit)
		}
		by, err := l.Visitor(w.Ctx(), visit.Token)
		w.Must(err)
		if by.Member != visit.Member || by.ActsFor(visit.Member) != nil || by.ActsFor(visit.Member+1) == nil || by.May(access.CouponClaim) != nil || by.May(access.TemplateRead) == nil {
			t.Errorf("principal: %+v", by)
		}
		for _, token := range []string{"", "qvis_", visit.Token + "a", strings.ToUpper(visit.Token), access.HashSecret(visit.Token)} {
			if _, err := l.Visitor(w.Ctx(), token); !fault.Has(err, fault.Unauthenticated) {
				t.Errorf("token %q: %v", token, err)
			}
		}
		l.wall.Advance(time.Minute)
		w.Must(l.send(mine))
		again, err := l.enter(mine, l.codes[e164])
		w.Must(err)
		if again.Member != visit.Member || again.New || again.Token == visit.Token {
			t.Errorf("the second time: %+v", again)
		}
		w.Must(l.Leave(w.Ctx(), visit.Token))
		w.Must(l.Leave(w.Ctx(), visit.Token))
		if _, err := l.Visitor(w.Ctx(), visit.Token); !fault.Has(err, fault.Unauthenticated) {
			t.Errorf("after leaving: %v", err)
		}
		_, err = l.Visitor(w.Ctx(), again.Token)
		w.Must(err)
		l.wall.Advance(member.VisitLife)
		if _, err := l.Visitor(w.Ctx(), again.Token); !fault.Has(err, fault.Unauthenticated) {
			t.Errorf("a month later: %v", err)
		}
		w.Clean()
	})
}

// What was given to a phone before, under either form of its number, is its owner's.
func TestAPhoneThatIsKnownKeepsItsMember(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		l := newLobby(w)
		for i, number := range []string{"13800000001", "+8613800000002"} {
			key := w.Vault.Key("phone", member.Secret(number))
			ids, err := (&membership.Membership{App: w.App}).Ensure(w.Ctx(), w.By, []membership.EnsureInput{{Key: key, Sealed: "x"}})
			w.Must(err)
			w.Must(l.send("1380000000" + string(rune('1'+i))))
			v, err := l.enter("1380000000"+string(rune('1'+i)), l.codes["+861380000000"+string(rune('1'+i))])
			w.Must(err)
			if v.Member != ids[0] || v.New {
				t.Errorf("%s: %+v, want member %d", number, v, ids[0])
			}
		}
	})
}

// Guesses at one code run out, also over several processes and restarts.
func TestGuessesAtACodeRunOut(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		l := newLobby(w)
		w.Must(l.send(mine))
		for range member.CodeTries {
			fresh := guard.New(w.App, ring, l.wall.Time)
			if _, err := fresh.Visit(w.Ctx(), guard.VisitInput{Phone: mine, Code: "none"}); !fault.Has(err, fault.CodeWrong) {
				t.Errorf("a guess: %v", err)
			}
		}
		if _, err := l.enter(mine, l.codes[e164]); !fault.Has(err, fault.CodeWrong) {
			t.Errorf("the right one after too many: %v", err)
		}
		l.wall.Advance(time.Minute)
		w.Must(l.send(mine))
		l.wall.Advance(member.CodeLife)
		if _, err := l.enter(mine, l.codes[e164]); !fault.Has(err, fault.CodeWrong) {
			t.Errorf("too late: %v", err)
		}
	})
}

func TestMessagesAreFew(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		l := newLobby(w)
		sent := map[time.Duration]int{}
		began := l.wall.Time()
		for l.wall.Time().Sub(began) < 24*time.Hour {
			if err := l.send(mine); err == nil {
				sent[l.wall.Time().Sub(began).Truncate(time.Hour)]++
				sent[-1]++
			} else if !fault.Has(err, fault.RateLimited) {
				t.Fatal(err)
			}
			l.wall.Advance(30 * time.Second)
		}
		if sent[0] > 5 || sent[-1] > 10 || sent[-1] < 5 {
			t.Errorf("messages to a phone that is asked for all day: %v", sent)
		}
		w.Must(l.send("13800000002"))
		fresh := newLobby(w)
		fresh.Guard = guard.New(w.App, ring, l.wall.Time)
		fresh.Visitors.Texter = fresh
		if err := fresh.send("13800000002"); !fault.Has(err, fault.RateLimited) {
			t.Errorf("another process sends at once: %v", err)
		}
		for _, number := range []string{"", "12345", "+86"} {
			if err := l.send(number); !fault.Has(err, fault.InvalidValue) || fault.From(err).Pointer != "/phone" {
				t.Errorf("%q: %v", number, err)
			}
		}
		l.Visitors.Texter = nil
		if err := l.send("13800000003"); !fault.Has(err, fault.SMSUnavailable) {
			t.Errorf("nobody sends: %v", err)
		}
	})
}

func TestATokenBecomesASession(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		l := newLobby(w)
		who := w.Members(1)[0]
		token, err := l.MintMemberToken(w.Ctx(), w.By, who, time.Hour)
		w.Must(err)
		v, err := l.Visit(w.Ctx(), guard.VisitInput{Token: token.Token})
		w.Must(err)
		if v.Member != who || v.EndsAt != token.ExpiresAt {
			t.Errorf("visit: %+v", v)
		}
		l.wall.Advance(time.Hour)
		if _, err := l.Visitor(w.Ctx(), v.Token); !fault.Has(err, fault.Unauthenticated) {
			t.Errorf("the session outlives its token: %v", err)
		}
		for _, bad := range []string{token.Token, token.Token[:20], "qmt2_" + strings.Repeat("A", 64)} {
			if _, err := l.Visit(w.Ctx(), guard.VisitInput{Token: bad}); !fault.Has(err, fault.Unauthenticated) {
				t.Errorf("%q: %v", bad, err)
			}
		}
	})
}
