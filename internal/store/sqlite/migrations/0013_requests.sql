-- +goose Up
-- A coupon remembers the request that made it (hashes of its idempotency key and
-- of its body), which the wallet's index finds: claims need no reply of their own.
ALTER TABLE coupons ADD COLUMN request_key BIGINT NOT NULL DEFAULT 0;
ALTER TABLE coupons ADD COLUMN request_body BIGINT NOT NULL DEFAULT 0;
DROP INDEX coupons_wallet;
CREATE INDEX coupons_wallet ON coupons (week, member, request_key, id);

-- The slot lies elsewhere in an id now, so that ids made together lie together.
-- A database with ids of before can't be read: it is refused here.
CREATE TABLE ids_of_before (found BIGINT NOT NULL CHECK (found = 0));
INSERT INTO ids_of_before SELECT count(*) FROM (SELECT 1 FROM members WHERE slot <> (id >> 7 & 16383) LIMIT 1) AS old;
DROP TABLE ids_of_before;
