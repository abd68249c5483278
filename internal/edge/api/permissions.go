package api

import (
	"context"

	"quan/internal/domain/access"
)

type roleRow struct {
	Role        access.Role         `json:"role" doc:"its name"`
	Permissions []access.Permission `json:"permissions" doc:"what it may do" nullable:"false"`
	Scoped      bool                `json:"scoped" doc:"for people outside the business: needs a scope of merchants"`
}

type kindOfKeyRow struct {
	Kind        access.Kind         `json:"kind" doc:"server, browser or clerk"`
	Permissions []access.Permission `json:"permissions" doc:"what a key of the kind may hold" nullable:"false"`
}

type permissionsAnswer struct {
	Body struct {
		Permissions []access.Permission `json:"permissions" doc:"all there are" nullable:"false"`
		Roles       []roleRow           `json:"roles" doc:"what people are, and may therefore do" nullable:"false"`
		Keys        []kindOfKeyRow      `json:"keys" doc:"what keys may hold, by kind" nullable:"false"`
	}
}

func (s *server) permissionRoutes() {
	add(s, operation{id: "list-permissions", method: "GET", path: "/v1/permissions", tag: "administration", may: anyKey,
		summary: "List permissions, roles and kinds of keys", about: "The same for everybody; nobody's own."},
		func(context.Context, *call, *struct{}) (*permissionsAnswer, error) {
			out := &permissionsAnswer{}
			out.Body.Permissions = access.All
			for _, r := range access.Roles {
				out.Body.Roles = append(out.Body.Roles, roleRow{r, access.Permissions([]access.Role{r}), r.Scoped()})
			}
			for _, k := range []access.Kind{access.KindServer, access.KindBrowser, access.KindClerk} {
				out.Body.Keys = append(out.Body.Keys, kindOfKeyRow{k, access.Allowed(k)})
			}
			return out, nil
		})
}
