package verify

import (
	"context"
	"database/sql"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"quan/internal/app/checkout"
	"quan/internal/domain/coupon"
	"quan/internal/domain/redemption"
	"quan/internal/store"
	"quan/internal/store/postgres"
	"quan/internal/store/postgres/pgtest"
	"quan/internal/store/sqlite"
	"quan/internal/store/sqlite/sqlitetest"
	"quan/internal/testkit"
)

// before0002 takes a filled schema back to what it was before migration 0002.
var before0002 = []string{
	"ALTER TABLE coupons DROP COLUMN last_used_at",
	"ALTER TABLE order_lines DROP COLUMN no_coupons", "ALTER TABLE order_lines DROP COLUMN shipping",
	"ALTER TABLE redemptions DROP COLUMN gift_quantity", "ALTER TABLE redemptions DROP COLUMN benefit_unit",
	"ALTER TABLE redemptions DROP COLUMN benefit_value",
}

// gift is a coupon of two gifts.
func gift() coupon.Doc {
	doc := testkit.Doc()
	t := &doc.Terms
	t.Kind, t.AmountMinor, t.ThresholdMinor, t.ThresholdBase = coupon.KindGift, 0, 0, ""
	t.Gift = &coupon.Gift{SKU: "mug", Quantity: 2, ValueMinor: 900}
	return doc
}

// lived is a history with a gift handed over and one of two uses given back.
func lived(t *testing.T, s store.Store) *history {
	h := live(t, s)
	h.redeem("gift", h.claim(4, h.Publish(gift()), 0))
	twice := h.claim(3, h.Publish(twice()), 0)
	h.redeem("earlier", twice)
	h.Time.Advance(1)
	h.redeem("later", twice)
	h.refund("later", "r later")
	shop := h.basis("in a shop", h.claim(5, h.Publish(limited()), 0))
	shop.Cart.Store = "s1"
	out, err := h.Checkout.Redeem(h.Ctx(), h.By, []checkout.RedeemInput{{Basis: shop}})
	h.Must(err)
	h.Must(out[0].Err)
	h.refund("in a shop", "r shop", redemption.RefundLine{Line: 0, Quantity: 1})
	h.Time.Advance(24 * time.Hour)
	h.refund("in a shop", "r shop again", redemption.RefundLine{Line: 0, Quantity: 1})
	return h
}

// knows sees that the rows made before the migration say what it added.
func knows(t *testing.T, h *history, s store.Store) {
	t.Helper()
	if broken, details := verify(t, s, h.Clock()); broken != "" {
		t.Errorf("after the migration %s:\n%s", broken, details)
	}
	h.Must(s.View(t.Context(), func(tx store.Tx) error {
		rows, err := tx.Redemptions().List(0, 100)
		gifts := int64(0)
		for _, r := range rows {
			gifts += r.GiftQuantity
		}
		if gifts != 2 || len(rows) < 5 {
			t.Errorf("%d gifts handed over in %d uses, want 2", gifts, len(rows))
		}
		return err
	}))
	h.World = h.Restarted(s, 2) // its caches would ask the store that is closed
	c := &checkout.Checkout{App: h.App}
	out, err := c.Refund(t.Context(), h.By, []checkout.RefundInput{{Basis: h.basis("gift"), Ref: "r gift", Full: true, GiftsKept: true}})
	h.Must(err)
	h.Must(out[0].Err)
	if out[0].Refund.ChargeMinor != 1800 {
		t.Errorf("two mugs kept are charged %d", out[0].Refund.ChargeMinor)
	}
}

// before0017 takes a filled schema back to what it was before migration 0017: no cube
// of stores, and deltas that know none. What a drop of columns can't do of a key is a
// copy.
var before0017 = []string{
	"DROP TABLE rollups_by_store", "DROP TABLE cell_returns", "DROP INDEX redemptions_day", "DROP INDEX redemptions_returned",
	"CREATE TABLE before AS SELECT " + oldCells + " FROM rollup_deltas GROUP BY day, template, placement, market, form, channel, city",
	"DROP TABLE rollup_deltas",
	"CREATE TABLE rollup_deltas AS SELECT * FROM before", "DROP TABLE before",
	"ALTER TABLE rollup_deltas ADD CONSTRAINT rollup_deltas_pkey PRIMARY KEY (day, template, placement, market, form, channel, city, id, slot)",
}

const oldCells = "day, template, placement, market, form, channel, city, CAST(0 AS BIGINT) AS id, CAST(0 AS BIGINT) AS slot, CAST(SUM(issued) AS BIGINT) AS issued, CAST(SUM(redeemed) AS BIGINT) AS redeemed," +
	" CAST(SUM(coupons_used) AS BIGINT) AS coupons_used, CAST(SUM(returned) AS BIGINT) AS returned, CAST(SUM(expired) AS BIGINT) AS expired, CAST(SUM(withdrawn) AS BIGINT) AS withdrawn," +
	" CAST(SUM(orders) AS BIGINT) AS orders, CAST(SUM(list_minor) AS BIGINT) AS list_minor, CAST(SUM(discount_minor) AS BIGINT) AS discount_minor, CAST(SUM(paid_minor) AS BIGINT) AS paid_minor," +
	" CAST(SUM(refunded_minor) AS BIGINT) AS refunded_minor, CAST(SUM(returned_minor) AS BIGINT) AS returned_minor"

// migration are the statements of a migration of an engine.
func migration(t *testing.T, engine, name string) []string {
	t.Helper()
	text, err := os.ReadFile("../../internal/store/" + engine + "/migrations/" + name + ".sql")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(strings.TrimSpace(string(text)), ";"), ";\n")
}

// Rows of an older schema are filled by the migration that changed it, and all
// invariants hold.
func TestMigrationsFillRowsFromBefore(t *testing.T) {
	for name, before := range map[string][]string{"0002_kinds": before0002, "0017_reports": before0017} {
		t.Run(name+"/sqlite", func(t *testing.T) {
			path := sqlitetest.File(t)
			s, err := sqlite.Open(t.Context(), path, sqlite.Options{SkipMigrate: true, Volatile: true})
			if err != nil {
				t.Fatal(err)
			}
			h := lived(t, s)
			h.Must(s.Close())
			db, err := sql.Open("sqlite", "file:"+path)
			h.Must(err)
			for _, text := range slices.Concat(before, migration(t, "sqlite", name)) {
				if strings.HasPrefix(text, "ALTER TABLE rollup_deltas ADD CONSTRAINT") {
					continue // this engine can't, and the migration needs none
				}
				if _, err := db.Exec(text); err != nil {
					t.Fatalf("%s: %v", text, err)
				}
			}
			h.Must(db.Close())
			knows(t, h, sqlitetest.OpenAt(t, path, sqlite.Options{SkipMigrate: true, Volatile: true}))
		})
		t.Run(name+"/postgres", func(t *testing.T) {
			dsn := pgtest.DSN(t)
			s, err := postgres.Open(t.Context(), dsn, postgres.Options{})
			if err != nil {
				t.Fatal(err)
			}
			h := lived(t, s)
			h.Must(s.Close())
			c, err := pgx.Connect(t.Context(), dsn)
			h.Must(err)
			defer c.Close(context.Background())
			for _, text := range slices.Concat(before, migration(t, "postgres", name)) {
				if _, err := c.Exec(t.Context(), text); err != nil {
					t.Fatalf("%s: %v", text, err)
				}
			}
			knows(t, h, pgtest.OpenDSN(t, dsn))
		})
	}
}
