package api

import (
	"context"
	"net/http"
	"time"

	"quan/internal/app/guard"
	"quan/internal/domain/access"
	"quan/internal/domain/person"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

type setupAnswer struct {
	Body struct {
		Needed bool `json:"needed" doc:"nobody can sign in yet"`
	}
}

type setupBody struct {
	Token    string `json:"token" minLength:"1" maxLength:"64" doc:"from the server's log, shown there until somebody can sign in"`
	Login    string `json:"login" minLength:"1" maxLength:"128" doc:"a name or an e-mail address" example:"ada@example.com"`
	Name     string `json:"name" minLength:"1" maxLength:"200" doc:"as others see it" example:"Ada"`
	Password string `json:"password" minLength:"1" maxLength:"200" doc:"at least 10 characters" example:"apples under the old bridge"`
}

type signInBody struct {
	Login    string `json:"login" minLength:"1" maxLength:"128" doc:"case and width don't matter" example:"ada@example.com"`
	Password string `json:"password" minLength:"1" maxLength:"200" doc:"the password" example:"apples under the old bridge"`
	Code     string `json:"code,omitempty" maxLength:"64" doc:"six digits of the second factor, or a recovery code" example:"123456"`
}

type setupInput struct{ Body setupBody }

type signInInput struct{ Body signInBody }

type signedIn struct {
	SetCookie string `header:"Set-Cookie" doc:"the session; scripts can't read it"`
	Body      accountRow
}

type accountRow struct {
	ID          personID            `json:"id" doc:"who"`
	Login       string              `json:"login" doc:"what they sign in with"`
	Name        string              `json:"name" doc:"as others see it"`
	Roles       []access.Role       `json:"roles" doc:"what they are in the business" nullable:"false"`
	Permissions []access.Permission `json:"permissions" doc:"what the roles may do" nullable:"false"`
	Scope       access.Scope        `json:"scope,omitzero" doc:"what they are limited to"`
	Factor      bool                `json:"factor" doc:"signs in with a second factor"`
	Recovery    int64               `json:"recovery_codes" doc:"recovery codes that are left"`
	Initial     bool                `json:"initial,omitempty" doc:"somebody else chose the password: it has to be changed first"`
	Sessions    []sessionRow        `json:"sessions,omitempty" doc:"newest first" nullable:"false"`
}

type sessionRow struct {
	ID        sessionID        `json:"id" doc:"its identity"`
	Current   bool             `json:"current,omitempty" doc:"the one that asks"`
	CreatedAt calendar.Instant `json:"created_at" doc:"sign-in"`
	SeenAt    calendar.Instant `json:"seen_at" doc:"last use, to some minutes"`
	EndsAt    calendar.Instant `json:"ends_at" doc:"end, if it is not used again"`
	Agent     string           `json:"agent,omitempty" doc:"what the browser calls itself"`
	Address   string           `json:"address,omitempty" doc:"network address at the sign-in"`
}

func showAccount(p *person.Person, sessions []person.Session, current id.ID) accountRow {
	row := accountRow{ID: personID(p.ID), Login: p.Login, Name: p.Name, Roles: p.Roles, Permissions: access.Permissions(p.Roles), Scope: p.Scope,
		Factor: p.Factor != "", Recovery: int64(len(p.Recovery)), Initial: p.Initial}
	for _, s := range sessions {
		row.Sessions = append(row.Sessions, sessionRow{sessionID(s.ID), s.ID == current, s.CreatedAt, s.SeenAt, s.EndsAt(), s.Agent, s.Address})
	}
	return row
}

type accountAnswer struct{ Body accountRow }

type signedOut struct {
	SetCookie string `header:"Set-Cookie" doc:"takes the session away"`
	Body      struct {
		Ended bool `json:"ended" doc:"a session was ended; false: there was none that lives"`
	}
}

type passwordBody struct {
	Old      string `json:"old" minLength:"1" maxLength:"200" doc:"the present password" example:"apples under the old bridge"`
	Password string `json:"password" minLength:"1" maxLength:"200" doc:"the new one, at least 10 characters" example:"pears beside the new bridge"`
}

type passwordInput struct{ Body passwordBody }

type provedBody struct {
	Password string `json:"password" minLength:"1" maxLength:"200" doc:"the present password" example:"apples under the old bridge"`
}

type provedInput struct{ Body provedBody }

type factorAnswer struct {
	Body struct {
		Secret  string `json:"secret" doc:"base 32, to be typed into the authenticator app"`
		Address string `json:"address" doc:"otpauth://…, to be shown as a QR code"`
	}
}

type codeBody struct {
	Code string `json:"code" minLength:"1" maxLength:"64" doc:"six digits" example:"123456"`
}

type codeInput struct{ Body codeBody }

type recoveryAnswer struct {
	Body struct {
		Codes []string `json:"codes" doc:"each stands in once for a lost phone; nothing shows them again" nullable:"false"`
	}
}

type endSessionInput struct {
	ID sessionID `path:"id" doc:"id of the session"`
}

// from is where a sign-in comes from.
func (c *call) from(in guard.SignInInput) guard.SignInInput {
	in.Agent = c.request.UserAgent()
	in.Address = c.address()
	return in
}

// cookie is the header that gives a browser a session, or takes it away.
func (c *call) cookie(name, token string, life time.Duration) string {
	k := http.Cookie{Name: name, Value: token, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: c.request.TLS != nil || c.request.Header.Get("X-Forwarded-Proto") == "https", MaxAge: int(life / time.Second)}
	return k.String()
}

func (s *server) accountRoutes() {
	add(s, operation{id: "get-setup", method: "GET", path: "/v1/setup", tag: "account", may: anyone, summary: "Ask whether a first administrator is wanted"},
		func(ctx context.Context, _ *call, _ *struct{}) (*setupAnswer, error) {
			needed, err := s.Guard.SetupNeeded(ctx)
			out := &setupAnswer{}
			out.Body.Needed = needed
			return out, err
		})
	add(s, operation{id: "set-up", method: "POST", path: "/v1/setup", tag: "account", may: anyone, status: 201,
		summary: "Make the first administrator, and sign in", about: "Only while nobody can sign in.",
		example: setupBody{"k3v7…", "ada@example.com", "Ada", "apples under the old bridge"},
		faults:  []fault.Code{fault.SignInFailed, fault.PasswordWeak, fault.WrongState}},
		func(ctx context.Context, c *call, in *setupInput) (*signedIn, error) {
			b := in.Body
			out, err := s.Guard.Setup(ctx, guard.SetupInput{Token: b.Token, Name: b.Name, SignInInput: c.from(guard.SignInInput{Login: b.Login, Password: b.Password})})
			return c.welcome(out, err)
		})
	add(s, operation{id: "sign-in", method: "POST", path: "/v1/sessions", tag: "account", may: anyone, status: 201,
		summary: "Sign in", about: "A wrong login, password and code answer alike, in the same time. Guesses are slowed down by login and address (429 with Retry-After). " +
			"The session is a cookie that scripts can't read; it ends twelve hours after its last use, and after seven days.",
		example: signInBody{Login: "ada@example.com", Password: "apples under the old bridge"},
		faults:  []fault.Code{fault.SignInFailed, fault.FactorRequired}},
		func(ctx context.Context, c *call, in *signInInput) (*signedIn, error) {
			b := in.Body
			out, err := s.Guard.SignIn(ctx, c.from(guard.SignInInput{Login: b.Login, Password: b.Password, Code: b.Code}))
			return c.welcome(out, err)
		})
	add(s, operation{id: "sign-out", method: "POST", path: "/v1/account/sign-out", tag: "account", may: anyone, summary: "Sign out", about: "Also where the session has ended already."},
		func(ctx context.Context, c *call, _ *struct{}) (*signedOut, error) {
			out := &signedOut{SetCookie: c.cookie(sessionCookie, "", -time.Second)}
			if err := s.authenticateSession(c, c.request); err != nil {
				if fault.Has(err, fault.Unauthenticated) {
					err = nil
				}
				return out, err
			}
			out.Body.Ended = true
			return out, s.Guard.EndSession(ctx, c.principal, 0)
		})
	add(s, operation{id: "get-account", method: "GET", path: "/v1/account", tag: "account", may: account, summary: "Show the own account and its sessions"},
		func(ctx context.Context, c *call, _ *struct{}) (*accountAnswer, error) { return s.own(ctx, c, nil) })
	add(s, operation{id: "end-session", method: "POST", path: "/v1/account/sessions/{id}/end", tag: "account", may: account,
		summary: "End one of the own sessions", about: "Within a second everywhere; one that has ended is ended."},
		func(ctx context.Context, c *call, in *endSessionInput) (*accountAnswer, error) {
			return s.own(ctx, c, s.Guard.EndSession(ctx, c.principal, id.ID(in.ID)))
		})
	s.proofRoutes()
}

// own answers with the own account as it is then.
func (s *server) own(ctx context.Context, c *call, err error) (*accountAnswer, error) {
	if err != nil {
		return nil, err
	}
	a, err := s.Guard.Account(ctx, c.principal)
	return &accountAnswer{showAccount(&a.Person, a.Sessions, c.principal.Session)}, err
}

// proofRoutes change what a person signs in with.
func (s *server) proofRoutes() {
	faults, proved := []fault.Code{fault.SignInFailed, fault.StaleRevision}, provedBody{"apples under the old bridge"}
	add(s, operation{id: "set-password", method: "POST", path: "/v1/account/password", tag: "account", may: account,
		summary: "Change the own password", about: "It ends the other sessions.", example: passwordBody{"apples under the old bridge", "pears beside the new bridge"}, faults: append([]fault.Code{fault.PasswordWeak}, faults...)},
		func(ctx context.Context, c *call, in *passwordInput) (*accountAnswer, error) {
			return s.own(ctx, c, s.Guard.SetPassword(ctx, c.principal, in.Body.Old, in.Body.Password))
		})
	add(s, operation{id: "begin-factor", method: "POST", path: "/v1/account/factor", tag: "account", may: account,
		summary: "Begin a second factor", about: "It counts from its first code on.", example: proved, faults: faults},
		func(ctx context.Context, c *call, in *provedInput) (*factorAnswer, error) {
			f, err := s.Guard.BeginFactor(ctx, c.principal, in.Body.Password)
			out := &factorAnswer{}
			out.Body.Secret, out.Body.Address = f.Secret, f.Address
			return out, err
		})
	add(s, operation{id: "confirm-factor", method: "POST", path: "/v1/account/factor/confirm", tag: "account", may: account,
		summary: "Confirm a second factor with its first code", example: codeBody{"123456"}, faults: append([]fault.Code{fault.WrongState}, faults...)},
		func(ctx context.Context, c *call, in *codeInput) (*recoveryAnswer, error) {
			codes, err := s.Guard.ConfirmFactor(ctx, c.principal, in.Body.Code)
			out := &recoveryAnswer{}
			out.Body.Codes = codes
			return out, err
		})
	add(s, operation{id: "end-factor", method: "POST", path: "/v1/account/factor/end", tag: "account", may: account,
		summary: "Take the second factor away", example: proved, faults: faults},
		func(ctx context.Context, c *call, in *provedInput) (*accountAnswer, error) {
			return s.own(ctx, c, s.Guard.EndFactor(ctx, c.principal, in.Body.Password))
		})
}

// welcome answers a sign-in.
func (c *call) welcome(in guard.SignedIn, err error) (*signedIn, error) {
	if err != nil {
		return nil, err
	}
	return &signedIn{c.cookie(sessionCookie, in.Token, person.Life), showAccount(&in.Person, []person.Session{in.Session}, in.Session.ID)}, nil
}
