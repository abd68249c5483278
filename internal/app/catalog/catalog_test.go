package catalog_test

import (
	"slices"
	"strings"
	"testing"

	"quan/internal/app/apptest"
	"quan/internal/app/catalog"
	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
	"quan/internal/store"
)

func use(w *apptest.World) *catalog.Catalog { return &catalog.Catalog{App: w.App} }

// wants fails unless err is a fault of this code ("" for none).
func wants(t *testing.T, what string, err error, code fault.Code) {
	t.Helper()
	if code == "" && err != nil || code != "" && !fault.Has(err, code) {
		t.Errorf("%s: got %v, want %q", what, err, code)
	}
}

// audited returns the actions in the audit log, oldest first.
func audited(w *apptest.World) []string {
	w.Helper()
	var actions []string
	w.Must(w.Store.View(w.Ctx(), func(tx store.Tx) error {
		rows, err := tx.Audit().List(store.AuditFilter{Limit: 1000})
		for _, r := range rows {
			actions = append(actions, r.Action)
		}
		return err
	}))
	return actions
}

func count(list []string, want string) (n int) {
	for _, v := range list {
		if v == want {
			n++
		}
	}
	return n
}

func limited(merchants ...string) access.Principal {
	p := access.System("limited")
	p.Scope.Merchants = merchants
	return p
}

func TestRevisions(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c, ctx, by := use(w), w.Ctx(), w.By
		put := func(name string, rev int64) (store.Merchant, bool, error) {
			return c.PutMerchant(ctx, by, catalog.PutMerchantInput{Code: "m1", Name: name, IfRev: rev})
		}
		_, _, err := put("one", 3)
		wants(t, "a change of nothing", err, fault.StaleRevision)
		row, created, err := put("one", 0)
		wants(t, "create", err, "")
		if !created || row.Rev != 1 || row.CreatedAt != w.Clock() {
			t.Errorf("created = %v, row = %+v", created, row)
		}
		_, _, err = put("two", 0)
		wants(t, "without a revision", err, fault.IfMatchMissing)
		_, _, err = put("two", 9)
		wants(t, "at another revision", err, fault.StaleRevision)
		row, created, err = put("two", 1)
		wants(t, "update", err, "")
		if created || row.Rev != 2 || row.Name != "two" {
			t.Errorf("updated = %v, row = %+v", !created, row)
		}
		row, _, err = put("two", 2)
		wants(t, "the same again", err, "")
		if row.Rev != 2 {
			t.Errorf("a put that changes nothing made revision %d, want 2", row.Rev)
		}
		_, err = c.ArchiveMerchant(ctx, by, "m1", 0)
		wants(t, "archive without a revision", err, fault.IfMatchMissing)
		row, err = c.ArchiveMerchant(ctx, by, "m1", 2)
		wants(t, "archive", err, "")
		if row.ArchivedAt == 0 || row.Rev != 3 {
			t.Errorf("archived = %+v", row)
		}
		_, err = c.ArchiveMerchant(ctx, by, "m1", 3)
		wants(t, "archive twice", err, fault.WrongState)
		_, _, err = put("three", 3)
		wants(t, "change an archived one", err, fault.WrongState)
		if got, err := c.GetMerchant(ctx, by, "m1"); err != nil || got.Name != "two" || got.ArchivedAt == 0 {
			t.Errorf("get = %+v, %v", got, err)
		}
		log := audited(w)
		for _, action := range []string{"merchant.create", "merchant.update", "merchant.archive"} {
			if n := count(log, action); n != 1 {
				t.Errorf("%d audit entries of %s, want 1 (all: %v)", n, action, log)
			}
		}
	})
}

