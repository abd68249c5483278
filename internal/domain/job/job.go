package job

import (
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// State of a job.
type State string

// The states.
const (
	Available State = "available" // waits for a worker
	Scheduled State = "scheduled" // waits for its time
	Running   State = "running"   // a process holds its lease
	Retryable State = "retryable" // an attempt failed; waits for the next one
	Paused    State = "paused"    // stopped by hand, or waits for a word; it goes on where it was
	Completed State = "completed"
	Cancelled State = "cancelled" // stopped by hand, for good
	Discarded State = "discarded" // its attempts are used up, or it can't succeed
)

// States in the order of the constants.
var States = []State{Available, Scheduled, Running, Retryable, Paused, Completed, Cancelled, Discarded}

// Over reports whether a job in this state is not going to be run again by itself.
func (s State) Over() bool { return s == Completed || s == Cancelled || s == Discarded }

// Waiting reports whether a worker takes the job when its time has come.
func (s State) Waiting() bool { return s == Available || s == Scheduled || s == Retryable }

// What a job is unless it says otherwise, and what bounds it.
const (
	DefaultQueue    = "default"
	DefaultPriority = 2  // 1 is the most urgent
	LeastPriority   = 4  //
	DefaultAttempts = 10 // failures in a row, without progress between them
	MostArgs        = 1 << 16
	MostCursor      = 1 << 16
	mostFailures    = 5
	mostText        = 500
)

// Job is one row of work.
type Job struct {
	ID          id.ID
	Kind        string // demo, grant …: who can run it
	Key         string // unique: the same work is one job; New fills it in
	Queue       string
	State       State
	Priority    int64 // 1 … LeastPriority, the most urgent first
	Attempt     int64 // the one under way, or the last
	MaxAttempts int64
	Args        string // JSON, what is to be done; the kind's own words
	Actor       string // principal that asked for it
	Cursor      string // where to resume; the kind's own words
	Done        int64  // steps done
	Total       int64  // steps in all, 0 when unknown
	Refused     int64  // of those done, how many had no effect
	Message     string
	Failures    []Failure        // the last of them, oldest first
	RunAt       calendar.Instant // not before this moment
	Holder      string           // process that runs it, "" for none
	Token       int64            // rises with each holder
	Until       calendar.Instant // end of the holder's lease
	CreatedAt   calendar.Instant
	StartedAt   calendar.Instant // first attempt, zero before
	EndedAt     calendar.Instant // when it was over
	UpdatedAt   calendar.Instant
	Rev         int64
}

// Failure is an attempt that failed.
type Failure struct {
	Attempt int64            `json:"attempt"`
	At      calendar.Instant `json:"at"`
	Error   string           `json:"error"`
}

// New completes a job that is to be stored for the first time: it waits for a
// worker, or for RunAt where that lies ahead.
func New(j Job, now calendar.Instant) Job {
	if j.Key == "" {
		j.Key = id.Format(id.Job, j.ID)
	}
	if j.Queue == "" {
		j.Queue = DefaultQueue
	}
	if j.Priority == 0 {
		j.Priority = DefaultPriority
	}
	if j.MaxAttempts == 0 {
		j.MaxAttempts = DefaultAttempts
	}
	if j.State == "" {
		j.wait(now)
	}
	j.CreatedAt, j.UpdatedAt, j.Rev = now, now, 1
	return j
}

// wait makes the job available, or scheduled while its time lies ahead.
func (j *Job) wait(now calendar.Instant) {
	j.State = Available
	if j.RunAt > now {
		j.State = Scheduled
	} else {
		j.RunAt = now
	}
}
