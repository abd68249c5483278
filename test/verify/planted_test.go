package verify

import (
	"context"
	"database/sql"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"quan/internal/kernel/calendar"
	"quan/internal/store"
	"quan/internal/store/postgres/pgtest"
	"quan/internal/store/sqlite"
	"quan/internal/store/sqlite/sqlitetest"
)

// plant is one violation: raw SQL, the invariants that it breaks, and a word that
// the detail of one finding must hold.
type plant struct {
	name  string
	sql   string
	want  string // invariants, sorted, with a space between them
	says  string
	later bool // the verification is two days after the rows were made
}

const lastChange = "WHERE aggregate IN (SELECT id FROM coupons WHERE state = 5) AND seq = 2"

var plants = []plant{
	{name: "more issued than a cap", sql: `UPDATE template_versions SET doc = replace(doc, '"cap":101}', '"cap":2}')`, want: "stock-1", says: "cap 2"},
	{name: "more issued in a month than a cap", sql: `UPDATE template_versions SET doc = replace(doc, '"cap":102}', '"cap":3}')`, want: "stock-1", says: "month from 20260301"},
	{name: "more of a placement than a cap", sql: `UPDATE template_versions SET doc = replace(doc, '"cap":104}', '"cap":0}')`, want: "stock-1", says: "per placement plc_"},
	{name: "more of a member than a cap", sql: `UPDATE template_versions SET doc = replace(doc, '"cap":5}', '"cap":0}')`, want: "limit-1", says: "per member mem_"},
	{name: "more liability than a cap", sql: `UPDATE template_versions SET doc = replace(doc, '"cap":100103}', '"cap":9}')`, want: "money-1", says: "issue_amount"},
	{name: "more discount than a cap", sql: `UPDATE template_versions SET doc = replace(doc, '"cap":100107}', '"cap":9}')`, want: "money-1", says: "redeem_amount"},
	{name: "over-use of an issue counter", sql: "UPDATE counters SET over_use = 1 WHERE what = 4 AND per = 3 AND period = 4", want: "money-1", says: "over 1"},
	{name: "stock counted twice", sql: "UPDATE counters SET taken = taken + 1 WHERE what = 4 AND per = 3 AND period = 4", want: "stock-2", says: "counter"},
	{name: "placement's count lost", sql: "DELETE FROM counters WHERE per = 2 AND period = 4 AND what = 4", want: "stock-2", says: "counter 0, facts 2"},
	{name: "liability lost", sql: "UPDATE counters SET taken = taken - 500 WHERE what = 3 AND per = 3", want: "stock-2", says: "issue_amount per template"},
	{name: "discount given back without a return", sql: "UPDATE counters SET taken = taken - 1 WHERE what = 1 AND per = 3", want: "stock-2", says: "redeem_amount per template"},
	{name: "discount counted in another month", sql: "UPDATE counters SET start = 20260201 WHERE what = 1 AND per = 3", want: "stock-2", says: "month from 20260301"},
	{name: "member's week lost", sql: "UPDATE counters SET taken = 0 WHERE per = 1 AND what = 4 AND period = 2", want: "limit-1", says: "week"},
	{name: "member's use counted twice", sql: "UPDATE counters SET taken = taken + 1 WHERE per = 1 AND what = 2", want: "limit-1", says: "redeem_count"},
	{name: "member's use on another day", sql: "UPDATE counters SET start = start - 10000 WHERE per = 1 AND what = 2 AND taken = 1", want: "limit-1", says: "day from 2026030"},
	{name: "facts lost", sql: "UPDATE coupons SET facts = '{}' WHERE state = 2", want: "claim-1", says: "{}"},
	{name: "version that never was", sql: "UPDATE coupons SET version = 9 WHERE state = 4", want: "claim-1", says: "version 9"},
	{name: "two newcomer issues", sql: "UPDATE coupons SET newcomer = 1 WHERE member IN (SELECT member FROM coupons WHERE newcomer = 1)", want: "claim-1", says: "beside the live cpn_"},
	{name: "use of another member", sql: "UPDATE redemptions SET member = 7 WHERE version = 1 AND template IN (SELECT template FROM template_versions WHERE doc LIKE '%percent_off%')",
		want: "coupon-1", says: "differs from its coupon"},
	{name: "use not counted", sql: "UPDATE coupons SET used = 0, state = 1, ended_day = 0 WHERE state = 3 AND template IN (SELECT template FROM template_versions WHERE doc LIKE '%allow_zero%')",
		want: "coupon-1 coupon-3", says: "used 0 of 1"},
	{name: "use number skipped", sql: "UPDATE coupons SET next_use = next_use + 1 WHERE state = 2", want: "coupon-1", says: "next use 2"},
	{name: "usable, but of a lock", sql: "UPDATE coupons SET lock_id = 5 WHERE state = 4", want: "coupon-2", says: "not locked"},
	{name: "lock forgets its coupon", sql: "UPDATE locks SET coupons = '' WHERE state = 1", want: "coupon-2", says: "does not name it"},
	{name: "lock names a coupon more", sql: "UPDATE locks SET coupons = coupons || ',7' WHERE state = 1", want: "coupon-2", says: "does not hold"},
	{name: "state without a change", sql: "UPDATE changes SET type = 'coupon.expired.v1' " + lastChange, want: "coupon-3", says: "state 5"},
	{name: "step that the table does not have", sql: "UPDATE changes SET type = 'coupon.locked.v1' WHERE seq = 1 AND kind = 'cpn' AND aggregate IN (SELECT id FROM coupons WHERE state = 5)",
		want: "coupon-3", says: "is coupon.locked.v1 after nothing"},
	{name: "used before its time", sql: "UPDATE redemptions SET at = 1", want: "coupon-4", says: "used at 1"},
	{name: "ended without an end", sql: "UPDATE coupons SET ended_day = 0 WHERE state = 3", want: "coupon-4", says: "state 3"},
	{name: "lock that nobody ends", sql: "UPDATE locks SET expires_at = ((id >> 31) + 1577836800) * 1000 + 1000 WHERE state = 1", want: "stock-3", says: "and stands", later: true},
	{name: "coupon that nobody ends", sql: "UPDATE coupons SET valid_to = ((id >> 31) + 1577836800) * 1000 + 1000 WHERE state = 1 AND used = 0 AND newcomer = 1", want: "stock-3", says: "and stands", later: true},
	{name: "lock resolved twice", sql: "UPDATE locks SET rev = 3 WHERE state = 3", want: "coupon-5", says: "revision 3"},
	{name: "released after its end", sql: "UPDATE locks SET resolved_at = expires_at WHERE state = 3", want: "coupon-5", says: "due at"},
	{name: "redeemed lock without a use", sql: "UPDATE locks SET state = 2 WHERE state = 3", want: "coupon-5", says: "redemptions of its order are 0"},
	{name: "price changed after the sale", sql: "UPDATE order_lines SET unit_minor = unit_minor + 1 WHERE sku = 'soap'", want: "money-2", says: "778"},
	{name: "paid changed", sql: "UPDATE orders SET paid_minor = paid_minor + 1 WHERE ref = 'for nothing'", want: "money-2 stats-1", says: "paid_minor -1"},
	{name: "nothing left to pay", sql: `UPDATE template_versions SET doc = replace(doc, '"allow_zero":true', '"allow_zero":false')`, want: "money-2", says: "nothing is left"},
	{name: "more discount than the market's cap", sql: `UPDATE markets SET doc = replace(doc, '"late_payment":"honour"', '"late_payment":"honour","max_discount_minor":499')`, want: "money-2", says: "at most 499"},
	{name: "more discount than the market's share", sql: `UPDATE markets SET doc = replace(doc, '"late_payment":"honour"', '"late_payment":"honour","max_discount_bps":1000')`, want: "money-2", says: "1000 bps"},
	{name: "more coupons than the market's most", sql: `UPDATE markets SET doc = replace(doc, '"max_coupons_order":5', '"max_coupons_order":1')`, want: "money-6", says: "coupons 2, at most 1"},
	{name: "two of one group", sql: `UPDATE template_versions SET doc = replace(doc, '"group":"soap"', '"group":"default"')`, want: "money-6", says: "of group default beside"},
	{name: "one that excludes the other", sql: `UPDATE template_versions SET doc = replace(doc, '"excludes":["nothing"]', '"excludes":["x","default"]')`, want: "money-6", says: "of group soap"},
	{name: "funder's cell short", sql: "UPDATE redemption_cells SET minor = minor - 1 WHERE returned_minor = 0", want: "money-3", says: "cells"},
	{name: "cell on another line", sql: "UPDATE redemption_cells SET line = 9 WHERE cell = 0 AND returned_minor = 0", want: "money-3", says: "line 9"},
	{name: "line's discount short", sql: "UPDATE order_lines SET discount_minor = discount_minor - 1 WHERE discount_minor > 0 AND refunded_quantity = 0", want: "money-3", says: "coupons"},
	{name: "cell of a use that never was", sql: "INSERT INTO redemption_cells (redemption, cell, slot, line, funder_kind, funder_code, minor, returned_minor) VALUES (77, 0, 0, 0, 'brand', 'x', 5, 0)",
		want: "money-3", says: "redemption_cells belongs to nothing"},
	{name: "refund's lines short", sql: "UPDATE refund_lines SET minor = minor - 1 WHERE minor > 0", want: "money-4", says: "refund of"},
	{name: "share given back without a refund", sql: "UPDATE redemption_cells SET returned_minor = 1 WHERE returned_minor = 0 AND minor > 1 AND redemption IN (SELECT id FROM redemptions WHERE ref = 'more')",
		want: "money-4", says: "given back 1 for 0 of"},
	{name: "return of a cell too high", sql: "UPDATE cell_returns SET minor = minor + 1", want: "money-4 stats-1", says: "refunds of it"},
	{name: "return of a cell on another day", sql: "UPDATE cell_returns SET day = day + 1", want: "money-4", says: "refunds of it 0"},
	{name: "return of a cell that never was", sql: "INSERT INTO cell_returns (redemption, refund, cell, slot, day, minor) VALUES (77, 1, 0, 0, 20260301, 5)", want: "money-3", says: "cell_returns belongs to nothing"},
	{name: "order forgets a refund", sql: "UPDATE orders SET refunded_minor = 0 WHERE refunded_minor > 0", want: "money-4", says: "refunded 0"},
	{name: "return said twice", sql: "INSERT INTO changes SELECT aggregate, seq + 1, slot, kind, type, at, actor, facts, delivered FROM changes WHERE type = 'coupon.returned.v1'",
		want: "coupon-3 money-5 proto-2", says: "changes that say so 2"},
	{name: "return without a day", sql: "UPDATE redemptions SET returned_day = 0", want: "money-5 stats-1", says: "on 0"},
	{name: "reply to nothing", sql: "UPDATE replies SET answer = 'cpn_0000000000001'", want: "proto-1", says: "names no row"},
	{name: "one request, several acts", sql: "UPDATE coupons SET request_key = 7", want: "proto-1", says: "one request made"},
	{name: "history lost", sql: "DELETE FROM changes WHERE kind = 'ord' AND aggregate IN (SELECT id FROM orders WHERE member = 0)", want: "proto-2", says: "revision 1, changes 0"},
	{name: "history of nothing", sql: "UPDATE changes SET aggregate = 77 WHERE kind = 'ord' AND aggregate IN (SELECT id FROM orders WHERE member = 0)", want: "proto-2", says: "revision 0, changes 1"},
	{name: "event passed over", sql: "UPDATE changes SET delivered = CASE seq WHEN 1 THEN 0 ELSE 5 END WHERE kind = 'cpn'", want: "proto-2", says: "passed over"},
	{name: "event waits", sql: "UPDATE changes SET at = ((aggregate >> 31) + 1577836800) * 1000 WHERE delivered = 0", want: "proto-2", says: "waits since", later: true},
	{name: "refund's number lost", sql: "DELETE FROM outside_ids WHERE kind = 'refund'", want: "proto-3", says: "refund shop r1"},
	{name: "order's number to nothing", sql: "UPDATE outside_ids SET target = 1 WHERE kind = 'order' AND ref LIKE 'a guest%'", want: "proto-3", says: "names no row"},
	{name: "active lock that no order names", sql: "UPDATE outside_ids SET target = (SELECT MIN(id) FROM locks WHERE state <> 1) WHERE kind = 'lock' AND ref = 'waiting'", want: "proto-3", says: "is active"},
	{name: "lock's order to nothing", sql: "UPDATE outside_ids SET target = 1 WHERE kind = 'lock' AND ref = 'let go'", want: "proto-3", says: "lock shop let go names no row"},
	{name: "refund's number to nothing", sql: "UPDATE outside_ids SET target = 1 WHERE kind = 'refund'", want: "proto-3", says: "refund shop r2 names no row"},
	{name: "slip to nothing", sql: "UPDATE outside_ids SET target = 1 WHERE kind = 'slip'", want: "proto-3", says: "slip file 1"},
	{name: "delta counted twice", sql: "UPDATE rollup_deltas SET issued = issued + 1 WHERE issued > 0", want: "stats-1", says: "issued 1"},
	{name: "rollup lost", sql: "DELETE FROM rollups", want: "stats-1", says: "orders -"},
	{name: "rollup of the stores lost", sql: "DELETE FROM rollups_by_store", want: "stats-1", says: "orders -"},
	{name: "use at another store", sql: "UPDATE rollup_deltas SET store = 'elsewhere' WHERE redeemed > 0", want: "stats-1", says: "elsewhere"},
	{name: "refund not in the figures", sql: "UPDATE rollups SET refunded_minor = 0", want: "stats-1", says: "refunded_minor -"},
	{name: "share not in the figures", sql: "UPDATE rollup_deltas SET returned_minor = 0", want: "stats-1", says: "returned_minor stored 0"},
	{name: "list of another size", sql: "INSERT INTO list_sizes (list, total) VALUES ('vip', 1)", want: "list-1", says: "list vip says 1, has 0"},
	{name: "nobody in a list of nothing", sql: "INSERT INTO member_lists (list, member, slot) VALUES ('none', 7, 0)", want: "list-1", says: "in list none"},
	{name: "code used twice", sql: "INSERT INTO code_uses (batch, number, slot, template, member, coupon, at) SELECT batch, number, slot + 1, template, member, coupon, at FROM code_uses WHERE number = 2",
		want: "code-1 stock-2", says: "is used 2 times"},
	{name: "use of a code lost", sql: "DELETE FROM code_uses WHERE number = 2", want: "code-1 stock-2", says: "uses of codes 0"},
	{name: "code that the batch has not", sql: "UPDATE code_uses SET number = 77 WHERE number = 2", want: "code-1", says: "numbers 1 to 77"},
	{name: "more uses than a batch has codes", sql: "UPDATE code_sizes SET total = 1 WHERE total = 3", want: "code-1", says: "size 1, used 2"},
	{name: "code's coupon of another member", sql: "UPDATE code_uses SET member = 7 WHERE number = 2", want: "code-1", says: "uses of codes 0"},
	{name: "uses of codes counted twice", sql: "UPDATE counters SET taken = taken + 1 WHERE per = 4", want: "stock-2", says: "per code cbt_"},
	{name: "pool of another size", sql: "INSERT INTO code_pool (hash, slot, batch, number) SELECT 'x', 0, batch, 3 FROM code_pool WHERE number = 1", want: "code-1", says: "codes in the pool 3"},
	{name: "agent's act not counted", sql: "UPDATE counters SET taken = taken - 1 WHERE what = 11 AND per = 12", want: "desk-1", says: "counter 0, acts 1"},
	{name: "desk's acts counted twice", sql: "UPDATE counters SET taken = taken + 1 WHERE what = 11 AND per = 3", want: "desk-1", says: "counter 2, acts 1"},
	{name: "given again for nothing", sql: "UPDATE desk_acts SET coupon = 7 WHERE kind = 1", want: "desk-1", says: "given again, and yet state 0"},
	{name: "given again by nobody", sql: "DELETE FROM desk_acts WHERE kind = 1", want: "desk-1", says: "acts 0"},
	{name: "compensated with nothing", sql: "INSERT INTO desk_acts SELECT member, at, id + 1, slot, 3, market, agent, desk, agent_number, day, 0, 7, from_at, to_at, reason FROM desk_acts", want: "desk-1", says: "does not exist"},
	{name: "nobody has a tag", sql: "INSERT INTO member_tags (tag, member, slot) VALUES ('x', 7, 0)", want: "tag-1", says: "tag x: of the member 0, found 1"},
	{name: "coupon of a pack lost", sql: "UPDATE coupons SET origin = 7 WHERE id IN (SELECT MIN(coupon) FROM pack_coupons)", want: "pack-1 proto-1", says: "coupons of this origin 1"},
	{name: "coupon of no pack", sql: "UPDATE pack_coupons SET pack = 7", want: "pack-1", says: "no pack was given"},
	{name: "pack that misses nothing", sql: "UPDATE pack_issues SET missing = ''", want: "pack-1", says: "wanted 2, given 1"},
	{name: "packs counted twice", sql: "UPDATE counters SET taken = taken + 1 WHERE what = 5 AND per = 3", want: "pack-1", says: "counter 2, packs given 1"},
	{name: "member's packs counted twice", sql: "UPDATE counters SET taken = taken + 1 WHERE what = 5 AND per = 1", want: "pack-1", says: "counter 2, packs given 1"},
	{name: "pack of another day", sql: "UPDATE pack_issues SET day = 20200101", want: "pack-1", says: "counter 1, packs given 0"},
	{name: "budget counted twice", sql: "UPDATE counters SET taken = taken + 1 WHERE per = 10 AND what = 9", want: "limit-2", says: "liability per campaign"},
	{name: "use of the last hours lost", sql: "UPDATE counters SET taken = 0 WHERE period = 7", want: "limit-2", says: "a rolling"},
	{name: "funder's share lost", sql: "UPDATE counters SET taken = 0 WHERE per = 9", want: "limit-2", says: "per funder"},
	{name: "budget's entries lost", sql: "DELETE FROM limit_entries WHERE what = 9", want: "limit-2", says: "entries 0"},
	{name: "reserve of another amount", sql: "UPDATE limit_entries SET amount = amount + 1 WHERE what = 9", want: "limit-2", says: "reserved"},
	{name: "entry of a use that was given back", sql: "UPDATE limit_entries SET amount = 1 WHERE what = 2", want: "limit-2", says: "returned 17"},
	{name: "coupon that holds two", sql: "UPDATE limit_entries SET amount = 2 WHERE what = 4", want: "limit-2", says: "holds 2"},
	{name: "entry of nothing", sql: "UPDATE limit_entries SET fact = fact + 1 WHERE what = 4", want: "limit-2", says: "of nothing"},
	{name: "more of a batch than it ever had", sql: `UPDATE stock_batches SET doc = replace(doc, '"most":3', '"most":1')`, want: "stock-1", says: "taken 2, largest size 1"},
	{name: "coupon of a batch not counted", sql: "UPDATE counters SET taken = taken - 1 WHERE per = 11 AND what = 4", want: "stock-2", says: "counter 1, coupons 2"},
	{name: "coupon forgets its batch", sql: "UPDATE coupons SET batch = 0 WHERE id = (SELECT MIN(id) FROM coupons WHERE batch <> 0)", want: "money-1 stock-2", says: "counter 2, coupons 1"},
	{name: "budget of a batch given back", sql: "UPDATE counters SET taken = 0 WHERE per = 11 AND what = 3", want: "money-1", says: "liability of its coupons 1000"},
	{name: "coupon of a batch of another template", sql: "UPDATE stock_batches SET parent = 'tpl_0000000000001'", want: "stock-2", says: "none of its template: btc_"},
	{name: "share of another amount", sql: "UPDATE packet_shares SET amount_minor = amount_minor + 1 WHERE number = 2", want: "packet-1", says: "shares 1"},
	{name: "share lost", sql: "DELETE FROM packet_shares WHERE number = 1", want: "packet-1", says: "numbers to 2"},
	{name: "rest given back twice", sql: "UPDATE packets SET returned_minor = returned_minor + 1 WHERE closed_at <> 0", want: "packet-1", says: "budget holds"},
	{name: "shares counted twice", sql: "UPDATE counters SET taken = taken + 1 WHERE what = 8", want: "packet-1", says: "counter 3, shares opened 2"},
	{name: "packets counted twice", sql: "UPDATE counters SET taken = taken + 1 WHERE what = 7", want: "packet-1", says: "counter 2, packets 1"},
	{name: "coupon of another amount", sql: "UPDATE coupons SET face_minor = 9 WHERE form = 'packet'", want: "money-1 packet-1", says: "amount of its own 9"},
	{name: "packet that nobody tells of", sql: "DELETE FROM changes WHERE type = 'packet.closed.v1'", want: "proto-2", says: "revision 2, changes 1"},
	{name: "packet's order lost", sql: "DELETE FROM outside_ids WHERE kind = 'packet'", want: "proto-3", says: "packet of order shop paid by lock"},
	{name: "packet's order to nothing", sql: "UPDATE outside_ids SET target = 1 WHERE kind = 'packet'", want: "proto-3", says: "names no row"},
	{name: "readable phone", sql: "UPDATE identities SET sealed = '+86 13800000000'", want: "priv-1", says: "readable"},
	{name: "name that nobody finds", sql: "DELETE FROM name_parts WHERE noun = 'templates'", want: "search-1", says: "is not found by"},
	{name: "name that it has no more", sql: "UPDATE name_parts SET part = part || 'x' WHERE noun = 'markets' AND part = 'n'", want: "search-1", says: "is found by nx, which it is not called"},
	{name: "name of nothing", sql: "INSERT INTO name_parts (noun, part, key) VALUES ('stores', 'gone', 'gone')", want: "search-1", says: "stores gone is found by gone"},
	{name: "name of no noun", sql: "INSERT INTO name_parts (noun, part, key) VALUES ('ghosts', 'boo', 'main')", want: "search-1", says: "ghosts main is found by boo"},
	{name: "pack that its template does not find", sql: "DELETE FROM pack_parts", want: "search-1", says: "is not noted"},
	{name: "part that a pack does not have", sql: "INSERT INTO pack_parts (template, pack) SELECT 'tpl_x', key FROM packs", want: "search-1", says: "part tpl_x of pack pck_"},
	{name: "grant that its template does not find", sql: "DELETE FROM grant_templates", want: "search-1", says: "of bulk grant"},
	{name: "template that a grant does not give", sql: "INSERT INTO grant_templates (template, job) VALUES (7, 8)", want: "search-1", says: "template 7 of bulk grant 8 is noted, but not so"},
}

