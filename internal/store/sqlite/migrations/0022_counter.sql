-- +goose Up
-- When a counter without network scanned what it redeemed later (0: it was in touch),
-- who gave a use back, and what a store redeemed and took back by day.
ALTER TABLE redemptions ADD COLUMN scanned_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE redemptions ADD COLUMN returned_by TEXT NOT NULL DEFAULT '';
CREATE INDEX redemptions_store ON redemptions (store, day, id) WHERE store <> '';
CREATE INDEX redemptions_store_returned ON redemptions (store, returned_day, id) WHERE store <> '' AND returned_day <> 0;
