package api

import (
	"context"

	"quan/internal/app/admin"
	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

type PersonPath struct {
	ID personID `path:"id" doc:"id of the person"`
}

type PersonBody struct {
	Name  string        `json:"name" minLength:"1" maxLength:"200" doc:"as others see it" example:"Ada"`
	Roles []access.Role `json:"roles" minItems:"1" maxItems:"10" uniqueItems:"true" enum:"administrator,operator,campaign_lead,analyst,service,clerk,finance,technical_support,merchant,partner" doc:"what they are in the business; merchant and partner need a scope of merchants" nullable:"false"`
	Scope access.Scope  `json:"scope,omitzero" doc:"merchants, stores and cities they are limited to; an empty list is no limit"`
}

type createPersonBody struct {
	Login    string `json:"login" minLength:"1" maxLength:"128" doc:"a name or an e-mail address, in small letters; it can't change and stays theirs for ever" example:"grace@example.com"`
	Password string `json:"password" minLength:"1" maxLength:"200" doc:"a first password, at least 10 characters, that they have to change" example:"first password for Grace"`
	PersonBody
}

type personRow struct {
	ID      personID `json:"id" doc:"their identity"`
	Login   string   `json:"login" doc:"what they sign in with"`
	Factor  bool     `json:"factor" doc:"signs in with a second factor"`
	Initial bool     `json:"initial,omitempty" doc:"has not changed the first password yet"`
	PersonBody
	Stamps
}

func showPerson(p store.Person) personRow {
	return personRow{personID(p.ID), p.Login, p.Factor != "", p.Initial, PersonBody{p.Name, p.Roles, p.Scope}, Stamps{p.Rev, p.CreatedAt, p.UpdatedAt, p.ArchivedAt}}
}

type createPersonInput struct {
	Keyed
	Body createPersonBody
}

type createdPerson struct {
	Replayed
	Revised
	Body personRow
}

type updatePersonInput struct {
	PersonPath
	Matched
	Body PersonBody
}

type resetPersonInput struct {
	PersonPath
	Matched
	Body resetPersonBody
}

type resetPersonBody struct {
	Password string `json:"password" minLength:"1" maxLength:"200" doc:"a first password again, which they have to change" example:"another first password"`
	Factor   bool   `json:"factor,omitempty" doc:"take the second factor away: the phone is lost"`
}

type archivePersonInput struct {
	PersonPath
	Matched
}

func (s *server) peopleRoutes() {
	const path = "/v1/people/{id}"
	example := PersonBody{Name: "Grace", Roles: []access.Role{access.Operator}}
	changes := []fault.Code{fault.Absent, fault.WrongState, fault.UnknownReference}
	add(s, operation{id: "create-person", method: "POST", path: "/v1/people", tag: "administration", may: access.PersonWrite, status: 201,
		summary: "Let somebody sign in", about: "With a first password that they have to change. Nobody makes somebody who may do or see more than they themselves.",
		example: createPersonBody{"grace@example.com", "first password for Grace", example},
		faults:  []fault.Code{fault.MissingKey, fault.KeyReusedBody, fault.NameTaken, fault.PasswordWeak, fault.Absent, fault.UnknownReference}},
		func(ctx context.Context, c *call, in *createPersonInput) (*createdPerson, error) {
			b := in.Body
			p, err := s.Admin.CreatePerson(ctx, c.principal, admin.CreatePersonInput{Once: c.once(in.IdempotencyKey, b), Login: b.Login, Name: b.Name,
				Roles: b.Roles, Scope: b.Scope, Password: b.Password})
			if err != nil {
				return nil, err
			}
			return &createdPerson{replay(p.Replayed), Revised{tag(p.Person.Rev)}, showPerson(p.Person)}, nil
		})
	add(s, operation{id: "list-people", method: "GET", path: "/v1/people", tag: "administration", may: access.PersonRead,
		summary: "List who may sign in", about: "By id: older first.", faults: []fault.Code{fault.InvalidCursor}},
		func(ctx context.Context, c *call, in *ListInput) (*list[personRow], error) {
			f, err := in.filter("people")
			if err != nil {
				return nil, err
			}
			rows, err := s.Admin.ListPeople(ctx, c.principal, f)
			if err != nil {
				return nil, err
			}
			return &list[personRow]{pageOf("people", f.Limit, rows, func(p store.Person) string { return id.Format(id.Person, p.ID) }, showPerson)}, nil
		})
	add(s, operation{id: "get-person", method: "GET", path: path, tag: "administration", may: access.PersonRead, summary: "Get a person",
		about: "Those who have gone too.", faults: []fault.Code{fault.Absent}},
		func(ctx context.Context, c *call, in *PersonPath) (*row[personRow], error) {
			return personAnswer(s.Admin.GetPerson(ctx, c.principal, id.ID(in.ID)))
		})
	add(s, operation{id: "update-person", method: "PUT", path: path, tag: "administration", may: access.PersonWrite,
		summary: "Change a person", about: "The body is the whole; the login can't change. It acts within a second. Somebody who may do everything has to remain.",
		example: example, faults: changes},
		func(ctx context.Context, c *call, in *updatePersonInput) (*row[personRow], error) {
			rev, err := in.rev()
			if err != nil {
				return nil, err
			}
			return personAnswer(s.Admin.UpdatePerson(ctx, c.principal, admin.UpdatePersonInput{Person: id.ID(in.ID), IfRev: rev, Name: in.Body.Name,
				Roles: in.Body.Roles, Scope: in.Body.Scope}))
		})
	add(s, operation{id: "reset-person", method: "PUT", path: path + "/password", tag: "administration", may: access.PersonWrite,
		summary: "Give somebody a first password again", about: "It ends their sessions.", example: resetPersonBody{Password: "another first password"}, faults: append([]fault.Code{fault.PasswordWeak}, changes...)},
		func(ctx context.Context, c *call, in *resetPersonInput) (*row[personRow], error) {
			rev, err := in.rev()
			if err != nil {
				return nil, err
			}
			return personAnswer(s.Admin.ResetPerson(ctx, c.principal, admin.ResetPersonInput{Person: id.ID(in.ID), IfRev: rev, Password: in.Body.Password, Factor: in.Body.Factor}))
		})
	add(s, operation{id: "archive-person", method: "DELETE", path: path, tag: "administration", may: access.PersonWrite,
		summary: "Let somebody sign in no more", about: "It ends their sessions. The login stays reserved.", faults: changes},
		func(ctx context.Context, c *call, in *archivePersonInput) (*row[personRow], error) {
			rev, err := in.rev()
			if err != nil {
				return nil, err
			}
			return personAnswer(s.Admin.ArchivePerson(ctx, c.principal, id.ID(in.ID), rev))
		})
}

func personAnswer(p store.Person, err error) (*row[personRow], error) {
	if err != nil {
		return nil, err
	}
	return rowOf(showPerson(p), p.Rev, false), nil
}
