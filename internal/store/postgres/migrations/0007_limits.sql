-- +goose Up
-- Budgets that templates draw on together, what coupons and redemptions hold of
-- counters where their own rows don't tell, and the natural person of a member.
CREATE TABLE budgets (
    key TEXT COLLATE "C" NOT NULL,
    id BIGINT NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    parent TEXT COLLATE "C" NOT NULL,
    market TEXT COLLATE "C" NOT NULL,
    merchant TEXT COLLATE "C" NOT NULL,
    store TEXT COLLATE "C" NOT NULL,
    city TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    doc TEXT NOT NULL,
    rev BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    archived_at BIGINT NOT NULL,
    PRIMARY KEY (key),
    CHECK (rev >= 1)
);
CREATE UNIQUE INDEX budgets_code ON budgets (code) WHERE code <> '';

-- Of one coupon or redemption (fact) and one counter; slot is that of the fact.
CREATE TABLE limit_entries (
    fact BIGINT NOT NULL,
    template BIGINT NOT NULL,
    per BIGINT NOT NULL,
    subject BIGINT NOT NULL,
    what BIGINT NOT NULL,
    period BIGINT NOT NULL,
    start BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (fact, template, per, subject, what, period, start, slot),
    CHECK (amount >= 0)
);

ALTER TABLE counters ADD COLUMN alarmed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE members ADD COLUMN person BIGINT NOT NULL DEFAULT 0;
