package sqlrepo

import (
	"encoding/json"
	"fmt"

	"quan/internal/domain/job"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

const (
	jobSpec = "id kind:t key:t queue:t state:t priority attempt max_attempts args:t actor:t resume:t done total refused message:t failures:t " +
		"run_at holder:t token until_at created_at started_at ended_at updated_at rev"
	jobWaiting = "state IN ('available', 'scheduled', 'retryable')" // as in the partial index
	jobsFit    = " AND ($2 = '' OR kind = $2) AND ($3 = '' OR queue = $3) AND ($4 = '' OR state = $4) AND ($5 = '' OR actor = $5)"
	queueOpen  = "NOT EXISTS (SELECT 1 FROM job_queues AS q WHERE q.name = jobs.queue AND q.paused_at <> 0)"
)

var (
	jobColumns = columnsOf(jobSpec).list()
	jobsGet    = newStatement("jobs.get",
		"SELECT "+jobColumns+" FROM jobs WHERE id IN (SELECT value FROM json_each($1))",
		"SELECT "+jobColumns+" FROM jobs WHERE id = ANY($1::bigint[])")
	jobsByKey = newStatement("jobs.byKey",
		"SELECT "+jobColumns+" FROM jobs WHERE key IN (SELECT value FROM json_each($1))",
		"SELECT "+jobColumns+" FROM jobs WHERE key = ANY($1::text[])")
	jobsList = same("jobs.list", "SELECT "+jobColumns+" FROM jobs WHERE id < $1"+jobsFit+" ORDER BY id DESC LIMIT $6")
	// Bulk grants of a template, through the table that names them.
	jobsGrants = same("jobs.grants", "SELECT "+jobColumns+" FROM jobs WHERE id IN (SELECT g.job FROM grant_templates AS g WHERE g.template = $7 AND g.job < $1)"+
		jobsFit+" ORDER BY id DESC LIMIT $6")
	jobsGrantsCount = same("jobs.grants.count", "SELECT count(*) FROM jobs WHERE id IN (SELECT g.job FROM grant_templates AS g WHERE g.template = $6 AND g.job < $1)"+jobsFit)
	jobsDue         = newStatement("jobs.due",
		"SELECT "+jobColumns+" FROM jobs WHERE "+jobWaiting+" AND run_at <= $1 AND kind IN (SELECT value FROM json_each($2)) AND "+queueOpen+" ORDER BY priority, run_at, id LIMIT $3",
		"SELECT "+jobColumns+" FROM jobs WHERE "+jobWaiting+" AND run_at <= $1 AND kind = ANY($2::text[]) AND "+queueOpen+" ORDER BY priority, run_at, id LIMIT $3")
	jobsLapsed = same("jobs.lapsed", "SELECT "+jobColumns+" FROM jobs WHERE state = 'running' AND until_at <= $1 ORDER BY until_at, id LIMIT $2")
	jobsForget = same("jobs.forget",
		"DELETE FROM jobs WHERE id IN (SELECT j.id FROM jobs AS j WHERE j.state = 'completed' AND j.kind = $1 AND j.ended_at < $2 ORDER BY j.ended_at LIMIT $3)")
	jobsDepths = same("jobs.depths", "SELECT queue, kind, state, count(*), min(run_at) FROM jobs WHERE state NOT IN ('completed', 'cancelled') GROUP BY queue, kind, state ORDER BY queue, kind, state")
	jobsInsert = insertOf("jobs", jobSpec)
	jobsUpdate = updateOf("jobs", "id", "id state:t priority attempt args:t resume:t done total refused message:t failures:t run_at holder:t token until_at started_at ended_at updated_at rev")
	queuesList = same("job_queues.list", "SELECT name, paused_at FROM job_queues ORDER BY name")
	queuesPut  = upsertOf("job_queues.put", "job_queues", "name", "name:t paused_at", false)
)

type jobRows struct{ tx *Tx }

func scanJob(row Scanner) (j store.Job, err error) {
	var failures string
	err = row.Scan(&j.ID, &j.Kind, &j.Key, &j.Queue, &j.State, &j.Priority, &j.Attempt, &j.MaxAttempts, &j.Args, &j.Actor, &j.Cursor, &j.Done, &j.Total,
		&j.Refused, &j.Message, &failures, &j.RunAt, &j.Holder, &j.Token, &j.Until, &j.CreatedAt, &j.StartedAt, &j.EndedAt, &j.UpdatedAt, &j.Rev)
	if err == nil && failures != "" {
		if err = json.Unmarshal([]byte(failures), &j.Failures); err != nil {
			err = fmt.Errorf("failures of a job: %w", err)
		}
	}
	return j, err
}

// failures writes failed attempts as JSON, none as "": plain data always marshals.
func failures(list []job.Failure) string {
	if len(list) == 0 {
		return ""
	}
	b, _ := json.Marshal(list)
	return string(b)
}

func (r jobRows) Get(ids []id.ID) ([]store.Job, error) {
	return collect(r.tx, jobsGet, scanJob, ints(ids))
}

func (r jobRows) ByKey(keys []string) ([]store.Job, error) {
	return collect(r.tx, jobsByKey, scanJob, words(keys))
}

func (r jobRows) List(f store.JobFilter) ([]store.Job, error) {
	args := append(jobBounds(f), int64(f.Limit))
	if f.Template != 0 {
		return collect(r.tx, jobsGrants, scanJob, append(args, int64(f.Template))...)
	}
	return collect(r.tx, jobsList, scanJob, args...)
}

func jobBounds(f store.JobFilter) []any {
	return []any{before(f.Before), f.Kind, f.Queue, string(f.State), f.Actor}
}

// OfTemplate counts the bulk grants of a template.
func (r jobRows) OfTemplate(f store.JobFilter) (int64, error) {
	return number(r.tx, jobsGrantsCount, append(jobBounds(f), int64(f.Template))...)
}

func (r jobRows) Due(q store.JobQuery) ([]store.Job, error) {
	return collect(r.tx, jobsDue, scanJob, int64(q.Now), words(q.Kinds), int64(q.Limit))
}

func (r jobRows) Lapsed(now calendar.Instant, limit int) ([]store.Job, error) {
	return collect(r.tx, jobsLapsed, scanJob, int64(now), int64(limit))
}

func (r jobRows) Insert(rows []store.Job) error {
	return r.tx.bulk(jobsInsert, len(rows), func(i int) []any {
		j := &rows[i]
		return []any{int64(j.ID), j.Kind, j.Key, j.Queue, string(j.State), j.Priority, j.Attempt, j.MaxAttempts, j.Args, j.Actor, j.Cursor, j.Done, j.Total,
			j.Refused, j.Message, failures(j.Failures), int64(j.RunAt), j.Holder, j.Token, int64(j.Until), int64(j.CreatedAt), int64(j.StartedAt), int64(j.EndedAt), int64(j.UpdatedAt), j.Rev}
	})
}

func (r jobRows) Update(rows []store.Job) error {
	return r.tx.update(jobsUpdate, len(rows), func(i int) []any {
		j := &rows[i]
		return []any{int64(j.ID), string(j.State), j.Priority, j.Attempt, j.Args, j.Cursor, j.Done, j.Total, j.Refused, j.Message, failures(j.Failures),
			int64(j.RunAt), j.Holder, j.Token, int64(j.Until), int64(j.StartedAt), int64(j.EndedAt), int64(j.UpdatedAt), j.Rev}
	})
}

func (r jobRows) Forget(kind string, before calendar.Instant, limit int) (int64, error) {
	return r.tx.write(jobsForget, kind, int64(before), int64(limit))
}

func (r jobRows) Depths() ([]store.Depth, error) {
	return collect(r.tx, jobsDepths, func(row Scanner) (d store.Depth, err error) {
		err = row.Scan(&d.Queue, &d.Kind, &d.State, &d.Jobs, &d.Since)
		return d, err
	})
}

func (r jobRows) Queues() ([]store.Queue, error) {
	return collect(r.tx, queuesList, func(row Scanner) (q store.Queue, err error) {
		err = row.Scan(&q.Name, &q.PausedAt)
		return q, err
	})
}

func (r jobRows) PutQueue(q store.Queue) error {
	return r.tx.bulk(queuesPut, 1, func(int) []any { return []any{q.Name, int64(q.PausedAt)} })
}
