-- +goose Up
-- What conditions ask of members, days and the outside.
-- The tags of a member, as a JSON array.
ALTER TABLE members ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';

-- A member's history by its time: first and last order, counts in a window.
CREATE INDEX orders_history ON orders (member, at, id) WHERE member <> 0;

-- Uploaded lists of members, days with names, outer facts.
CREATE TABLE lists (
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
CREATE UNIQUE INDEX lists_code ON lists (code) WHERE code <> '';

CREATE TABLE market_days (
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
CREATE UNIQUE INDEX market_days_code ON market_days (code) WHERE code <> '';

CREATE TABLE outer_facts (
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
CREATE UNIQUE INDEX outer_facts_code ON outer_facts (code) WHERE code <> '';

-- Who is in a list; the key of a list is its code.
CREATE TABLE member_lists (
    list TEXT COLLATE "C" NOT NULL,
    member BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    PRIMARY KEY (list, member, slot)
);
CREATE INDEX member_lists_member ON member_lists (member, list);

-- How many members a list has, so that none need be counted.
CREATE TABLE list_sizes (
    list TEXT COLLATE "C" NOT NULL,
    total BIGINT NOT NULL,
    PRIMARY KEY (list),
    CHECK (total >= 0)
);