func TestInput(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c, ctx, by := use(w), w.Ctx(), w.By
		policies := w.Market.Policies
		policies.LockTTLSeconds, policies.LatePayment = 59, "maybe"
		_, _, err := c.PutMarket(ctx, by, catalog.PutMarketInput{Code: "a b", Name: "x\x00", Currency: "cny", Zone: "Local", WeekStart: 7, Policies: &policies})
		f := fault.From(err)
		if f == nil {
			t.Fatalf("bad market: %v", err)
		}
		var at []string
		for _, one := range append([]*fault.Fault{f}, f.Also...) {
			at = append(at, one.Pointer)
		}
		want := "path:code /name /currency /zone /week_start /policies/lock_ttl_seconds /policies/late_payment"
		if got := strings.Join(at, " "); got != want {
			t.Errorf("pointers\n got %s\nwant %s", got, want)
		}
		for _, zone := range []string{"", "Local", "Mars/Olympus", "../etc/passwd"} {
			_, _, err := c.PutMarket(ctx, by, catalog.PutMarketInput{Code: "z", Name: "z", Currency: "JPY", Zone: zone})
			if f := fault.From(err); f == nil || f.Pointer != "/zone" {
				t.Errorf("zone %q: %v", zone, err)
			}
		}
		_, _, err = c.PutStore(ctx, by, catalog.PutStoreInput{Code: "s1", Name: "s", Merchant: "nobody"})
		wants(t, "store of nobody", err, fault.UnknownReference)
		_, _, err = c.PutItem(ctx, by, catalog.PutItemInput{SKU: "蔬菜-1", Name: "菜", Market: "mars", Merchant: "nobody"})
		if f := fault.From(err); f == nil || len(f.Also) != 1 || f.Code != fault.UnknownReference {
			t.Errorf("item of nowhere and nobody: %v", err)
		}
		_, err = c.GetItem(ctx, by, "a\x00b")
		wants(t, "a key that can't exist", err, fault.Absent)
		_, err = c.GetItem(ctx, by, "a\xffb")
		wants(t, "a key that is no text", err, fault.Absent)
		_, err = c.ListItems(ctx, by, store.Filter{Market: "\x00"})
		wants(t, "a filter that is no text", err, fault.InvalidValue)
		_, _, err = c.PutMerchant(ctx, access.Principal{}, catalog.PutMerchantInput{Code: "m", Name: "m"})
		wants(t, "without permission", err, fault.PermissionDeny)
	})
}

func TestMarketCurrencyIsFixedByTemplates(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c, ctx, by := use(w), w.Ctx(), w.By
		in := catalog.PutMarketInput{Code: "hk", Name: "HK", Currency: "HKD", Zone: "Asia/Hong_Kong"}
		_, _, err := c.PutMarket(ctx, by, in)
		wants(t, "create", err, "")
		in.Currency, in.IfRev = "USD", 1
		_, _, err = c.PutMarket(ctx, by, in)
		wants(t, "an unused market", err, "")
		makeTemplate(t, w, func(in *catalog.CreateTemplateInput) { in.Market = "hk" })
		in.Currency, in.IfRev = "HKD", 2
		_, _, err = c.PutMarket(ctx, by, in)
		wants(t, "a market in use", err, fault.WrongState)
		in.Currency, in.Name = "USD", "Hong Kong"
		row, _, err := c.PutMarket(ctx, by, in)
		wants(t, "another name", err, "")
		if row.Policies != w.Market.Policies {
			t.Errorf("policies = %+v, want the defaults", row.Policies)
		}
		_, _, err = c.PutMarket(ctx, limited("m1"), in)
		wants(t, "by a limited principal", err, fault.PermissionDeny)
	})
}