// engine is a store with a raw connection beside it.
type engine struct {
	store store.Store
	exec  func(sql string) error
}

func onBoth(t *testing.T, test func(t *testing.T, e engine)) {
	t.Run("sqlite", func(t *testing.T) {
		path := sqlitetest.File(t)
		db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		test(t, engine{sqlitetest.OpenAt(t, path, sqlite.Options{SkipMigrate: true, Volatile: true}),
			func(text string) error { _, err := db.Exec(text); return err }})
	})
	t.Run("postgres", func(t *testing.T) {
		dsn := pgtest.DSN(t)
		c, err := pgx.Connect(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close(context.Background()) })
		test(t, engine{pgtest.OpenDSN(t, dsn), func(text string) error { _, err := c.Exec(context.Background(), text); return err }})
	})
}

// verify returns the violated invariants, sorted, and all details.
func verify(t *testing.T, s store.Store, now calendar.Instant) (invariants, details string) {
	t.Helper()
	var broken, said []string
	err := s.Snapshot(t.Context(), func(tx store.Tx) error {
		for _, name := range tx.Checks().Names() {
			found, err := tx.Checks().Run(name, now, 20)
			if err != nil {
				return err
			}
			for _, f := range found {
				broken = append(broken, f.Invariant)
				said = append(said, name+" "+f.Subject+": "+f.Detail)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(broken)
	return strings.Join(slices.Compact(broken), " "), strings.Join(said, "\n")
}

var written = regexp.MustCompile(`^(?:UPDATE|DELETE FROM|INSERT INTO) (\w+)`)

// byPieces returns which of the invariants are found violated where all rows are
// asked by pieces, and only the rest of everything.
func byPieces(t *testing.T, s store.Store, invariants string, now calendar.Instant) string {
	t.Helper()
	var broken []string
	err := s.Snapshot(t.Context(), func(tx store.Tx) error {
		checks := tx.Checks()
		keep := func(found []store.Finding, err error) error {
			for _, f := range found {
				broken = append(broken, f.Invariant)
			}
			return err
		}
		asked := func(name string) bool {
			invariant, _, _ := strings.Cut(name, ".")
			return strings.Contains(" "+invariants+" ", " "+invariant+" ")
		}
		for _, name := range checks.Of("") {
			if !asked(name) {
				continue
			}
			if err := keep(checks.Run(name, now, 20)); err != nil {
				return err
			}
		}
		for _, subject := range []store.Subject{store.SubjectCoupons, store.SubjectOrders, store.SubjectRedemptions, store.SubjectLocks} {
			ids, err := checks.Page(subject, 0, 1000)
			if err != nil {
				return err
			}
			for _, name := range checks.Of(subject) {
				if !asked(name) {
					continue
				}
				if err := keep(checks.RunOn(name, now, ids, 20)); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(broken)
	return strings.Join(slices.Compact(broken), " ")
}

// Each plant is reported as what it breaks, and nothing else is.
func TestPlantedViolations(t *testing.T) {
	onBoth(t, func(t *testing.T, e engine) {
		h := live(t, e.store)
		late := calendar.Of(time.Now().Add(48 * time.Hour))
		for _, now := range []calendar.Instant{h.Clock(), late} {
			if broken, details := verify(t, e.store, now); broken != "" {
				t.Fatalf("a history of the use cases alone:\n%s", details)
			}
		}
		var said strings.Builder
		for _, p := range plants {
			table := written.FindStringSubmatch(p.sql)[1]
			now := h.Clock()
			if p.later {
				now = late
			}
			run(t, e, "CREATE TABLE kept AS SELECT * FROM "+table, p.sql)
			broken, details := verify(t, e.store, now)
			said.WriteString(details + "\n")
			if broken != p.want || !strings.Contains(details, p.says) {
				t.Errorf("%s: broken %q, want %q, and %q among\n%s", p.name, broken, p.want, p.says, details)
			}
			if pieces := byPieces(t, e.store, p.want, now); pieces != p.want {
				t.Errorf("%s: by pieces %q are broken, want %q", p.name, pieces, p.want)
			}
			run(t, e, "DELETE FROM "+table, "INSERT INTO "+table+" SELECT * FROM kept", "DROP TABLE kept")
		}
		if broken, details := verify(t, e.store, h.Clock()); broken != "" {
			t.Errorf("after all plants are taken out again:\n%s", details)
		}
		everyCheckSpoke(t, e.store, said.String())
	})
}

func run(t *testing.T, e engine, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if err := e.exec(text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
}

// everyCheckSpoke sees that each check found some plant: one that never does may
// ask nothing.
func everyCheckSpoke(t *testing.T, s store.Store, said string) {
	t.Helper()
	err := s.Snapshot(t.Context(), func(tx store.Tx) error {
		for _, name := range tx.Checks().Names() {
			if !strings.Contains("\n"+said, "\n"+name+" ") {
				t.Errorf("no plant is found by %s", name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
