package sqlrepo

import (
	"encoding/json"
	"fmt"

	"quan/internal/domain/coupon"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

const versionColumns = "template, number, hash, doc, published_at, published_by"

var (
	// SQLite's text returns more than the pairs asked for; Get drops the others.
	versionsGet = newStatement("template_versions.get",
		"SELECT "+versionColumns+" FROM template_versions WHERE template IN (SELECT value FROM json_each($1)) AND number IN (SELECT value FROM json_each($2))",
		"SELECT "+versionColumns+" FROM unnest($1::bigint[], $2::bigint[]) AS k(want, want_number) JOIN template_versions ON template = want AND number = want_number")
	versionsList   = same("template_versions.list", "SELECT "+versionColumns+" FROM template_versions WHERE template = $1 ORDER BY number")
	versionsInsert = insertOf("template_versions", "template number hash:t doc:t published_at published_by:t")
)

type versionRows struct{ tx *Tx }

func scanVersion(row Scanner) (v coupon.Version, err error) {
	var doc string
	if err := row.Scan(&v.Template, &v.Number, &v.Hash, &doc, &v.PublishedAt, &v.PublishedBy); err != nil {
		return v, err
	}
	return v, json.Unmarshal([]byte(doc), &v.Doc)
}

func (r versionRows) Get(keys []store.VersionKey) ([]coupon.Version, error) {
	wanted := make(map[store.VersionKey]bool, len(keys))
	var templates, numbers []int64
	for _, k := range keys {
		if !wanted[k] {
			wanted[k] = true
			templates, numbers = append(templates, int64(k.Template)), append(numbers, k.Number)
		}
	}
	if len(wanted) == 0 {
		return nil, nil
	}
	found, err := collect(r.tx, versionsGet, scanVersion, templates, numbers)
	out := found[:0]
	for _, v := range found {
		if wanted[store.VersionKey{Template: v.Template, Number: v.Number}] {
			out = append(out, v)
		}
	}
	return out, err
}

func (r versionRows) List(template id.ID) ([]coupon.Version, error) {
	return collect(r.tx, versionsList, scanVersion, int64(template))
}

func (r versionRows) Insert(rows []coupon.Version) error {
	docs := make([]string, len(rows))
	for i := range rows {
		doc, err := json.Marshal(rows[i].Doc)
		if err != nil {
			return fmt.Errorf("sqlrepo: template_versions.insert: doc: %w", err)
		}
		docs[i] = string(doc)
	}
	return r.tx.bulk(versionsInsert, len(rows), func(i int) []any {
		v := &rows[i]
		return []any{int64(v.Template), v.Number, v.Hash, docs[i], int64(v.PublishedAt), v.PublishedBy}
	})
}
