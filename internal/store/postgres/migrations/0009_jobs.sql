-- +goose Up
-- Jobs with states, queues, attempts, a lease and its token.
ALTER TABLE jobs ADD COLUMN queue TEXT COLLATE "C" NOT NULL DEFAULT 'default';
ALTER TABLE jobs ADD COLUMN priority BIGINT NOT NULL DEFAULT 2 CHECK (priority >= 1);
ALTER TABLE jobs ADD COLUMN attempt BIGINT NOT NULL DEFAULT 0 CHECK (attempt >= 0);
ALTER TABLE jobs ADD COLUMN max_attempts BIGINT NOT NULL DEFAULT 10 CHECK (max_attempts >= 1);
ALTER TABLE jobs ADD COLUMN args TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN actor TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN refused BIGINT NOT NULL DEFAULT 0 CHECK (refused >= 0);
ALTER TABLE jobs ADD COLUMN failures TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN run_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN holder TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN token BIGINT NOT NULL DEFAULT 0 CHECK (token >= 0);
ALTER TABLE jobs ADD COLUMN until_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN started_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN ended_at BIGINT NOT NULL DEFAULT 0;

-- The states of before. Nobody runs a job while the schema changes: one that was
-- running, or failed, waits for who started it.
UPDATE jobs SET started_at = created_at, run_at = updated_at, ended_at = CASE WHEN state IN ('done', 'cancelled') THEN updated_at ELSE 0 END,
    attempt = CASE WHEN state IN ('running', 'failed') THEN 1 ELSE 0 END,
    state = CASE state WHEN 'done' THEN 'completed' WHEN 'running' THEN 'retryable' WHEN 'failed' THEN 'retryable' ELSE state END;

CREATE INDEX jobs_due ON jobs (priority, run_at, id) WHERE state IN ('available', 'scheduled', 'retryable');
CREATE INDEX jobs_running ON jobs (until_at, id) WHERE state = 'running';
CREATE INDEX jobs_ended ON jobs (kind, ended_at) WHERE state = 'completed';
CREATE INDEX jobs_open ON jobs (queue, kind, state, run_at) WHERE state NOT IN ('completed', 'cancelled');

CREATE TABLE job_queues (
    name TEXT COLLATE "C" NOT NULL,
    paused_at BIGINT NOT NULL,
    PRIMARY KEY (name)
);

-- The rows of a list that a bulk grant was uploaded with: whom a row names, or why
-- it names nobody.
CREATE TABLE grant_rows (
    job BIGINT NOT NULL,
    number BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    member BIGINT NOT NULL,
    given TEXT NOT NULL,
    code TEXT NOT NULL,
    PRIMARY KEY (job, number, slot)
);

-- What a bulk grant did for a member: coupons, or why none.
CREATE TABLE grant_outcomes (
    job BIGINT NOT NULL,
    member BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    number BIGINT NOT NULL,
    coupon BIGINT NOT NULL,
    more TEXT NOT NULL,
    code TEXT NOT NULL,
    PRIMARY KEY (job, member, slot)
);
