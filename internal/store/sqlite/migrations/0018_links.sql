-- +goose Up
-- Short links to the pages of placements; doc is the JSON of the struct.
CREATE TABLE links (
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
CREATE UNIQUE INDEX links_code ON links (code) WHERE code <> '';
CREATE INDEX links_parent ON links (parent, key);

-- Phone pages of placements, by the placement's id text.
CREATE TABLE pages (
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
CREATE UNIQUE INDEX pages_code ON pages (code) WHERE code <> '';

-- Head pictures of pages, written anew by us as JPEG; name is the hash of it, data its base 64.
CREATE TABLE pictures (
    name TEXT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    data TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (name)
);

-- Coupons that were claimed through links, for the figures of a link.
CREATE TABLE link_coupons (
    link BIGINT NOT NULL,
    coupon BIGINT NOT NULL,
    origin BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    PRIMARY KEY (link, coupon, slot)
) WITHOUT ROWID;

-- What the pages of links saw, by local day.
CREATE TABLE link_days (
    link BIGINT NOT NULL,
    day BIGINT NOT NULL,
    views BIGINT NOT NULL,
    sign_ins BIGINT NOT NULL,
    PRIMARY KEY (link, day)
) WITHOUT ROWID;
