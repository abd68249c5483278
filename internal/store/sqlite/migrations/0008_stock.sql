-- +goose Up
-- Batches of stock: a number of a template's coupons with its own rules.
CREATE TABLE stock_batches (
    key TEXT NOT NULL,
    id BIGINT NOT NULL,
    code TEXT NOT NULL,
    parent TEXT NOT NULL,
    market TEXT NOT NULL,
    merchant TEXT NOT NULL,
    store TEXT NOT NULL,
    city TEXT NOT NULL,
    status TEXT NOT NULL,
    name TEXT NOT NULL,
    doc TEXT NOT NULL,
    rev BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    archived_at BIGINT NOT NULL,
    PRIMARY KEY (key),
    CHECK (rev >= 1)
);
CREATE UNIQUE INDEX stock_batches_code ON stock_batches (code) WHERE code <> '';
CREATE INDEX stock_batches_parent ON stock_batches (parent);

-- The batch that a coupon was drawn from, 0 for none. The index has the coupons of
-- batches only: jobs page over them by id, figures count their states in it.
ALTER TABLE coupons ADD COLUMN batch BIGINT NOT NULL DEFAULT 0;
CREATE INDEX coupons_batch ON coupons (batch, id, state) WHERE batch <> 0;
