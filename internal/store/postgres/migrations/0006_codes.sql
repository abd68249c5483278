-- +goose Up
-- Exchange codes: batches, formats by which generated ones are read, uses, and
-- those that were made elsewhere.
CREATE TABLE code_batches (
    key TEXT COLLATE "C" NOT NULL,
    id BIGINT NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    parent TEXT COLLATE "C" NOT NULL,
    market TEXT COLLATE "C" NOT NULL,
    merchant TEXT COLLATE "C" NOT NULL,
    store TEXT COLLATE "C" NOT NULL,
    city TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    doc TEXT NOT NULL,
    rev BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    archived_at BIGINT NOT NULL,
    PRIMARY KEY (key),
    CHECK (rev >= 1)
);
CREATE UNIQUE INDEX code_batches_code ON code_batches (code) WHERE code <> '';

CREATE TABLE code_formats (
    format TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (format)
);

-- A code that became a coupon; slot is that of the code.
CREATE TABLE code_uses (
    batch BIGINT NOT NULL,
    number BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    template BIGINT NOT NULL,
    member BIGINT NOT NULL,
    coupon BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (batch, number, slot)
);
CREATE INDEX code_uses_member ON code_uses (batch, member);

-- Imported codes by a keyed hash; slot is that of the hash.
CREATE TABLE code_pool (
    hash TEXT COLLATE "C" NOT NULL,
    slot BIGINT NOT NULL,
    batch BIGINT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (hash, slot)
);

-- How many codes a batch has, of a word how many uses.
CREATE TABLE code_sizes (
    batch BIGINT NOT NULL,
    total BIGINT NOT NULL,
    PRIMARY KEY (batch),
    CHECK (total >= 0)
);
