package api

import (
	"context"
	"net/http"
	"strings"

	"quan/internal/app/catalog"
	"quan/internal/domain/access"
	"quan/internal/domain/merchant"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/store"
)

// Stamps are the moments of a row that is changed by hand.
type Stamps struct {
	Rev        int64            `json:"rev" doc:"revision, also in the ETag"`
	CreatedAt  calendar.Instant `json:"created_at" doc:"when it was made"`
	UpdatedAt  calendar.Instant `json:"updated_at" doc:"when it was changed last"`
	ArchivedAt calendar.Instant `json:"archived_at,omitzero" doc:"when it was archived; absent while it lives"`
}

type CodePath struct {
	Code string `path:"code" minLength:"1" maxLength:"64" doc:"the code, which never changes" example:"main"`
}

// row is the answer with one row.
type row[T any] struct {
	Revised
	Status int
	Body   T
}

func rowOf[T any](body T, rev int64, created bool) *row[T] {
	r := &row[T]{Revised: Revised{tag(rev)}, Status: http.StatusOK, Body: body}
	if created {
		r.Status = http.StatusCreated
	}
	return r
}

// list is the answer with a page of rows.
type list[T any] struct{ Body listing[T] }

// ListInput selects rows of reference lists.
type ListInput struct {
	Paged
	Archived bool   `query:"archived" doc:"archived rows too"`
	Search   string `query:"search" maxLength:"100" doc:"only rows whose names or code have all these words in them; a to z in any case" example:"spring"`
	Order    string `query:"order" enum:"oldest,newest" doc:"by key, also when absent: by id, oldest first, or by code; newest: the other way round"`
}

func (in ListInput) filter(name string) (store.Filter, error) {
	after, ask, err := in.after(name)
	return store.Filter{After: after, Limit: ask, Archived: in.Archived, Newest: in.Order == "newest", Search: in.Search}, err
}

type archiveInput struct {
	CodePath
	Matched
}

// reference is what the four kinds of coded rows have in common.
type reference[R, T any] struct {
	one, many, path string // "merchant", "merchants", "/v1/merchants/{code}"
	read, write     access.Permission
	get             func(context.Context, access.Principal, string) (R, error)
	list            func(context.Context, access.Principal, store.Filter) ([]R, error)
	archive         func(context.Context, access.Principal, string, int64) (R, error)
	show            func(R) T
	rev             func(R) int64
	key             func(R) string
}

func addReference[R, T any](s *server, r reference[R, T]) {
	add(s, operation{id: "get-" + r.one, method: "GET", path: r.path, tag: "catalogue", may: r.read,
		summary: "Get " + article(r.one), about: "Archived ones too.", faults: []fault.Code{fault.Absent}},
		func(ctx context.Context, c *call, in *CodePath) (*row[T], error) {
			found, err := r.get(ctx, c.principal, in.Code)
			if err != nil {
				return nil, err
			}
			return rowOf(r.show(found), r.rev(found), false), nil
		})
	add(s, operation{id: "archive-" + r.one, method: "DELETE", path: r.path, tag: "catalogue", may: r.write,
		summary: "Archive " + article(r.one), about: "It stays, keeps its code and takes no further change.",
		faults: []fault.Code{fault.Absent, fault.WrongState}},
		func(ctx context.Context, c *call, in *archiveInput) (*row[T], error) {
			rev, err := in.rev()
			if err != nil {
				return nil, err
			}
			found, err := r.archive(ctx, c.principal, in.Code, rev)
			if err != nil {
				return nil, err
			}
			return rowOf(r.show(found), r.rev(found), false), nil
		})
}

// addList lists coded rows.
func addList[R, T any](s *server, r reference[R, T], path string) {
	add(s, operation{id: "list-" + r.many, method: "GET", path: path, tag: "catalogue", may: r.read,
		summary: "List " + r.many, about: "By code.", faults: []fault.Code{fault.InvalidCursor}},
		func(ctx context.Context, c *call, in *ListInput) (*list[T], error) {
			f, err := in.filter(r.many)
			if err != nil {
				return nil, err
			}
			rows, err := r.list(ctx, c.principal, f)
			if err != nil {
				return nil, err
			}
			return &list[T]{pageOf(r.many, f.Limit, rows, r.key, r.show)}, nil
		})
}

