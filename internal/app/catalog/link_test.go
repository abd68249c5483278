package catalog_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"quan/internal/app"
	"quan/internal/app/apptest"
	"quan/internal/app/catalog"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

// A link can bring its placement with it: both are there, once, or neither.
func TestLinkBringsItsPlacement(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c, ctx, by := use(w), w.Ctx(), w.By
		tpl := w.Publish(testkit.Doc())
		placed := func() []store.Placement {
			rows, err := c.ListPlacements(ctx, by, store.Filter{Parent: id.Format(id.Template, tpl)})
			w.Must(err)
			return rows
		}
		in := catalog.CreateLinkInput{Once: app.Once{Key: "k", Body: "b"}, Template: tpl, Code: "poster", Name: "Poster", Channel: "street"}
		made, _, err := c.CreateLink(ctx, by, in)
		wants(t, "with a template", err, "")
		again, replayed, err := c.CreateLink(ctx, by, in)
		if diff := cmp.Diff(made, again); err != nil || !replayed || diff != "" {
			t.Errorf("again: %v, %v\n%s", replayed, err, diff)
		}
		all := placed()
		if len(all) != 1 {
			t.Fatalf("placements: %+v, want one", all)
		}
		if p := all[0]; p.ID != made.Placement || p.Name != "Poster" || p.Channel != "h5" || !p.Open || p.Cap != 0 || p.Template != tpl || p.Market != "main" || p.Rev != 1 {
			t.Errorf("placement = %+v of %+v", p, made)
		}
		if log := audited(w); count(log, "placement.create") != 1 || count(log, "link.create") != 1 {
			t.Errorf("audit log: %v", log)
		}
		names, err := c.LinkedPlacements(ctx, by, []store.Link{made, made})
		if err != nil || len(names) != 1 || names[made.Placement] != "Poster" {
			t.Errorf("names = %v, %v", names, err)
		}

		in.Once = app.Once{Key: "k2", Body: "b2"} // its code is taken: no placement stays behind
		_, _, err = c.CreateLink(ctx, by, in)
		wants(t, "a code that is taken", err, fault.NameTaken)
		if n := len(placed()); n != 1 {
			t.Errorf("%d placements after a refusal, want 1", n)
		}
		nobody := c.IDs.New(tpl.Slot())
		for what, bad := range map[string]struct {
			in   catalog.CreateLinkInput
			code fault.Code
			at   string
		}{
			"to nothing":                     {catalog.CreateLinkInput{Name: "x"}, fault.MissingValue, "/placement"},
			"to a placement and a template":  {catalog.CreateLinkInput{Name: "x", Placement: made.Placement, Template: tpl}, fault.Conflicting, "/template"},
			"to a placement and a pack":      {catalog.CreateLinkInput{Name: "x", Placement: made.Placement, Pack: nobody}, fault.Conflicting, "/pack"},
			"to a template and a pack":       {catalog.CreateLinkInput{Name: "x", Template: tpl, Pack: nobody}, fault.Conflicting, "/pack"},
			"to a template that is none":     {catalog.CreateLinkInput{Name: "x", Template: nobody}, fault.UnknownReference, "/template"},
			"to a pack that is none":         {catalog.CreateLinkInput{Name: "x", Pack: nobody}, fault.UnknownReference, "/pack"},
			"to a template without its name": {catalog.CreateLinkInput{Template: tpl}, fault.MissingValue, "/name"},
		} {
			_, _, err := c.CreateLink(ctx, by, bad.in)
			if f := fault.From(err); f == nil || f.Code != bad.code || f.Pointer != bad.at {
				t.Errorf("%s: %v, want %s at %s", what, err, bad.code, bad.at)
			}
		}
		_, _, err = c.CreateLink(ctx, limited("another"), catalog.CreateLinkInput{Name: "x", Template: tpl})
		wants(t, "to a template out of scope", err, fault.UnknownReference)
		if n := len(placed()); n != 1 {
			t.Errorf("%d placements in the end, want 1", n)
		}
	})
}
