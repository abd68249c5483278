package api

import (
	"context"
	"encoding/json"

	"quan/internal/app/admin"
	"quan/internal/domain/access"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

type KeyPath struct {
	ID keyID `path:"id" doc:"id of the key"`
}

type KeyBody struct {
	Name        string              `json:"name" minLength:"1" maxLength:"200" doc:"what it is for" example:"shop back end"`
	Permissions []access.Permission `json:"permissions,omitempty" maxItems:"64" uniqueItems:"true" doc:"absent when made: all that the kind allows and the maker has; required in a change" nullable:"false"`
	Scope       access.Scope        `json:"scope,omitzero" doc:"merchants, stores and cities it is limited to; an empty list is no limit"`
}

type createKeyBody struct {
	Kind string `json:"kind" enum:"server,browser,clerk" doc:"what holds it: a back end, public pages, a counter"`
	KeyBody
}

type keyRow struct {
	ID          keyID               `json:"id" doc:"its identity"`
	Name        string              `json:"name" doc:"what it is for"`
	Kind        string              `json:"kind" doc:"server, browser or clerk"`
	Permissions []access.Permission `json:"permissions" doc:"what it may do" nullable:"false"`
	Scope       access.Scope        `json:"scope,omitzero" doc:"what it is limited to"`
	Secret      string              `json:"secret,omitempty" doc:"only in the first answer to its creation; nothing shows it again"`
	Stamps
}

func showKey(k store.Key) keyRow {
	return keyRow{ID: keyID(k.ID), Name: k.Name, Kind: string(k.Kind), Permissions: k.Permissions, Scope: k.Scope,
		Stamps: Stamps{k.Rev, k.CreatedAt, k.UpdatedAt, k.ArchivedAt}}
}

type createKeyInput struct {
	Keyed
	Body createKeyBody
}

type createdKey struct {
	Replayed
	Revised
	Body keyRow
}

type updateKeyInput struct {
	KeyPath
	Matched
	Body KeyBody
}

type revokeKeyInput struct {
	KeyPath
	Matched
}

type auditRow struct {
	ID        auditID          `json:"id" doc:"its identity"`
	At        calendar.Instant `json:"at" doc:"when"`
	Actor     string           `json:"actor" doc:"principal who did it"`
	Action    string           `json:"action" doc:"what was done"`
	Object    string           `json:"object" doc:"key or id of the row"`
	Before    any              `json:"before,omitempty" doc:"the row before"`
	After     any              `json:"after,omitempty" doc:"the row after"`
	Reason    string           `json:"reason,omitempty" doc:"why"`
	RequestID string           `json:"request_id,omitempty" doc:"the request in the log"`
}

func showAudit(e store.AuditEntry) auditRow {
	return auditRow{auditID(e.ID), e.At, e.Actor, e.Action, e.Object, stored(e.Before), stored(e.After), e.Reason, e.RequestID}
}

// stored is a stored JSON text as JSON; other text is shown as text.
func stored(text string) any {
	if text == "" {
		return nil
	}
	if json.Valid([]byte(text)) {
		return json.RawMessage(text)
	}
	return text
}

type listAuditInput struct {
	Paged
	Actor  string `query:"actor" maxLength:"64" doc:"only what this principal did"`
	Object string `query:"object" maxLength:"256" doc:"only changes of the row with this key or id"`
	Action string `query:"action" maxLength:"64" doc:"only this action, or all of a kind of row: template.publish, template"`
	From   moment `query:"from" doc:"not before"`
	To     moment `query:"to" doc:"before"`
}

type meAnswer struct {
	Body struct {
		ID          string              `json:"id" doc:"the key"`
		Kind        string              `json:"kind" doc:"server, browser or clerk"`
		Permissions []access.Permission `json:"permissions" doc:"what it may do" nullable:"false"`
		Scope       access.Scope        `json:"scope,omitzero" doc:"what it is limited to"`
		Member      memberID            `json:"member,omitzero" doc:"browser keys: the member of the token"`
	}
}

func (s *server) adminRoutes() {
	add(s, operation{id: "get-me", method: "GET", path: "/v1/me", tag: "administration", may: anyKey, summary: "Say who the caller is"},
		func(_ context.Context, c *call, _ *struct{}) (*meAnswer, error) {
			out := &meAnswer{}
			p := c.principal
			out.Body.ID, out.Body.Kind, out.Body.Permissions, out.Body.Scope, out.Body.Member = p.ID, string(p.Kind), p.Permissions, p.Scope, memberID(p.Member)
			return out, nil
		})
	s.keyRoutes()
	s.jobRoutes()
	add(s, operation{id: "list-audit", method: "GET", path: "/v1/audit", tag: "administration", may: access.AuditRead,
		summary: "List administrative changes", about: "Newest first. A key that is limited to a scope is refused: the log speaks of everything.",
		faults: []fault.Code{fault.InvalidCursor}},
		func(ctx context.Context, c *call, in *listAuditInput) (*list[auditRow], error) {
			before, ask, err := in.afterID("audit", id.Audit)
			if err != nil {
				return nil, err
			}
			rows, err := s.Admin.ListAudit(ctx, c.principal, store.AuditFilter{Actor: in.Actor, Object: in.Object, Action: in.Action,
				From: calendar.Instant(in.From), To: calendar.Instant(in.To), Before: before, Limit: ask})
			if err != nil {
				return nil, err
			}
			return &list[auditRow]{pageOf("audit", ask, rows, func(e store.AuditEntry) string { return id.Format(id.Audit, e.ID) }, showAudit)}, nil
		})
}

func (s *server) keyRoutes() {
	const path = "/v1/keys/{id}"
	add(s, operation{id: "create-key", method: "POST", path: "/v1/keys", tag: "administration", may: access.KeyWrite, status: 201,
		summary: "Make an API key", about: "Its secret is in this answer only. No key makes one that may do or see more than itself.",
		example: createKeyBody{"clerk", KeyBody{Name: "counter 3", Scope: access.Scope{Stores: []string{"nanjing-road"}}}},
		faults:  []fault.Code{fault.MissingKey, fault.KeyReusedBody, fault.Absent, fault.UnknownReference}},
		func(ctx context.Context, c *call, in *createKeyInput) (*createdKey, error) {
			b := in.Body
			k, err := s.Admin.CreateKey(ctx, c.principal, admin.CreateKeyInput{Once: c.once(in.IdempotencyKey, b), Name: b.Name,
				Kind: access.Kind(b.Kind), Permissions: b.Permissions, Scope: b.Scope})
			if err != nil {
				return nil, err
			}
			row := showKey(k.Key)
			row.Secret = k.Secret
			return &createdKey{replay(k.Replayed), Revised{tag(k.Key.Rev)}, row}, nil
		})
	add(s, operation{id: "list-keys", method: "GET", path: "/v1/keys", tag: "administration", may: access.KeyRead,
		summary: "List API keys", about: "By id: older first.", faults: []fault.Code{fault.InvalidCursor}},
		func(ctx context.Context, c *call, in *ListInput) (*list[keyRow], error) {
			f, err := in.filter("keys")
			if err != nil {
				return nil, err
			}
			rows, err := s.Admin.ListKeys(ctx, c.principal, f)
			if err != nil {
				return nil, err
			}
			return &list[keyRow]{pageOf("keys", f.Limit, rows, func(k store.Key) string { return id.Format(id.Key, k.ID) }, showKey)}, nil
		})
	add(s, operation{id: "get-key", method: "GET", path: path, tag: "administration", may: access.KeyRead,
		summary: "Get an API key", about: "Revoked ones too; never its secret.", faults: []fault.Code{fault.Absent}},
		func(ctx context.Context, c *call, in *KeyPath) (*row[keyRow], error) {
			return keyAnswer(s.Admin.GetKey(ctx, c.principal, id.ID(in.ID)))
		})
	add(s, operation{id: "update-key", method: "PUT", path: path, tag: "administration", may: access.KeyWrite,
		summary: "Change an API key", about: "The body is the whole; its kind can't change. It acts within a second.",
		example: KeyBody{Name: "counter 3", Permissions: []access.Permission{access.CouponRead, access.CouponUse}}, faults: []fault.Code{fault.Absent, fault.WrongState, fault.UnknownReference}},
		func(ctx context.Context, c *call, in *updateKeyInput) (*row[keyRow], error) {
			rev, err := in.rev()
			if err != nil {
				return nil, err
			}
			return keyAnswer(s.Admin.UpdateKey(ctx, c.principal, admin.UpdateKeyInput{Key: id.ID(in.ID), IfRev: rev, Name: in.Body.Name,
				Permissions: in.Body.Permissions, Scope: in.Body.Scope}))
		})
	add(s, operation{id: "revoke-key", method: "DELETE", path: path, tag: "administration", may: access.KeyWrite,
		summary: "Revoke an API key", about: "For ever, within a second.", faults: []fault.Code{fault.Absent}},
		func(ctx context.Context, c *call, in *revokeKeyInput) (*row[keyRow], error) {
			rev, err := in.rev()
			if err != nil {
				return nil, err
			}
			return keyAnswer(s.Admin.RevokeKey(ctx, c.principal, id.ID(in.ID), rev, ""))
		})
}

func keyAnswer(k store.Key, err error) (*row[keyRow], error) {
	if err != nil {
		return nil, err
	}
	return rowOf(showKey(k), k.Rev, false), nil
}
