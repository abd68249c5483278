-- +goose Up
-- What happened to rows after they were made, by time: what a verification of the
-- changes since the last one asks. A claim or grant, which only makes, writes nothing here.
CREATE INDEX changes_later ON changes (at, aggregate, kind) WHERE seq > 1;