func TestScope(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c, ctx, by, one := use(w), w.Ctx(), w.By, limited("m1")
		for _, m := range []string{"m1", "m2"} {
			_, _, err := c.PutMerchant(ctx, by, catalog.PutMerchantInput{Code: m, Name: m})
			wants(t, "merchant", err, "")
			_, _, err = c.PutStore(ctx, by, catalog.PutStoreInput{Code: "s-" + m, Name: m, Merchant: m})
			wants(t, "store", err, "")
			_, _, err = c.PutItem(ctx, by, catalog.PutItemInput{SKU: "i-" + m, Name: m, Merchant: m, Market: "main"})
			wants(t, "item", err, "")
		}
		_, err := c.GetMerchant(ctx, one, "m2")
		wants(t, "a foreign merchant", err, fault.Absent)
		_, _, err = c.PutMerchant(ctx, one, catalog.PutMerchantInput{Code: "m2", Name: "mine", IfRev: 1})
		wants(t, "change a foreign merchant", err, fault.Absent)
		_, _, err = c.PutMerchant(ctx, one, catalog.PutMerchantInput{Code: "m3", Name: "new"})
		wants(t, "make a merchant", err, fault.Absent)
		_, err = c.GetStore(ctx, one, "s-m2")
		wants(t, "a foreign store", err, fault.Absent)
		_, _, err = c.PutStore(ctx, one, catalog.PutStoreInput{Code: "s9", Name: "s9", Merchant: "m2"})
		wants(t, "make a store of a foreign merchant", err, fault.Absent)
		_, err = c.ArchiveItem(ctx, one, "i-m2", 1)
		wants(t, "archive a foreign item", err, fault.Absent)
		_, err = c.PutItems(ctx, one, []catalog.PutItemInput{{SKU: "new", Name: "n", Merchant: "m1", Market: "main"}, {SKU: "i-m2", Name: "n", Merchant: "m1", Market: "main"}}, false)
		wants(t, "a feed over a foreign item", err, fault.Absent)
		_, err = c.GetItem(ctx, by, "new")
		wants(t, "the feed's own item was not written", err, fault.Absent)
		stores, err := c.ListStores(ctx, one, store.Filter{})
		if err != nil || len(stores) != 1 || stores[0].Code != "s-m1" {
			t.Errorf("stores = %v, %v", stores, err)
		}
		items, err := c.ListItems(ctx, one, store.Filter{})
		if err != nil || len(items) != 1 || items[0].SKU != "i-m1" {
			t.Errorf("items = %v, %v", items, err)
		}
	})
}

func TestFeed(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c, ctx, by := use(w), w.Ctx(), w.By
		feed := make([]catalog.PutItemInput, catalog.MostFed)
		for i := range feed {
			feed[i] = catalog.PutItemInput{SKU: "sku-" + strings.Repeat("0", i/100) + string(rune('A'+i%26)) + string(rune('a'+i/26)), Name: "n", PriceMinor: int64(i), Market: "main"}
		}
		run := func(want catalog.Fed) {
			t.Helper()
			got, err := c.PutItems(ctx, by, feed, false)
			if err != nil || got != want {
				t.Errorf("feed = %+v, %v, want %+v", got, err, want)
			}
		}
		if got, err := c.PutItems(ctx, by, feed, true); err != nil || got != (catalog.Fed{Created: catalog.MostFed}) {
			t.Fatalf("tried: %+v, %v", got, err)
		}
		run(catalog.Fed{Created: catalog.MostFed}) // so the trial wrote nothing
		run(catalog.Fed{Unchanged: catalog.MostFed})
		feed[3].PriceMinor, feed[400].Name = 77777, "other"
		run(catalog.Fed{Updated: 2, Unchanged: catalog.MostFed - 2})
		if got, _ := c.GetItem(ctx, by, feed[3].SKU); got.PriceMinor != 77777 || got.Rev != 2 {
			t.Errorf("item = %+v", got)
		}
		feed[0].Name, feed[499].Market = "changed", "mars"
		if _, err := c.PutItems(ctx, by, feed, false); err == nil || fault.From(err).Pointer != "/items/499/market" {
			t.Errorf("feed with an unknown market: %v", err)
		}
		if got, _ := c.GetItem(ctx, by, feed[0].SKU); got.Name != "n" {
			t.Errorf("a refused feed wrote %+v", got)
		}
		feed[499] = feed[0]
		_, err := c.PutItems(ctx, by, feed, false)
		wants(t, "one SKU twice", err, fault.DuplicateValue)
		_, err = c.PutItems(ctx, by, slices.Concat(feed, feed[1:2]), false)
		wants(t, "too many", err, fault.TooLong)
		if n := count(audited(w), "item.update"); n != 2 {
			t.Errorf("%d audit entries of item.update, want 2", n)
		}
	})
}
