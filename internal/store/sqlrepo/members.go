package sqlrepo

import (
	"encoding/json"
	"math"

	"quan/internal/domain/member"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

const (
	memberColumns   = "id, slot, alias_of, blocked, attributes, tags, person, rev, created_at, updated_at"
	tagSpec         = "tag:t member slot"
	identityColumns = "kind, hash, member, sealed, key_version, created_at"
)

var (
	membersGet     = keyedBy("members.get", memberColumns, "members")
	membersList    = same("members.list", "SELECT "+memberColumns+" FROM members WHERE id > $1 ORDER BY id LIMIT $2")
	membersNewest  = same("members.newest", "SELECT COALESCE(MAX(id), 0) FROM members")
	membersAhead   = same("members.ahead", "SELECT id FROM members WHERE id > $1 ORDER BY id LIMIT 1 OFFSET $2")
	membersCount   = same("members.count", "SELECT count(*) FROM members")
	membersInsert  = insertOf("members", "id slot =alias_of =blocked attributes:t tags:t =person =rev =created_at =updated_at")
	membersUpdate  = updateOf("members", "id slot", "id slot alias_of blocked attributes:t tags:t person rev updated_at")
	identitiesFind = newStatement("identities.find",
		"SELECT "+identityColumns+" FROM identities WHERE kind = $1 AND hash IN (SELECT value FROM json_each($2)) AND +slot IN (SELECT value FROM json_each($3))",
		"SELECT "+identityColumns+" FROM unnest($2::text[], $3::bigint[]) AS k(want, want_slot)"+
			probe("identities", "kind = $1 AND hash = want AND slot = want_slot"))
	identitiesFindOne = same("identities.find.one", "SELECT "+identityColumns+" FROM identities WHERE kind = $1 AND hash = $2 AND slot = $3")
	identitiesOf      = newStatement("identities.of",
		"SELECT "+identityColumns+" FROM identities WHERE member IN (SELECT value FROM json_each($1))",
		"SELECT "+identityColumns+" FROM identities WHERE member = ANY($1::bigint[])")
	identitiesDelete   = same("identities.delete", "DELETE FROM identities WHERE kind = $1 AND hash = $2 AND slot = $3")
	identitiesUnformed = same("identities.unformed", "SELECT "+identityColumns+" FROM identities WHERE kind = 'phone' AND key_version < 2 AND hash > $1 ORDER BY hash LIMIT $2")
	membersMade        = same("members.made", "SELECT "+memberColumns+" FROM members WHERE created_at >= $1 AND created_at < $2 AND (created_at, id) < ($3, $4)"+
		" ORDER BY created_at DESC, id DESC LIMIT $5")
	membersBefore = same("members.before", "SELECT id FROM members WHERE id < $1 ORDER BY id DESC LIMIT $2")
	tagsPage      = same("member_tags.page", "SELECT member FROM member_tags WHERE tag = $1 AND member < $2 ORDER BY member DESC LIMIT $3")
	tagsInsert    = newBulk("member_tags.insert",
		"INSERT INTO member_tags (tag, member, slot) VALUES ($1, $2, $3) ON CONFLICT (tag, member, slot) DO NOTHING",
		"INSERT INTO member_tags (tag, member, slot) SELECT tag, member, slot FROM "+columnsOf(tagSpec).spread()+
			" ORDER BY tag, member, slot ON CONFLICT (tag, member, slot) DO NOTHING", columnsOf(tagSpec).cols)
	tagsDelete = newStatement("member_tags.delete",
		"DELETE FROM member_tags WHERE member IN (SELECT value FROM json_each($1))",
		"DELETE FROM member_tags WHERE member = ANY($1::bigint[])")
	identitiesInsert = insertOf("identities", "=kind:t hash:t slot member sealed:t =key_version =created_at", "kind", "hash")
)

type memberRows struct{ tx *Tx }

func scanMember(row Scanner) (m member.Member, err error) {
	var blocked int64
	var attributes, tags string
	if err := row.Scan(&m.ID, &m.Slot, &m.AliasOf, &blocked, &attributes, &tags, &m.Person, &m.Rev, &m.CreatedAt, &m.UpdatedAt); err != nil {
		return m, err
	}
	m.Blocked = blocked != 0
	if tags != "[]" {
		if err := json.Unmarshal([]byte(tags), &m.Tags); err != nil {
			return m, err
		}
	}
	if attributes == "" {
		return m, nil
	}
	return m, json.Unmarshal([]byte(attributes), &m.Attributes)
}

func scanIdentity(row Scanner) (v member.Identity, err error) {
	err = row.Scan(&v.Kind, &v.Hash, &v.Member, &v.Sealed, &v.KeyVersion, &v.CreatedAt)
	return v, err
}

// attributes writes a member's attributes as JSON, none as "": a map of texts
// always marshals.
func attributes(m map[string]string) string {
	if len(m) == 0 {
		return ""
	}
	b, _ := json.Marshal(m)
	return string(b)
}

// tags writes a member's tags as a JSON array.
func tags(list []string) string {
	if len(list) == 0 {
		return "[]"
	}
	b, _ := json.Marshal(list)
	return string(b)
}

// Find asks once for each kind, of which a call names few.
func (r memberRows) Find(keys []member.Key) ([]member.Identity, error) {
	if len(keys) == 1 {
		return collect(r.tx, identitiesFindOne, scanIdentity, keys[0].Kind, keys[0].Hash, keys[0].Slot())
	}
	unique := make([]member.Key, 0, len(keys))
	asked := make(map[member.Key]bool, len(keys))
	for _, k := range keys {
		if !asked[k] {
			asked[k] = true
			unique = append(unique, k)
		}
	}
	out, done, err := collectSingly(r.tx, identitiesFindOne, scanIdentity, len(unique), func(i int) []any {
		return []any{unique[i].Kind, unique[i].Hash, unique[i].Slot()}
	})
	if done {
		return out, err
	}
	var kinds []string
	byKind := map[string][]member.Key{}
	for _, k := range unique {
		if byKind[k.Kind] == nil {
			kinds = append(kinds, k.Kind)
		}
		byKind[k.Kind] = append(byKind[k.Kind], k)
	}
	for _, kind := range words(kinds) {
		var hashes []string
		var slots []int64
		for _, k := range byKind[kind] {
			hashes, slots = append(hashes, k.Hash), append(slots, k.Slot())
		}
		found, err := collect(r.tx, identitiesFind, scanIdentity, kind, hashes, slots)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

// Named asks for the identities that the writer does not remember.
func (r memberRows) Named(keys []member.Key) (map[member.Key]id.ID, error) {
	found := make(map[member.Key]id.ID, len(keys))
	ask := keys
	if m := r.tx.memory; m != nil {
		ask = make([]member.Key, 0, len(keys))
		for _, k := range keys {
			if i, ok := m.name(k); ok {
				found[k] = i
			} else {
				ask = append(ask, k)
			}
		}
	}
	if len(ask) == 0 {
		return found, r.tx.usable("identities.find", false)
	}
	rows, err := r.Find(ask)
	for i := range rows {
		found[rows[i].Key] = rows[i].Member
		if r.tx.memory != nil {
			r.tx.memory.readName(&rows[i])
		}
	}
	return found, err
}

func (r memberRows) Get(ids []id.ID) ([]member.Member, error) {
	return byID(r.tx, membersGet, scanMember, ids)
}

func (r memberRows) Identities(members []id.ID) ([]member.Identity, error) {
	if len(members) == 0 {
		return nil, nil
	}
	return collect(r.tx, identitiesOf, scanIdentity, ints(members))
}

func (r memberRows) List(after id.ID, limit int) ([]member.Member, error) {
	return collect(r.tx, membersList, scanMember, int64(after), int64(limit))
}

func (r memberRows) Insert(rows []member.Member) error {
	if err := r.tag(rows); err != nil {
		return err
	}
	r.wrote(rows)
	return r.tx.bulk(membersInsert, len(rows), func(i int) []any {
		m := &rows[i]
		return []any{int64(m.ID), m.ID.Slot(), int64(m.AliasOf), flag(m.Blocked), attributes(m.Attributes), tags(m.Tags), int64(m.Person), m.Rev, int64(m.CreatedAt), int64(m.UpdatedAt)}
	})
}

// wrote tells the memory.
func (r memberRows) wrote(rows []member.Member) {
	if r.tx.memory != nil {
		for i := range rows {
			r.tx.memory.wroteMember(rows[i].ID)
		}
	}
}

func (r memberRows) InsertIdentities(rows []member.Identity) error {
	if r.tx.memory != nil {
		for i := range rows {
			r.tx.memory.wroteName(rows[i].Key)
		}
	}
	return r.tx.bulk(identitiesInsert, len(rows), func(i int) []any {
		v := &rows[i]
		return []any{v.Kind, v.Hash, v.Slot(), int64(v.Member), v.Sealed, v.KeyVersion, int64(v.CreatedAt)}
	})
}

// RemoveIdentities asks once for each: it is for the few that an older version wrote.
func (r memberRows) RemoveIdentities(keys []member.Key) error {
	for _, k := range keys {
		if r.tx.memory != nil {
			r.tx.memory.wroteName(k)
		}
		if _, err := r.tx.write(identitiesDelete, k.Kind, k.Hash, k.Slot()); err != nil {
			return err
		}
	}
	return nil
}

func (r memberRows) Unformed(after string, limit int) ([]member.Identity, error) {
	return collect(r.tx, identitiesUnformed, scanIdentity, after, int64(limit))
}

func (r memberRows) Update(rows []member.Member) error {
	if err := r.retag(rows); err != nil {
		return err
	}
	r.wrote(rows)
	return r.tx.update(membersUpdate, len(rows), func(i int) []any {
		m := &rows[i]
		return []any{int64(m.ID), m.ID.Slot(), int64(m.AliasOf), flag(m.Blocked), attributes(m.Attributes), tags(m.Tags), int64(m.Person), m.Rev, int64(m.UpdatedAt)}
	})
}

func (r memberRows) Count() (int64, error) { return number(r.tx, membersCount) }

// Newest is the last member by id.
func (r memberRows) Newest() (id.ID, error) {
	n, err := number(r.tx, membersNewest)
	return id.ID(n), err
}

// Ahead goes along the ids alone.
func (r memberRows) Ahead(after id.ID, places int) (id.ID, error) {
	n, err := number(r.tx, membersAhead, int64(after), int64(places)-1)
	return id.ID(n), err
}

// tag writes the tags of members beside their rows, by which they are found.
func (r memberRows) tag(rows []member.Member) error {
	var all [][]any
	for i := range rows {
		m := &rows[i]
		for _, t := range m.Tags {
			all = append(all, []any{t, int64(m.ID), m.ID.Slot()})
		}
	}
	return r.tx.bulk(tagsInsert, len(all), func(i int) []any { return all[i] })
}

// retag writes the tags of members anew; their rows are locked.
func (r memberRows) retag(rows []member.Member) error {
	if len(rows) == 0 {
		return nil
	}
	of := make([]id.ID, len(rows))
	for i := range rows {
		of[i] = rows[i].ID
	}
	if _, err := r.tx.write(tagsDelete, ints(of)); err != nil {
		return err
	}
	return r.tag(rows)
}

// Made goes along the index of members by the time they were made.
func (r memberRows) Made(from, to calendar.Instant, behind store.Behind, limit int) ([]member.Member, error) {
	at, i, _ := end(behind)
	if to == 0 {
		to = math.MaxInt64
	}
	if behind != (store.Behind{}) { // the index begins there, instead of being gone along from the newest on
		to = min(to, behind.At+1)
	}
	return collect(r.tx, membersMade, scanMember, int64(from), int64(to), at, i, int64(limit))
}

// Tagged returns who has a tag.
func (r memberRows) Tagged(tag string, behind id.ID, limit int) ([]id.ID, error) {
	return collect(r.tx, tagsPage, scanID, tag, before(behind), int64(limit))
}

// Before goes along the ids alone, downwards.
func (r memberRows) Before(behind id.ID, limit int) ([]id.ID, error) {
	return collect(r.tx, membersBefore, scanID, before(behind), int64(limit))
}
