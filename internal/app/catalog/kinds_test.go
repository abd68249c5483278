package catalog_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"quan/internal/app/apptest"
	"quan/internal/app/catalog"
	"quan/internal/domain/coupon"
	"quan/internal/kernel/i18n"
	"quan/internal/testkit"
)

// Every kind goes through draft and publication, is read back as it was written,
// and has a card.
func TestEveryKindIsPublished(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		for _, kind := range testkit.Kinds() {
			want := coupon.Doc{Terms: kind.Terms}
			row := makeTemplate(t, w, func(in *catalog.CreateTemplateInput) { in.Doc = want })
			if diff := cmp.Diff(&want, row.Draft); diff != "" {
				t.Fatalf("%s: draft %s", kind.Name, diff)
			}
			publish(t, w, row)
			versions, err := use(w).Versions(w.Ctx(), w.By, row.ID)
			if err != nil || len(versions) != 1 {
				t.Fatalf("%s: %d versions, %v", kind.Name, len(versions), err)
			}
			if diff := cmp.Diff(want, versions[0].Doc); diff != "" {
				t.Errorf("%s: published %s", kind.Name, diff)
			}
			told, err := use(w).Explain(w.Ctx(), w.By, row.ID, 0, i18n.EN)
			if err != nil || told.Card == "" || len(told.Sentences) < 5 {
				t.Errorf("%s: explained as %+v, %v", kind.Name, told, err)
			}
		}
	})
}
