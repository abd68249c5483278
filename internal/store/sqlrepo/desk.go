package sqlrepo

import (
	"math"

	"quan/internal/domain/desk"
	"quan/internal/domain/member"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

const (
	noteColumns    = "member, at, id, author, coupon, order_id, sealed, key_version"
	refusedColumns = "member, template, code, id, coupon, channel, facts, total, first_at, last_at"
	actColumns     = "member, at, id, kind, market, agent, day, coupon, issued, from_at, to_at, reason"
)

var (
	notesInsert = insertOf("member_notes", "member at id slot author:t coupon order_id sealed:t key_version")
	notesOf     = same("member_notes.of", "SELECT "+noteColumns+" FROM member_notes WHERE member = $1 AND slot = $2"+
		" AND (at, id) < ($3, $4) ORDER BY at DESC, id DESC LIMIT $5")
	refusedSpec = columnsOf("member template code:t slot id coupon channel:t facts:t total first_at last_at")
	// The row keeps the id and time of the first; greater is the engine's function.
	refusedAdd = newBulk("member_refusals.add",
		"INSERT INTO member_refusals ("+refusedSpec.list()+") VALUES ("+refusedSpec.marks()+")"+refusedSet,
		"INSERT INTO member_refusals ("+refusedSpec.list()+") SELECT "+refusedSpec.list()+" FROM "+refusedSpec.spread()+
			" ORDER BY member, template, code"+refusedSet, refusedSpec.cols)
	refusedOf = same("member_refusals.of", "SELECT "+refusedColumns+" FROM member_refusals WHERE member = $1 AND slot = $2"+
		" AND (last_at, id) < ($3, $4) ORDER BY last_at DESC, id DESC LIMIT $5")
	refusedPurge = newStatement("member_refusals.purge",
		"DELETE FROM member_refusals WHERE (member, template, code, slot) IN (SELECT member, template, code, slot FROM member_refusals WHERE last_at < $1 ORDER BY last_at LIMIT $2)",
		"DELETE FROM member_refusals WHERE (member, template, code, slot) IN (SELECT member, template, code, slot FROM member_refusals WHERE last_at < $1 ORDER BY last_at LIMIT $2)")
	actsInsert = insertOf("desk_acts", "member at id slot kind market:t agent:t desk agent_number day coupon issued from_at to_at reason:t")
	actsOf     = same("desk_acts.of", "SELECT "+actColumns+" FROM desk_acts WHERE member = $1 AND slot = $2"+
		" AND (at, id) < ($3, $4) ORDER BY at DESC, id DESC LIMIT $5")
	actsOfCoupons = newStatement("desk_acts.ofCoupons",
		"SELECT "+actColumns+" FROM desk_acts WHERE coupon <> 0 AND coupon IN (SELECT value FROM json_each($1)) ORDER BY at, id",
		"SELECT "+actColumns+" FROM unnest($1::bigint[]) AS k(want) JOIN desk_acts ON coupon = want AND coupon = ANY($1::bigint[]) AND slot = "+home+
			" WHERE coupon <> 0 ORDER BY at, id")
)

const refusedSet = " ON CONFLICT (member, template, code, slot) DO UPDATE SET coupon = EXCLUDED.coupon, channel = EXCLUDED.channel, facts = EXCLUDED.facts," +
	" total = member_refusals.total + EXCLUDED.total, last_at = CASE WHEN EXCLUDED.last_at > member_refusals.last_at THEN EXCLUDED.last_at ELSE member_refusals.last_at END"

// end is a Behind as arguments; the zero one is behind nothing.
func end(p store.Behind) (at, i, seq int64) {
	if p == (store.Behind{}) {
		return math.MaxInt64, math.MaxInt64, math.MaxInt64
	}
	return int64(p.At), int64(p.ID), p.Seq
}

type noteRows struct{ tx *Tx }

func scanNote(row Scanner) (n member.Note, err error) {
	err = row.Scan(&n.Member, &n.At, &n.ID, &n.Author, &n.Coupon, &n.Order, &n.Sealed, &n.KeyVersion)
	return n, err
}

func (r noteRows) Insert(rows []member.Note) error {
	return r.tx.bulk(notesInsert, len(rows), func(i int) []any {
		n := &rows[i]
		return []any{int64(n.Member), int64(n.At), int64(n.ID), n.Member.Slot(), n.Author, int64(n.Coupon), int64(n.Order), n.Sealed, n.KeyVersion}
	})
}

func (r noteRows) OfMember(member id.ID, behind store.Behind, limit int) ([]member.Note, error) {
	at, i, _ := end(behind)
	return collect(r.tx, notesOf, scanNote, int64(member), member.Slot(), at, i, int64(limit))
}

type refusedRows struct{ tx *Tx }

func scanRefused(row Scanner) (v member.Refused, err error) {
	err = row.Scan(&v.Member, &v.Template, &v.Code, &v.ID, &v.Coupon, &v.Channel, &v.Facts, &v.Count, &v.FirstAt, &v.LastAt)
	return v, err
}

func (r refusedRows) Add(rows []member.Refused) error {
	return r.tx.bulk(refusedAdd, len(rows), func(i int) []any {
		v := &rows[i]
		return []any{int64(v.Member), int64(v.Template), v.Code, v.Member.Slot(), int64(v.ID), int64(v.Coupon), v.Channel, v.Facts, v.Count, int64(v.FirstAt), int64(v.LastAt)}
	})
}

func (r refusedRows) OfMember(member id.ID, behind store.Behind, limit int) ([]member.Refused, error) {
	at, i, _ := end(behind)
	return collect(r.tx, refusedOf, scanRefused, int64(member), member.Slot(), at, i, int64(limit))
}

func (r refusedRows) Purge(before calendar.Instant, limit int) (int64, error) {
	return r.tx.write(refusedPurge, int64(before), int64(limit))
}

type deskRows struct{ tx *Tx }

func scanAct(row Scanner) (a desk.Act, err error) {
	var kind int64
	err = row.Scan(&a.Member, &a.At, &a.ID, &kind, &a.Market, &a.Agent, &a.Day, &a.Coupon, &a.Issued, &a.From, &a.To, &a.Reason)
	a.Kind = desk.KindOf(kind)
	return a, err
}

func (r deskRows) Insert(rows []desk.Act) error {
	return r.tx.bulk(actsInsert, len(rows), func(i int) []any {
		a := &rows[i]
		return []any{int64(a.Member), int64(a.At), int64(a.ID), a.Member.Slot(), a.Kind.Number(), a.Market, a.Agent, int64(desk.Number(a.Market, a.Kind)),
			int64(desk.AgentNumber(a.Agent)), int64(a.Day), int64(a.Coupon), int64(a.Issued), int64(a.From), int64(a.To), a.Reason}
	})
}

func (r deskRows) OfMember(member id.ID, behind store.Behind, limit int) ([]desk.Act, error) {
	at, i, _ := end(behind)
	return collect(r.tx, actsOf, scanAct, int64(member), member.Slot(), at, i, int64(limit))
}

func (r deskRows) OfCoupons(coupons []id.ID) ([]desk.Act, error) {
	if len(coupons) == 0 {
		return nil, nil
	}
	return collect(r.tx, actsOfCoupons, scanAct, ints(coupons))
}
