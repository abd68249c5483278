-- +goose Up
-- The API key whose member token began a visit: it ends with the key, and sees its scope.
ALTER TABLE visits ADD COLUMN minter BIGINT NOT NULL DEFAULT 0;
