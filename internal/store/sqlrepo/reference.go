package sqlrepo

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// face is what the columns of a reference row say of its struct; the rest is in doc.
type face struct {
	key, code, parent, market, merchant, store, city, status, name string
	id                                                             id.ID
	also                                                           []string // what else people call it, for searches
}

// meta points at the fields of a struct that live in columns only; id is nil
// where the key is a code.
type meta struct {
	id                             *id.ID
	rev                            *int64
	createdAt, updatedAt, archived *calendar.Instant
}

// noun describes one reference noun: its texts and how its struct is read. Its lists
// go up and down the keys: all of them, those that a search has found, or those that
// belong to one parent, which an index finds.
type noun[T any] struct {
	table          string
	secret         bool // its second code is a secret: nobody searches by it
	get, byCode    *statement
	list, newest   *statement
	found          *statement
	foundNewer     *statement
	child, younger *statement // of one parent
	children       *statement
	insert, update *bulk
	face           func(*T) face
	meta           func(*T) meta
}

const (
	referenceColumns = "key:t id code:t parent:t market:t merchant:t store:t city:t status:t name:t doc:t rev created_at updated_at archived_at"
	referenceRow     = "doc, id, rev, created_at, updated_at, archived_at"
	// The lists by which a scope limits rows; a noun without such a column passes.
	liteMerchants = "(json_array_length($6) = 0 OR merchant IN (SELECT value FROM json_each($6)))"
	postMerchants = "(cardinality($6::text[]) = 0 OR merchant = ANY($6::text[]))"
	liteStores    = "(json_array_length($7) = 0 OR store IN (SELECT value FROM json_each($7)))"
	postStores    = "(cardinality($7::text[]) = 0 OR store = ANY($7::text[]))"
	liteCities    = "(json_array_length($8) = 0 OR city IN (SELECT value FROM json_each($8)))"
	postCities    = "(cardinality($8::text[]) = 0 OR city = ANY($8::text[]))"
	// A placement is in the scope of its template's or pack's merchant.
	liteOffers = "(json_array_length($6) = 0 OR parent IN (SELECT t.key FROM templates AS t WHERE t.merchant IN (SELECT value FROM json_each($6))" +
		" UNION ALL SELECT t.key FROM packs AS t WHERE t.merchant IN (SELECT value FROM json_each($6))))"
	postOffers = "(cardinality($6::text[]) = 0 OR parent IN (SELECT t.key FROM templates AS t WHERE t.merchant = ANY($6::text[])" +
		" UNION ALL SELECT t.key FROM packs AS t WHERE t.merchant = ANY($6::text[])))"
)

// scoping is the part of a list's condition that a scope makes.
type scoping struct{ lite, post string }

var (
	unscoped = scoping{
		"json_array_length($6) + json_array_length($7) + json_array_length($8) >= 0",
		"cardinality($6::text[]) + cardinality($7::text[]) + cardinality($8::text[]) >= 0",
	}
	byMerchant = scoping{
		liteMerchants + " AND json_array_length($7) + json_array_length($8) >= 0",
		postMerchants + " AND cardinality($7::text[]) + cardinality($8::text[]) >= 0",
	}
	byOffer = scoping{
		liteOffers + " AND json_array_length($7) + json_array_length($8) >= 0",
		postOffers + " AND cardinality($7::text[]) + cardinality($8::text[]) >= 0",
	}
	byPlace = scoping{
		liteMerchants + " AND " + liteStores + " AND " + liteCities,
		postMerchants + " AND " + postStores + " AND " + postCities,
	}
)

// childOf says of some nouns to which parents rows belong, where that is not their
// column alone: a pack belongs to the templates of its parts, a link to what its
// placement offers too.
var childOf = map[string]string{
	"packs": "key IN (SELECT part.pack FROM pack_parts AS part WHERE part.template = $3)",
	"links": "parent IN (SELECT CAST($3 AS TEXT) UNION ALL SELECT p.key FROM placements AS p WHERE p.parent = $3)",
}

func newNoun[T any](table string, scope scoping, face func(*T) face, meta func(*T) meta) *noun[T] {
	from := "SELECT " + referenceRow + " FROM " + table + " WHERE "
	const up, down = " ORDER BY key LIMIT $9", " ORDER BY key DESC LIMIT $9"
	const liteKeys, postKeys = "key IN (SELECT value FROM json_each($10)) AND ", "key = ANY($10::text[]) AND "
	child := cmp.Or(childOf[table], "parent = $3")
	rest := func(parent string) string {
		return " AND ($2 = '' OR market = $2) AND " + parent + " AND ($4 = '' OR status = $4) AND (CAST($5 AS BIGINT) = 1 OR archived_at = 0) AND "
	}
	listing := func(name, from, bound, parent, order, liteKeys, postKeys string) *statement {
		return newStatement(table+"."+name, from+liteKeys+bound+rest(parent)+scope.lite+order, from+postKeys+bound+rest(parent)+scope.post+order)
	}
	free := "($3 = '' OR " + child + ")"
	return &noun[T]{
		table:      table,
		get:        newStatement(table+".get", from+"key IN (SELECT value FROM json_each($1))", from+"key = ANY($1::text[])"),
		byCode:     newStatement(table+".byCode", from+"code <> '' AND code IN (SELECT value FROM json_each($1))", from+"code <> '' AND code = ANY($1::text[])"),
		list:       listing("list", from, "key > $1", free, up, "", ""),
		newest:     listing("newest", from, "key < $1", free, down, "", ""),
		found:      listing("found", from, "key > $1", free, up, liteKeys, postKeys),
		foundNewer: listing("found.newest", from, "key < $1", free, down, liteKeys, postKeys),
		child:      listing("child", from, "key > $1", child, up, "", ""),
		younger:    listing("child.newest", from, "key < $1", child, down, "", ""),
		children:   listing("children", "SELECT count(*) FROM "+table+" WHERE ", "key > $1", child, "", "", ""),
		insert:     insertOf(table, referenceColumns),
		update:     updateOf(table, "key", referenceColumns),
		face:       face,
		meta:       meta,
	}
}

