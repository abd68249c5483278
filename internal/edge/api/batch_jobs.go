package api

import (
	"context"

	"quan/internal/app/issuing"
	"quan/internal/domain/access"
	"quan/internal/domain/job"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

type extendBatchBody struct {
	To     calendar.Instant `json:"to" doc:"the new end of its coupons, in the future; one that ends later stays" example:"2026-12-31T16:00:00Z"`
	Reason string           `json:"reason" minLength:"1" maxLength:"200" doc:"why, for the audit log" example:"storm"`
}

type extendBatchInput struct {
	BatchPath
	Keyed
	Body extendBatchBody
}

type withdrawBatchBody struct {
	Reason string `json:"reason" minLength:"1" maxLength:"200" doc:"why, for the audit log" example:"wrong threshold"`
}

type withdrawBatchInput struct {
	BatchPath
	Keyed
	Body withdrawBatchBody
}

type startedJob struct {
	Replayed
	Body startedJobRow
}

// startedJobRow says only what never changes, so that a replay answers the same.
type startedJobRow struct {
	Job   jobID  `json:"job" doc:"the job: GET /v1/jobs/{id} shows how far it is, and it can be paused, resumed and cancelled there"`
	Kind  string `json:"kind" doc:"what it does"`
	Total int64  `json:"total" doc:"coupons that the batch had given out"`
}

func started(j job.Job, again bool, err error) (*startedJob, error) {
	if err != nil {
		return nil, err
	}
	return &startedJob{replay(again), startedJobRow{jobID(j.ID), j.Kind, j.Total}}, nil
}

func (s *server) batchJobRoutes(path string) {
	add(s, operation{id: "extend-batch", method: "POST", path: path + "/extend", tag: "batches", may: access.CouponWithdraw, status: 202,
		summary: "Extend all coupons of a batch", example: extendBatchBody{To: 1_798_675_200_000, Reason: "storm"},
		about: "A job, in pieces of 256, over the coupons issued so far. Each coupon that is not over gets the new end where that is later, and a change in its history. " +
			"New coupons get the dates of the batch: change those too.",
		faults: []fault.Code{fault.MissingKey, fault.KeyReusedBody, fault.Absent}},
		func(ctx context.Context, c *call, in *extendBatchInput) (*startedJob, error) {
			return started(s.Issuing.ExtendCoupons(ctx, c.principal, issuing.BatchJobInput{Once: c.once(in.IdempotencyKey, in.Body), Batch: id.ID(in.ID), To: in.Body.To, Reason: in.Body.Reason}))
		})
	add(s, operation{id: "withdraw-batch", method: "POST", path: path + "/withdraw", tag: "batches", may: access.CouponWithdraw, status: 202,
		summary: "Withdraw the unused coupons of a batch", example: withdrawBatchBody{Reason: "wrong threshold"},
		about: "A job, in pieces of 256. Stop the batch first. Coupons that were used, even in part, and those that an order holds stay. " +
			"What they took of stock and budget stays taken.",
		faults: []fault.Code{fault.MissingKey, fault.KeyReusedBody, fault.Absent, fault.WrongState}},
		func(ctx context.Context, c *call, in *withdrawBatchInput) (*startedJob, error) {
			return started(s.Issuing.WithdrawUnused(ctx, c.principal, issuing.BatchJobInput{Once: c.once(in.IdempotencyKey, in.Body), Batch: id.ID(in.ID), Reason: in.Body.Reason}))
		})
}