// article is a noun with its indefinite article.
func article(noun string) string {
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

// put is the description of a creating PUT.
func put(one, path string, may access.Permission, example any) operation {
	return operation{id: "put-" + one, method: "PUT", path: path, tag: "catalogue", may: may,
		summary: "Create or change " + article(one), example: example,
		about:  "Without If-Match it creates (201), and answers 428 where the row exists. The body is the row as it shall be, whole.",
		faults: []fault.Code{fault.Absent, fault.WrongState, fault.UnknownReference}}
}

func (s *server) catalogRoutes() {
	s.marketRoutes()
	s.merchantRoutes()
	s.storeRoutes()
	s.itemRoutes()
}

type MerchantBody struct {
	Name string `json:"name" minLength:"1" maxLength:"200" doc:"as customers know it" example:"Green Grocer"`
}

type merchantRow struct {
	Code string `json:"code" doc:"its identity"`
	MerchantBody
	Stamps
}

type putMerchantInput struct {
	CodePath
	Creating
	Body MerchantBody
}

func (s *server) merchantRoutes() {
	r := reference[store.Merchant, merchantRow]{one: "merchant", many: "merchants", path: "/v1/merchants/{code}",
		read: access.ReferenceRead, write: access.ReferenceWrite, get: s.Catalog.GetMerchant, list: s.Catalog.ListMerchants,
		archive: s.Catalog.ArchiveMerchant,
		show: func(m store.Merchant) merchantRow {
			return merchantRow{m.Code, MerchantBody{m.Name}, Stamps{m.Rev, m.CreatedAt, m.UpdatedAt, m.ArchivedAt}}
		},
		rev: func(m store.Merchant) int64 { return m.Rev }, key: func(m store.Merchant) string { return m.Code }}
	addReference(s, r)
	addList(s, r, "/v1/merchants")
	add(s, put("merchant", r.path, r.write, MerchantBody{"Green Grocer"}),
		func(ctx context.Context, c *call, in *putMerchantInput) (*row[merchantRow], error) {
			rev, err := in.rev()
			if err != nil {
				return nil, err
			}
			m, created, err := s.Catalog.PutMerchant(ctx, c.principal, catalog.PutMerchantInput{Code: in.Code, Name: in.Body.Name, IfRev: rev})
			if err != nil {
				return nil, in.refused(err)
			}
			return rowOf(r.show(m), m.Rev, created), nil
		})
}

type StoreBody struct {
	Name     string `json:"name" minLength:"1" maxLength:"200" doc:"as customers know it" example:"Nanjing Road"`
	Merchant string `json:"merchant" minLength:"1" maxLength:"64" doc:"code of the merchant; can't change" example:"green"`
	City     string `json:"city,omitempty" maxLength:"64" doc:"city in which it lies" example:"shanghai"`

	Position *PositionBody `json:"position,omitempty" doc:"where it lies; absent: not known"`
}

func (b StoreBody) input(code string, rev int64) catalog.PutStoreInput {
	return catalog.PutStoreInput{Code: code, Name: b.Name, Merchant: b.Merchant, City: b.City, Spot: b.Position.spot(), IfRev: rev}
}

type PositionBody struct {
	LatE6  int64  `json:"lat_e6" minimum:"-90000000" maximum:"90000000" doc:"latitude, millionths of a degree" example:"31235000"`
	LngE6  int64  `json:"lng_e6" minimum:"-180000000" maximum:"180000000" doc:"longitude, millionths of a degree" example:"121475000"`
	System string `json:"system" enum:"wgs84,gcj02,bd09" doc:"coordinate system: satellites', that of maps in mainland China, or Baidu's"`
}

func showPosition(s merchant.Spot) *PositionBody {
	if s == (merchant.Spot{}) {
		return nil
	}
	p := PositionBody(s)
	return &p
}

func (p *PositionBody) spot() merchant.Spot {
	if p == nil {
		return merchant.Spot{}
	}
	return merchant.Spot(*p)
}

type storeRow struct {
	Code string `json:"code" doc:"its identity"`
	StoreBody
	Stamps
}

type putStoreInput struct {
	CodePath
	Creating
	Body StoreBody
}

type listStoresInput struct {
	ListInput
	Merchant string `query:"merchant" maxLength:"64" doc:"only this merchant's"`
}

func (s *server) storeRoutes() {
	r := reference[store.Place, storeRow]{one: "store", many: "stores", path: "/v1/stores/{code}",
		read: access.ReferenceRead, write: access.ReferenceWrite, get: s.Catalog.GetStore, archive: s.Catalog.ArchiveStore,
		show: func(p store.Place) storeRow {
			return storeRow{p.Code, StoreBody{p.Name, p.Merchant, p.City, showPosition(p.Spot)}, Stamps{p.Rev, p.CreatedAt, p.UpdatedAt, p.ArchivedAt}}
		},
		rev: func(p store.Place) int64 { return p.Rev }, key: func(p store.Place) string { return p.Code }}
	addReference(s, r)
	add(s, operation{id: "list-stores", method: "GET", path: "/v1/stores", tag: "catalogue", may: r.read,
		summary: "List stores", about: "By code.", faults: []fault.Code{fault.InvalidCursor}},
		func(ctx context.Context, c *call, in *listStoresInput) (*list[storeRow], error) {
			f, err := in.filter(r.many)
			if err != nil {
				return nil, err
			}
			f.Parent = in.Merchant
			rows, err := s.Catalog.ListStores(ctx, c.principal, f)
			if err != nil {
				return nil, err
			}
			return &list[storeRow]{pageOf(r.many, f.Limit, rows, r.key, r.show)}, nil
		})
	add(s, put("store", r.path, r.write, StoreBody{"Nanjing Road", "green", "shanghai", &PositionBody{31_235_000, 121_475_000, "gcj02"}}),
		func(ctx context.Context, c *call, in *putStoreInput) (*row[storeRow], error) {
			rev, err := in.rev()
			if err != nil {
				return nil, err
			}
			p, created, err := s.Catalog.PutStore(ctx, c.principal, in.Body.input(in.Code, rev))
			if err != nil {
				return nil, in.refused(err)
			}
			return rowOf(r.show(p), p.Rev, created), nil
		})
}
