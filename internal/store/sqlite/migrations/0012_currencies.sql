-- +goose Up
-- Orders in a further currency of their market; '' is the market's own.
ALTER TABLE orders ADD COLUMN currency TEXT NOT NULL DEFAULT '';
ALTER TABLE redemptions ADD COLUMN currency TEXT NOT NULL DEFAULT '';
