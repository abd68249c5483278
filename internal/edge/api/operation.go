package api

import (
	"context"
	"net/http"
	"reflect"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
)

// anyKey stands for a permission where every valid key may ask.
const anyKey access.Permission = "*"

// anyone stands for a permission where nobody has to be known.
const anyone access.Permission = "-"

// account stands for a permission where a person who signed in asks for themselves.
const account access.Permission = "account"

// operation is a row of the route table.
type operation struct {
	id      string
	method  string
	path    string
	tag     string
	may     access.Permission // required; a route without one can't be added
	summary string
	about   string
	status  int          // of success; 200 when zero
	most    int64        // bytes of the body; MaxBody when zero
	faults  []fault.Code // beyond those that the form of the operation brings
	example any          // of the body
	columns []column     // of a list that can be had as a file
	huma    *huma.Operation
}

// pattern is the mux's name of the operation.
func (o *operation) pattern() string { return o.method + " " + o.path }

// add puts an operation into the table, the mux and the document.
func add[I, O any](s *server, o operation, do func(context.Context, *call, *I) (*O, error)) {
	if o.may == "" {
		panic("api: " + o.id + " names no permission")
	}
	if o.status == 0 {
		o.status = http.StatusOK
	}
	if o.most == 0 {
		o.most = MaxBody
	}
	o.huma = &huma.Operation{OperationID: o.id, Method: o.method, Path: o.path, Tags: []string{o.tag},
		Summary: o.summary, Description: o.describe(), DefaultStatus: o.status,
		Security: o.security(), SkipValidateBody: true, SkipValidateParams: true,
		MaxBodyBytes: o.most + 1, BodyReadTimeout: -1, Responses: map[string]*huma.Response{}}
	sc := &screen{server: s, o: &o}
	o.huma.Middlewares = huma.Middlewares{s.admit(&o), sc.check}
	rows, isList := rowsOf(reflect.TypeFor[I](), reflect.TypeFor[O]())
	if isList {
		o.columns = columnsOf(rows, nil)
		o.huma.Middlewares = append(o.huma.Middlewares, s.exporting(&o))
	}
	s.document(&o)
	huma.Register(s.huma, *o.huma, func(ctx context.Context, in *I) (*O, error) {
		c := callOf(ctx)
		out, err := do(ctx, c, in)
		if err != nil {
			return nil, c.problem(err)
		}
		return out, nil
	})
	o.huma = s.registered(o.method, o.path)
	sc.prepare(o.huma)
	if q := quicklyBy(s, sc, do); q != nil {
		s.quick[o.pattern()] = q
	}
	if isList {
		exportable(o.huma)
	}
	if o.may == asMember || slices.Contains(access.Allowed(access.KindBrowser), o.may) {
		s.browser[o.pattern()] = true
	}
	s.readable[o.pattern()] = isRead[O](&o)
	s.operations = append(s.operations, o)
}

// registered finds the operation as huma completed it.
func (s *server) registered(method, path string) *huma.Operation {
	item := s.huma.OpenAPI().Paths[path]
	switch method {
	case http.MethodGet:
		return item.Get
	case http.MethodPost:
		return item.Post
	case http.MethodPut:
		return item.Put
	case http.MethodPatch:
		return item.Patch
	}
	return item.Delete
}

// security says how callers show who they are.
func (o *operation) security() []map[string][]string {
	switch o.may {
	case anyone:
		return []map[string][]string{}
	case account:
		return []map[string][]string{{"session": {}}}
	case asMember:
		return []map[string][]string{{"key": {}}, {"visit": {}}}
	}
	if slices.Contains(access.Visitor(0, access.Scope{}).Permissions, o.may) {
		return []map[string][]string{{"key": {}}, {"session": {}}, {"visit": {}}}
	}
	return []map[string][]string{{"key": {}}, {"session": {}}}
}

// allow finds who calls, and whether they may.
func (s *server) allow(c *call, r *http.Request, may access.Permission) error {
	if may == anyone {
		return nil
	}
	err := s.authenticate(c, r)
	switch {
	case err != nil || may == anyKey:
		return err
	case may == asMember:
		if c.principal.Kind != access.KindBrowser || c.principal.Member == 0 {
			return fault.New(fault.PermissionDeny, "permission", string(may))
		}
		return nil
	case may != account:
		return c.principal.May(may)
	case c.principal.Kind != access.KindPerson:
		return fault.New(fault.PermissionDeny, "permission", string(may))
	}
	return nil
}

// admit looks at the key and the permission, before anything is read.
func (s *server) admit(o *operation) func(huma.Context, func(huma.Context)) {
	may := o.may
	return func(ctx huma.Context, next func(huma.Context)) {
		r, w := unwrap(ctx)
		c := callOf(r.Context())
		err := s.allow(c, r, may)
		if err != nil {
			c.fail(w, err)
			return
		}
		next(ctx)
	}
}
