-- +goose Up
-- What became of a row, and what somebody did, without reading the whole log.
CREATE INDEX audit_object ON audit (object, id);
CREATE INDEX audit_actor ON audit (actor, id);
