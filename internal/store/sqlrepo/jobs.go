package sqlrepo

import (
	"quan/internal/kernel/id"
	"quan/internal/store"
)

const jobColumns = "id, kind, key, state, done, total, resume, message, created_at, updated_at, rev"

var (
	jobsGet = newStatement("jobs.get",
		"SELECT "+jobColumns+" FROM jobs WHERE id IN (SELECT value FROM json_each($1))",
		"SELECT "+jobColumns+" FROM jobs WHERE id = ANY($1::bigint[])")
	jobsByKey = newStatement("jobs.byKey",
		"SELECT "+jobColumns+" FROM jobs WHERE key IN (SELECT value FROM json_each($1))",
		"SELECT "+jobColumns+" FROM jobs WHERE key = ANY($1::text[])")
	jobsList   = same("jobs.list", "SELECT "+jobColumns+" FROM jobs WHERE id < $1 ORDER BY id DESC LIMIT $2")
	jobsInsert = insertOf("jobs", "id kind:t key:t state:t done total resume:t message:t created_at updated_at rev")
	jobsUpdate = updateOf("jobs", "id", "id state:t done total resume:t message:t updated_at rev")
)

type jobRows struct{ tx *Tx }

func scanJob(row Scanner) (j store.Job, err error) {
	err = row.Scan(&j.ID, &j.Kind, &j.Key, &j.State, &j.Done, &j.Total, &j.Cursor, &j.Message, &j.CreatedAt, &j.UpdatedAt, &j.Rev)
	return j, err
}

func (r jobRows) Get(ids []id.ID) ([]store.Job, error) {
	return collect(r.tx, jobsGet, scanJob, ints(ids))
}

func (r jobRows) ByKey(keys []string) ([]store.Job, error) {
	return collect(r.tx, jobsByKey, scanJob, words(keys))
}

func (r jobRows) List(from id.ID, limit int) ([]store.Job, error) {
	return collect(r.tx, jobsList, scanJob, before(from), int64(limit))
}

func (r jobRows) Insert(rows []store.Job) error {
	return r.tx.bulk(jobsInsert, len(rows), func(i int) []any {
		j := &rows[i]
		return []any{int64(j.ID), j.Kind, j.Key, j.State, j.Done, j.Total, j.Cursor, j.Message, int64(j.CreatedAt), int64(j.UpdatedAt), j.Rev}
	})
}

func (r jobRows) Update(rows []store.Job) error {
	return r.tx.update(jobsUpdate, len(rows), func(i int) []any {
		j := &rows[i]
		return []any{int64(j.ID), j.State, j.Done, j.Total, j.Cursor, j.Message, int64(j.UpdatedAt), j.Rev}
	})
}