type reference[T any] struct {
	tx *Tx
	*noun[T]
}

func (r *reference[T]) scan(row Scanner) (v T, err error) {
	var doc string
	var number id.ID
	m := r.noun.meta(&v)
	if m.id == nil {
		m.id = &number
	}
	if err := row.Scan(&doc, m.id, m.rev, m.createdAt, m.updatedAt, m.archived); err != nil {
		return v, err
	}
	if err := json.Unmarshal([]byte(doc), &v); err != nil {
		return v, fmt.Errorf("%s: doc: %w", r.noun.get.name, err)
	}
	return v, nil
}

// Get returns the rows with these keys.
func (r *reference[T]) Get(keys []string) ([]T, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	return collect(r.tx, r.noun.get, r.scan, words(keys))
}

// ByCode returns the rows with these second codes.
func (r *reference[T]) ByCode(codes []string) ([]T, error) {
	if len(codes) == 0 {
		return nil, nil
	}
	return collect(r.tx, r.noun.byCode, r.scan, words(codes))
}

// behindAll stands behind every key: no key begins with it.
const behindAll = "\U0010FFFF"

// List returns rows in key order, or against it.
func (r *reference[T]) List(f store.Filter) ([]T, error) {
	if f.Search != "" {
		return r.search(f)
	}
	return r.page(f, nil)
}

// page reads one page, of the rows with these keys where there are any.
func (r *reference[T]) page(f store.Filter, keys []string) ([]T, error) {
	of, ofKeys, ofParent := r.noun.list, r.noun.found, r.noun.child
	if f.Newest {
		of, ofKeys, ofParent, f.After = r.noun.newest, r.noun.foundNewer, r.noun.younger, cmp.Or(f.After, behindAll)
	}
	args := append(bounds(f), int64(f.Limit))
	switch {
	case keys != nil:
		of, args = ofKeys, append(args, keys)
	case f.Parent != "":
		of = ofParent
	}
	return collect(r.tx, of, r.scan, args...)
}

// bounds are the arguments that lists and counts share.
func bounds(f store.Filter) []any {
	return []any{f.After, f.Market, f.Parent, f.Status, flag(f.Archived), words(f.Scope.Merchants), words(f.Scope.Stores), words(f.Scope.Cities)}
}

// Children counts the rows of a parent.
func (r *reference[T]) Children(f store.Filter) (int64, error) {
	f.After = ""
	return number(r.tx, r.noun.children, bounds(f)...)
}

// Insert adds rows of revision 1; a taken key or code is fault name_taken.
func (r *reference[T]) Insert(rows []T) error {
	args, err := r.args(rows)
	if err != nil {
		return err
	}
	for i := range rows {
		if *r.noun.meta(&rows[i]).rev != 1 {
			return r.tx.refuse(r.noun.insert.name, store.ErrStale)
		}
	}
	if err := taken(r.tx.bulkNow(r.noun.insert, len(rows), args)); err != nil {
		return err
	}
	return r.callThem(rows)
}

// Update writes rows whose stored revision is the one before.
func (r *reference[T]) Update(rows []T) error {
	args, err := r.args(rows)
	if err != nil {
		return err
	}
	of := make([]string, len(rows))
	for i := range rows {
		of[i] = r.noun.face(&rows[i]).key
	}
	old, err := r.Get(of)
	if err != nil {
		return err
	}
	if err := taken(r.tx.update(r.noun.update, len(rows), args)); err != nil {
		return err
	}
	return r.callAnew(old, rows)
}

// taken turns a unique violation into the fault that a caller is told.
func taken(err error) error {
	if errors.Is(err, store.ErrTwin) {
		return fault.New(fault.NameTaken)
	}
	return err
}

func (r *reference[T]) args(rows []T) (func(i int) []any, error) {
	all := make([][]any, len(rows))
	for i := range rows {
		doc, err := json.Marshal(&rows[i])
		if err != nil {
			return nil, fmt.Errorf("sqlrepo: %s: doc: %w", r.noun.insert.name, err)
		}
		f, m := r.noun.face(&rows[i]), r.noun.meta(&rows[i])
		all[i] = []any{f.key, int64(f.id), f.code, f.parent, f.market, f.merchant, f.store, f.city, f.status, f.name,
			string(doc), *m.rev, int64(*m.createdAt), int64(*m.updatedAt), int64(*m.archived)}
	}
	return func(i int) []any { return all[i] }, nil
}
