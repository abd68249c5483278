package admin

import (
	"errors"
	"slices"
	"strconv"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

// mostScope bounds each list of a scope.
const mostScope = 500

// judge checks a key against its kind and against who makes or edits it: nobody
// hands out more than he has.
func judge(k *store.Key, by access.Principal) error {
	var l fault.List
	l.Add(text.Name(k.Name, "/name"))
	switch k.Kind {
	case access.KindServer, access.KindBrowser, access.KindClerk:
	case "":
		l.Add(fault.New(fault.MissingValue).At("/kind"))
	default:
		l.Add(fault.New(fault.InvalidValue).At("/kind"))
	}
	if len(k.Permissions) == 0 {
		l.Add(fault.New(fault.MissingValue).At("/permissions"))
	}
	allowed := access.Allowed(k.Kind)
	for i, p := range k.Permissions {
		at := "/permissions/" + strconv.Itoa(i)
		switch {
		case !slices.Contains(allowed, p):
			l.Add(fault.New(fault.InvalidValue).At(at))
		case slices.Contains(k.Permissions[:i], p):
			l.Add(fault.New(fault.DuplicateValue).At(at))
		}
	}
	judgeScope(&l, k.Scope)
	if err := l.Err(); err != nil {
		return err
	}
	for i, p := range k.Permissions {
		if err := by.May(p); err != nil {
			return fault.From(err).At("/permissions/" + strconv.Itoa(i))
		}
	}
	if err := k.Scope.Within(by.Scope); err != nil {
		f := fault.From(err)
		return f.At("/scope" + f.Pointer)
	}
	return nil
}

func judgeScope(l *fault.List, s access.Scope) {
	for _, d := range []struct {
		at    string
		codes []string
		check func(value, at string) *fault.Fault
	}{
		{"/scope/merchants", s.Merchants, text.Code},
		{"/scope/stores", s.Stores, text.Code},
		{"/scope/cities", s.Cities, func(v, at string) *fault.Fault { return text.Required(v, text.MostCode, at) }},
	} {
		if len(d.codes) > mostScope {
			l.Add(fault.New(fault.TooLong, "max", mostScope).At(d.at))
			continue
		}
		for i, c := range d.codes {
			l.Add(d.check(c, d.at+"/"+strconv.Itoa(i)))
		}
	}
}

// scopeExists looks the merchants and stores of a scope up.
func scopeExists(tx store.Tx, s access.Scope) error {
	var l fault.List
	merchants, err := tx.Merchants().Get(s.Merchants)
	if err != nil {
		return err
	}
	stores, err := tx.Stores().Get(s.Stores)
	if err != nil {
		return err
	}
	for i, code := range s.Merchants {
		if !slices.ContainsFunc(merchants, func(m store.Merchant) bool { return m.Code == code }) {
			l.Add(fault.New(fault.UnknownReference, "what", "merchant").At("/scope/merchants/" + strconv.Itoa(i)))
		}
	}
	for i, code := range s.Stores {
		if !slices.ContainsFunc(stores, func(p store.Place) bool { return p.Code == code }) {
			l.Add(fault.New(fault.UnknownReference, "what", "store").At("/scope/stores/" + strconv.Itoa(i)))
		}
	}
	return l.Err()
}

// common keeps the order of the first list.
func common(a, b []access.Permission) []access.Permission {
	var out []access.Permission
	for _, p := range a {
		if slices.Contains(b, p) {
			out = append(out, p)
		}
	}
	return out
}

func checkReason(reason string) error {
	if f := text.Optional(reason, text.MostName, "/reason"); f != nil {
		return f
	}
	return nil
}

// lost turns a lost race into another attempt where the caller named no revision.
func lost(err error, ifRev int64) error {
	if ifRev == 0 && errors.Is(err, store.ErrStale) {
		return app.Again()
	}
	return err
}
