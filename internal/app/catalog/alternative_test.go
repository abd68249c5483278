package catalog_test

import (
	"testing"

	"quan/internal/app/apptest"
	"quan/internal/app/catalog"
	"quan/internal/domain/coupon"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/testkit"
)

func TestAlternativeIsLookedUp(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		plain, newcomer := w.Publish(testkit.Doc()), testkit.Doc()
		newcomer.Claim.Newcomer = true
		another := w.Publish(newcomer)
		draft := w.Publish(testkit.Doc(), func(t *coupon.Template) { t.Status = coupon.StatusDraft })
		for what, c := range map[string]struct {
			alternative id.ID
			want        fault.Code
		}{"published": {plain, ""}, "unknown": {w.IDs.New(5), fault.UnknownReference}, "a draft": {draft, fault.UnknownReference},
			"a newcomer coupon": {another, fault.Conflicting}} {
			row := makeTemplate(t, w, func(in *catalog.CreateTemplateInput) {
				in.Doc.Claim.Newcomer, in.Doc.Claim.Alternative = true, id.Format(id.Template, c.alternative)
			})
			_, err := use(w).Publish(w.Ctx(), w.By, row.ID, row.Rev)
			wants(t, what, err, c.want)
			if f := fault.From(err); f != nil && f.Pointer != "/draft/claim/alternative" {
				t.Errorf("%s: pointer %s", what, f.Pointer)
			}
		}
	})
}
