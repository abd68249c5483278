-- +goose Up
-- Codes that were sent to phones so that their owners can sign in, the newest of each;
-- hash and slot are those of the phone's identity, code is a keyed hash.
CREATE TABLE visit_codes (
    hash TEXT NOT NULL,
    slot BIGINT NOT NULL,
    code TEXT NOT NULL,
    tries BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (hash, slot)
);
CREATE INDEX visit_codes_end ON visit_codes (expires_at);

-- Members' sign-ins on our own pages; hash is of the token that the browser holds, and
-- the slot is that of the hash. One that has ended is deleted.
CREATE TABLE visits (
    hash TEXT NOT NULL,
    slot BIGINT NOT NULL,
    member BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    PRIMARY KEY (hash, slot)
);
CREATE INDEX visits_member ON visits (member);
CREATE INDEX visits_end ON visits (ends_at);
