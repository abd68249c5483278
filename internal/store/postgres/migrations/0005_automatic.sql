-- +goose Up
-- Templates that apply by themselves, by when they changed.
CREATE INDEX templates_automatic ON templates (market, updated_at, key) WHERE parent = 'automatic';
