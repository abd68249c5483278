package api

import (
	"context"

	"quan/internal/app/admin"
	"quan/internal/domain/access"
	"quan/internal/domain/job"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

type jobRow struct {
	ID          jobID            `json:"id" doc:"its identity"`
	Kind        string           `json:"kind" doc:"what it does"`
	Queue       string           `json:"queue" doc:"the queue that it waits in"`
	State       string           `json:"state" doc:"available, scheduled, running, retryable, paused, completed, cancelled or discarded"`
	Priority    int64            `json:"priority" doc:"1 is the most urgent, 4 the least"`
	Attempt     int64            `json:"attempt" doc:"the attempt under way, or the last; getting on starts the count anew"`
	MaxAttempts int64            `json:"max_attempts" doc:"attempts that may fail one after the other before it is discarded"`
	Actor       string           `json:"actor,omitempty" doc:"who asked for it"`
	Done        int64            `json:"done" doc:"steps done"`
	Total       int64            `json:"total" doc:"steps in all, 0 when unknown"`
	Refused     int64            `json:"refused" doc:"of the steps done, how many had no effect"`
	Message     string           `json:"message,omitempty" doc:"what it says"`
	Failures    []jobFailure     `json:"failures,omitempty" doc:"the last attempts that failed, oldest first" nullable:"false"`
	RunAt       calendar.Instant `json:"run_at" doc:"not before this moment"`
	CreatedAt   calendar.Instant `json:"created_at" doc:"when it was asked for"`
	StartedAt   calendar.Instant `json:"started_at,omitzero" doc:"when it was first started"`
	EndedAt     calendar.Instant `json:"ended_at,omitzero" doc:"when it was over"`
	UpdatedAt   calendar.Instant `json:"updated_at" doc:"when it was heard of last"`
}

type jobFailure struct {
	Attempt int64            `json:"attempt" doc:"which attempt"`
	At      calendar.Instant `json:"at" doc:"when"`
	Error   string           `json:"error" doc:"why, in the words of the log"`
}

func showJob(j store.Job) jobRow {
	row := jobRow{ID: jobID(j.ID), Kind: j.Kind, Queue: j.Queue, State: string(j.State), Priority: j.Priority, Attempt: j.Attempt,
		MaxAttempts: j.MaxAttempts, Actor: j.Actor, Done: j.Done, Total: j.Total, Refused: j.Refused, Message: j.Message,
		RunAt: j.RunAt, CreatedAt: j.CreatedAt, StartedAt: j.StartedAt, EndedAt: j.EndedAt, UpdatedAt: j.UpdatedAt}
	for _, f := range j.Failures {
		row.Failures = append(row.Failures, jobFailure(f))
	}
	return row
}

type JobPath struct {
	ID jobID `path:"id" doc:"id of the job"`
}

type oneJob struct{ Body jobRow }

type listJobsInput struct {
	Paged
	Kind  string `query:"kind" maxLength:"64" doc:"only this kind"`
	Queue string `query:"queue" maxLength:"64" doc:"only this queue"`
	Actor string `query:"actor" maxLength:"64" doc:"only what this principal asked for"`
	State string `query:"state" enum:"available,scheduled,running,retryable,paused,completed,cancelled,discarded" doc:"only this state"`
}

type WhyBody struct {
	Reason string `json:"reason,omitempty" maxLength:"500" doc:"why, for the audit log" example:"too many complaints"`
}

type moveJobInput struct {
	JobPath
	Keyed
	Body WhyBody
}

type movedJob struct {
	Replayed
	Body jobRow
}

type queueRow struct {
	Name     string           `json:"name" doc:"its name"`
	Paused   bool             `json:"paused" doc:"workers start no job of it"`
	PausedAt calendar.Instant `json:"paused_at,omitzero" doc:"since when"`
	Jobs     map[string]int64 `json:"jobs" doc:"how many jobs are in each state; completed and cancelled ones are not counted"`
	DueSince calendar.Instant `json:"due_since,omitzero" doc:"since when the first job that could be started has been waiting"`
}

type queuesAnswer struct {
	Body struct {
		Items []queueRow `json:"items" doc:"by name" nullable:"false"`
	}
}

type queueInput struct {
	Name string `path:"name" maxLength:"64" doc:"name of the queue" example:"default"`
	Keyed
	Body WhyBody
}

type queueMoved struct {
	Replayed
	Body struct {
		Paused bool `json:"paused" doc:"workers start no job of it"`
	}
}

func (s *server) jobRoutes() {
	add(s, operation{id: "list-jobs", method: "GET", path: "/v1/jobs", tag: "administration", may: access.JobRead,
		summary: "List jobs", about: "Newest first.", faults: []fault.Code{fault.InvalidCursor}},
		func(ctx context.Context, c *call, in *listJobsInput) (*list[jobRow], error) {
			before, ask, err := in.afterID("jobs", id.Job)
			if err != nil {
				return nil, err
			}
			rows, err := s.Admin.ListJobs(ctx, c.principal, store.JobFilter{Kind: in.Kind, Queue: in.Queue, Actor: in.Actor, State: job.State(in.State), Before: before, Limit: ask})
			if err != nil {
				return nil, err
			}
			return &list[jobRow]{pageOf("jobs", ask, rows, func(j store.Job) string { return id.Format(id.Job, j.ID) }, showJob)}, nil
		})
	add(s, operation{id: "get-job", method: "GET", path: "/v1/jobs/{id}", tag: "administration", may: access.JobRead,
		summary: "Get a job with its progress", faults: []fault.Code{fault.Absent}},
		func(ctx context.Context, c *call, in *JobPath) (*oneJob, error) {
			j, err := s.Admin.GetJob(ctx, c.principal, id.ID(in.ID))
			if err != nil {
				return nil, err
			}
			return &oneJob{showJob(j)}, nil
		})
	s.moveJob(admin.PauseJob, "Pause a job", "It stops at once: when this answers, a piece under way has either been done or will not be. It goes on where it was.")
	s.moveJob(admin.ResumeJob, "Let a paused job go on", "One that is not paused stays as it is.")
	s.moveJob(admin.CancelJob, "Cancel a job", "For good, at once. What it has done stays done.")
	s.moveJob(admin.RetryJob, "Try a job again", "One that was discarded or cancelled goes on where it was; one that waits is started at once.")
	s.queueRoutes()
}

func (s *server) moveJob(move admin.Move, summary, about string) {
	add(s, operation{id: string(move) + "-job", method: "POST", path: "/v1/jobs/{id}/" + string(move), tag: "administration", may: access.JobWrite,
		summary: summary, about: about, example: WhyBody{"too many complaints"},
		faults: []fault.Code{fault.MissingKey, fault.KeyReusedBody, fault.Absent, fault.WrongState}},
		func(ctx context.Context, c *call, in *moveJobInput) (*movedJob, error) {
			j, again, err := s.Admin.MoveJob(ctx, c.principal, admin.MoveJobInput{Once: c.once(in.IdempotencyKey, in.Body), Job: id.ID(in.ID), Move: move, Reason: in.Body.Reason})
			if err != nil {
				return nil, err
			}
			return &movedJob{replay(again), showJob(j)}, nil
		})
}

func (s *server) queueRoutes() {
	add(s, operation{id: "list-job-queues", method: "GET", path: "/v1/job-queues", tag: "administration", may: access.JobRead,
		summary: "List the queues of jobs", about: "With how many jobs are in each state."},
		func(ctx context.Context, c *call, _ *struct{}) (*queuesAnswer, error) {
			rows, err := s.Admin.ListQueues(ctx, c.principal)
			if err != nil {
				return nil, err
			}
			out := &queuesAnswer{}
			for _, q := range rows {
				row := queueRow{Name: q.Name, Paused: q.PausedAt != 0, PausedAt: q.PausedAt, Jobs: map[string]int64{}, DueSince: q.Due}
				for state, n := range q.Jobs {
					row.Jobs[string(state)] = n
				}
				out.Body.Items = append(out.Body.Items, row)
			}
			return out, nil
		})
	s.moveQueue("pause", true, "Start no more jobs of a queue")
	s.moveQueue("resume", false, "Start jobs of a queue again")
}

func (s *server) moveQueue(word string, paused bool, summary string) {
	add(s, operation{id: word + "-job-queue", method: "POST", path: "/v1/job-queues/{name}/" + word, tag: "administration", may: access.JobWrite,
		summary: summary, about: "Jobs that run already go on: pause each of them to stop it.", example: WhyBody{"maintenance"},
		faults: []fault.Code{fault.MissingKey, fault.KeyReusedBody, fault.Absent}},
		func(ctx context.Context, c *call, in *queueInput) (*queueMoved, error) {
			again, err := s.Admin.PauseQueue(ctx, c.principal, admin.PauseQueueInput{Once: c.once(in.IdempotencyKey, in.Body), Queue: in.Name, Paused: paused, Reason: in.Body.Reason})
			if err != nil {
				return nil, err
			}
			out := &queueMoved{Replayed: replay(again)}
			out.Body.Paused = paused
			return out, nil
		})
}
