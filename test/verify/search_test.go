package verify

import (
	"testing"

	"quan/internal/domain/coupon"
	"quan/internal/domain/pack"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

// named writes rows whose names have more than letters of ASCII, and calls one anew.
func named(t *testing.T, s store.Store) {
	t.Helper()
	one, two := testkit.Store("s1", "m1"), testkit.Store("ＳＴ-2", "m1")
	one.Name, two.Name = "南京路 NANJING Ä%_'", "Ünï 𠮷野家 a very long name of a shop that has more characters than a part"
	t1 := testkit.Template(1 << 40)
	t1.Code, t1.CustomerName = "SPRING", coupon.Names{"zh-CN": "新春礼券\"x\"", "en": "Spring Gift"}
	key := testkit.Key(1 << 41)
	key.SecretHash = "hash"
	write(t, s,
		func(tx store.Tx) error { return tx.Stores().Insert([]store.Place{one, two}) },
		func(tx store.Tx) error { return tx.Templates().Insert([]store.Template{t1}) },
		func(tx store.Tx) error { return tx.Keys().Insert([]store.Key{key}) },
		func(tx store.Tx) error {
			one.Name, one.Rev = "南京東路", 2
			return tx.Stores().Update([]store.Place{one})
		})
}

// write commits one after the other.
func write(t *testing.T, s store.Store, all ...func(store.Tx) error) {
	t.Helper()
	for _, one := range all {
		if err := s.Update(t.Context(), store.Admin, one); err != nil {
			t.Fatal(err)
		}
	}
}

// What was there before the search is found, and nothing that is not called so any more.
func TestMigrationFindsNames(t *testing.T) {
	refill{migration: "0024_search", undo: []string{"DROP TABLE name_parts"}, fill: named, least: 100, anew: true,
		read: "SELECT noun || ' ' || part || ' ' || key FROM name_parts"}.test(t, func(*testing.T, store.Store) {})
}

// given writes packs and bulk grants of several templates.
func given(t *testing.T, s store.Store) {
	t.Helper()
	one, two := testkit.Template(1<<40), testkit.Template(1<<40+1)
	parts := func(number id.ID, templates ...id.ID) store.Pack {
		p := store.Pack{ID: number, Market: "main", InternalName: "pack", Status: pack.StatusDraft, Rev: 1}
		for _, of := range templates {
			p.Parts = append(p.Parts, pack.Part{Template: of, Count: 2})
		}
		return p
	}
	grant := func(number id.ID, kind, args string) store.Job {
		return store.Job{ID: number, Kind: kind, Key: id.Format(id.Job, number), State: "paused", Priority: 2, MaxAttempts: 1, Args: args, Rev: 1}
	}
	write(t, s,
		func(tx store.Tx) error { return tx.Templates().Insert([]store.Template{one, two}) },
		func(tx store.Tx) error {
			return tx.Packs().Insert([]store.Pack{parts(1<<42, one.ID, two.ID, one.ID), parts(1<<42+1, two.ID)})
		},
		func(tx store.Tx) error {
			return tx.Jobs().Insert([]store.Job{grant(7, "grant", `{"templates":[1099511627776,1099511627777,1099511627776]}`), grant(8, "demo", "")})
		},
		func(tx store.Tx) error { return tx.Grants().Gives(7, []id.ID{one.ID, two.ID, one.ID}) })
}

// Packs and bulk grants from before are found by the templates that they give.
func TestMigrationFindsTools(t *testing.T) {
	refill{migration: "0026_tools", fill: given, least: 5, anew: true,
		undo: []string{"DROP INDEX placements_parent", "DROP INDEX code_batches_parent", "DROP INDEX packet_plans_parent", "DROP INDEX rollups_template",
			"DROP TABLE pack_parts", "DROP TABLE grant_templates"},
		read: "SELECT template || ' ' || pack FROM pack_parts UNION ALL SELECT CAST(template AS TEXT) || ' ' || CAST(job AS TEXT) FROM grant_templates"}.
		test(t, func(*testing.T, store.Store) {})
}
