package app_test

import (
	"context"
	"errors"
	"testing"

	"quan/internal/app"
	"quan/internal/app/apptest"
	"quan/internal/domain/coupon"
	"quan/internal/store"
	"quan/internal/store/sqlite/sqlitetest"
	"quan/internal/testkit"
)

// breaking is a store of which one View fails, as when its caller goes away.
type breaking struct {
	store.Store
	left int // views until then
}

var errGone = errors.New("gone")

func (b *breaking) View(ctx context.Context, f func(store.Tx) error) error {
	if b.left--; b.left == 0 {
		return errGone
	}
	return b.Store.View(ctx, f)
}

// What was read before a page failed is read again.
func TestPromotionsAfterAFailedPage(t *testing.T) {
	w := apptest.New(t, sqlitetest.Open(t), 1)
	const most = 1_001 // of two pages
	doc := testkit.Doc()
	doc.Claim.Automatic = true
	var templates []coupon.Template
	var versions []coupon.Version
	for range most {
		tpl := testkit.Template(w.IDs.New(0))
		tpl.Code, tpl.Automatic = "", true
		templates = append(templates, tpl)
		versions = append(versions, coupon.Version{Template: tpl.ID, Number: 1, Hash: "hash", Doc: doc, PublishedAt: testkit.Start, PublishedBy: "test"})
	}
	w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error {
		if err := tx.Templates().Insert(templates); err != nil {
			return err
		}
		return tx.Versions().Insert(versions)
	}))
	cache := app.New(&breaking{w.Store, 2}, w.Time.Now, w.IDs, w.Numbers, w.Vault, w.App.Log).Cache
	if _, err := cache.Promotions(w.Ctx(), "main"); !errors.Is(err, errGone) {
		t.Fatalf("the second page: %v", err)
	}
	index, err := cache.Promotions(w.Ctx(), "main")
	w.Must(err)
	if index.Len() != most {
		t.Errorf("%d of %d promotions", index.Len(), most)
	}
}
