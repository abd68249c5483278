package store

import (
	"quan/internal/domain/job"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// Job is long work, under the name that Tx uses.
type Job = job.Job

// JobFilter selects jobs of a list; newest first, before Before. Zero fields select
// nothing away.
type JobFilter struct {
	Kind     string
	Queue    string
	State    job.State
	Actor    string
	Template id.ID // bulk grants of it only
	Before   id.ID
	Limit    int
}

// JobQuery asks for jobs that a worker could start.
type JobQuery struct {
	Kinds []string // those that the worker knows
	Now   calendar.Instant
	Limit int
}

// Depth says how many jobs of a queue are in a state, and since when the first of
// those that are due has been waiting.
type Depth struct {
	Queue string
	Kind  string
	State job.State
	Jobs  int64
	Since calendar.Instant // least RunAt
}

// Queue is a queue that was paused once.
type Queue struct {
	Name     string
	PausedAt calendar.Instant // zero: it is not paused
}

// Jobs in the database. They are locked by Tx.Lock, last of all; a run writes its
// row by compare-and-set alone.
type Jobs interface {
	Get([]id.ID) ([]Job, error)
	ByKey([]string) ([]Job, error)
	List(JobFilter) ([]Job, error)
	OfTemplate(JobFilter) (int64, error) // how many fit, of a Template
	// Due returns jobs that wait and whose time has come, of queues that are not
	// paused, the most urgent first, then those due longest.
	Due(JobQuery) ([]Job, error)
	// Lapsed returns running jobs whose lease ended at or before now.
	Lapsed(now calendar.Instant, limit int) ([]Job, error)
	Insert([]Job) error // a taken key is ErrTwin
	Update([]Job) error // compare-and-set on Rev
	// Forget removes jobs of a kind that were completed before a moment.
	Forget(kind string, before calendar.Instant, limit int) (int64, error)
	Depths() ([]Depth, error)
	Queues() ([]Queue, error)
	PutQueue(Queue) error
}
