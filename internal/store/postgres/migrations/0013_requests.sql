-- +goose Up
-- A coupon remembers the request that made it (hashes of its idempotency key and
-- of its body), which the wallet's index finds: claims need no reply of their own.
ALTER TABLE coupons ADD COLUMN request_key BIGINT NOT NULL DEFAULT 0;
ALTER TABLE coupons ADD COLUMN request_body BIGINT NOT NULL DEFAULT 0;
DROP INDEX coupons_wallet;
CREATE INDEX coupons_wallet ON coupons (week, member, request_key, id);
