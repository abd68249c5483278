package catalog_test

import (
	"testing"

	"quan/internal/app/apptest"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/kernel/fault"
	"quan/internal/store"
	"quan/internal/testkit"
)

func TestBrowserKeysSeeThePublicFace(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		page := access.Principal{Kind: access.KindBrowser, ID: "key_x", Permissions: access.Allowed(access.KindBrowser)}
		open := w.Publish(testkit.Doc(), func(t *coupon.Template) { t.Code, t.Draft = "own-code", &coupon.Doc{} })
		draft := makeTemplate(t, w)
		row, err := use(w).GetTemplate(w.Ctx(), page, open)
		if err != nil || row.InternalName != "" || row.Code != "" || row.Draft != nil || row.CustomerName["en"] == "" {
			t.Errorf("a published template in a browser: %+v, %v", row, err)
		}
		_, err = use(w).GetTemplate(w.Ctx(), page, draft.ID)
		wants(t, "a draft in a browser", err, fault.Absent)
		rows, err := use(w).ListTemplates(w.Ctx(), page, store.Filter{})
		if err != nil || len(rows) != 1 || rows[0].InternalName != "" {
			t.Errorf("the list in a browser: %+v, %v", rows, err)
		}
		row, err = use(w).GetTemplate(w.Ctx(), w.By, open)
		if err != nil || row.InternalName == "" || row.Draft == nil {
			t.Errorf("the operator's own view: %+v, %v", row, err)
		}
	})
}
