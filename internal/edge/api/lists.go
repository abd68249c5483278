package api

import (
	"context"
	"strconv"

	"quan/internal/app/catalog"
	"quan/internal/app/membership"
	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

type ListBody struct {
	Name string `json:"name" minLength:"1" maxLength:"200" doc:"as operators know it" example:"Spring guests"`
}

type listRow struct {
	Code string `json:"code" doc:"its identity, which conditions name"`
	ListBody
	Members int64 `json:"members" doc:"how many members it has"`
	Stamps
}

type putListInput struct {
	CodePath
	Creating
	Body ListBody
}

type listedBody struct {
	Members []who `json:"members" minItems:"1" maxItems:"10000" doc:"members, by identity or id" nullable:"false"`
	Trial
}

type changeListedInput struct {
	CodePath
	Keyed
	Body listedBody
}

type changedListed struct{ Body changedListedBody }

type changedListedBody struct {
	Changed   int64 `json:"changed" doc:"put in, or taken out"`
	Unchanged int64 `json:"unchanged" doc:"were in already, or were not"`
	Unknown   []int `json:"unknown,omitempty" doc:"places in members of those who don't exist" nullable:"false"`
}

type listedInput struct {
	CodePath
	Paged
}

type listedRow struct {
	Member memberID `json:"member" doc:"a member of the list"`
}

func (s *server) listRoutes() {
	r := reference[catalog.SizedList, listRow]{one: "list", many: "lists", path: "/v1/lists/{code}",
		read: access.MemberRead, write: access.MemberWrite, get: s.Catalog.GetList, list: s.Catalog.ListLists,
		archive: s.Catalog.ArchiveList,
		show: func(l catalog.SizedList) listRow {
			return listRow{l.Code, ListBody{l.Name}, l.Members, Stamps{l.Rev, l.CreatedAt, l.UpdatedAt, l.ArchivedAt}}
		},
		rev: func(l catalog.SizedList) int64 { return l.Rev }, key: func(l catalog.SizedList) string { return l.Code }}
	addReference(s, r)
	addList(s, r, "/v1/lists")
	add(s, put("list", r.path, r.write, ListBody{"Spring guests"}),
		func(ctx context.Context, c *call, in *putListInput) (*row[listRow], error) {
			rev, err := in.rev()
			if err != nil {
				return nil, err
			}
			l, created, err := s.Catalog.PutList(ctx, c.principal, catalog.PutListInput{Code: in.Code, Name: in.Body.Name, IfRev: rev})
			if err != nil {
				return nil, in.refused(err)
			}
			return rowOf(r.show(l), l.Rev, created), nil
		})
	s.listedRoutes(r.path + "/members")
}

func (s *server) listedRoutes(path string) {
	const about = "Up to 10,000 at once, in pieces; members that don't exist are told and left out. It sets what shall be, so a repetition changes nothing. " + aboutTrial
	example := listedBody{Members: []who{{Kind: "phone", Value: "+8613800000000"}}}
	faults := []fault.Code{fault.MissingKey, fault.Absent, fault.WrongState, fault.Conflicting}
	add(s, operation{id: "add-listed", method: "POST", path: path, tag: "members", may: access.MemberWrite,
		summary: "Put members into a list", about: about, example: example, faults: faults},
		func(ctx context.Context, c *call, in *changeListedInput) (*changedListed, error) {
			return s.changeListed(ctx, c, in, membership.ListWay{Dry: in.Body.DryRun})
		})
	add(s, operation{id: "remove-listed", method: "POST", path: path + "/remove", tag: "members", may: access.MemberWrite,
		summary: "Take members out of a list", about: about, example: example, faults: faults},
		func(ctx context.Context, c *call, in *changeListedInput) (*changedListed, error) {
			return s.changeListed(ctx, c, in, membership.ListWay{Remove: true, Dry: in.Body.DryRun})
		})
	add(s, operation{id: "list-listed", method: "GET", path: path, tag: "members", may: access.MemberRead,
		summary: "List the members of a list", about: "By id: older first.", faults: []fault.Code{fault.InvalidCursor, fault.Absent}},
		func(ctx context.Context, c *call, in *listedInput) (*list[listedRow], error) {
			after, ask, err := in.afterID("listed", id.Member)
			if err != nil {
				return nil, err
			}
			rows, err := s.Membership.ListedMembers(ctx, c.principal, in.Code, after, ask)
			if err != nil {
				return nil, err
			}
			return &list[listedRow]{pageOf("listed", ask, rows,
				func(m id.ID) string { return id.Format(id.Member, m) }, func(m id.ID) listedRow { return listedRow{memberID(m)} })}, nil
		})
}

func (s *server) changeListed(ctx context.Context, c *call, in *changeListedInput, way membership.ListWay) (*changedListed, error) {
	members := make([]membership.Who, len(in.Body.Members))
	for i, w := range in.Body.Members {
		key, member, err := w.resolve(s.Vault, "/members/"+strconv.Itoa(i))
		if err != nil {
			return nil, err
		}
		members[i] = membership.Who{Member: member, Key: key}
	}
	done, err := s.Membership.Relist(ctx, c.principal, in.Code, members, way)
	if err != nil {
		return nil, err
	}
	return &changedListed{changedListedBody(done)}, nil
}
