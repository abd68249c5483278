-- +goose Up
-- Who may sign in to the console; doc is the JSON of the struct.
CREATE TABLE people (
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
CREATE UNIQUE INDEX people_code ON people (code) WHERE code <> '';

-- Sign-ins; hash is of the token that the device holds. One that has ended is deleted.
CREATE TABLE sessions (
    hash TEXT NOT NULL,
    id BIGINT NOT NULL,
    person BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    agent TEXT NOT NULL,
    address TEXT NOT NULL,
    PRIMARY KEY (hash)
);
CREATE INDEX sessions_person ON sessions (person, id);
CREATE INDEX sessions_seen ON sessions (seen_at);
CREATE INDEX sessions_made ON sessions (created_at);
