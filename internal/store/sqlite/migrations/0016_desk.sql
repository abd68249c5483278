-- +goose Up
-- The service desk. Saved segments, and how much each market's desk may do.
CREATE TABLE segments (
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
CREATE UNIQUE INDEX segments_code ON segments (code) WHERE code <> '';

CREATE TABLE desks (
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
CREATE UNIQUE INDEX desks_code ON desks (code) WHERE code <> '';

-- Members by tag and by the time they were made: what lists of a million are filtered by.
CREATE TABLE member_tags (
    tag TEXT NOT NULL,
    member BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    PRIMARY KEY (tag, member, slot)
) WITHOUT ROWID;
CREATE INDEX member_tags_member ON member_tags (member);
INSERT INTO member_tags (tag, member, slot) SELECT t.value, m.id, m.slot FROM members AS m, json_each(m.tags) AS t;
CREATE INDEX members_made ON members (created_at, id);

-- What people wrote down about a member; the text is sealed.
CREATE TABLE member_notes (
    member BIGINT NOT NULL,
    at BIGINT NOT NULL,
    id BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    author TEXT NOT NULL,
    coupon BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    sealed TEXT NOT NULL,
    key_version BIGINT NOT NULL,
    PRIMARY KEY (member, at, id, slot)
) WITHOUT ROWID;

-- What a member was refused: one row for a template and a reason, with the newest time.
CREATE TABLE member_refusals (
    member BIGINT NOT NULL,
    template BIGINT NOT NULL,
    code TEXT NOT NULL,
    slot BIGINT NOT NULL,
    id BIGINT NOT NULL,
    coupon BIGINT NOT NULL,
    channel TEXT NOT NULL,
    facts TEXT NOT NULL,
    total BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (member, template, code, slot),
    CHECK (total >= 1)
) WITHOUT ROWID;
CREATE INDEX member_refusals_aged ON member_refusals (last_at);

-- What agents did for members. desk and agent_number name the counters of its quota.
CREATE TABLE desk_acts (
    member BIGINT NOT NULL,
    at BIGINT NOT NULL,
    id BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    market TEXT NOT NULL,
    agent TEXT NOT NULL,
    desk BIGINT NOT NULL,
    agent_number BIGINT NOT NULL,
    day BIGINT NOT NULL,
    coupon BIGINT NOT NULL,
    issued BIGINT NOT NULL,
    from_at BIGINT NOT NULL,
    to_at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (member, at, id, slot),
    CHECK (kind BETWEEN 1 AND 3)
) WITHOUT ROWID;
CREATE UNIQUE INDEX desk_acts_once ON desk_acts (coupon, slot) WHERE kind = 1;
CREATE INDEX desk_acts_coupon ON desk_acts (coupon, id) WHERE coupon <> 0;
CREATE INDEX desk_acts_issued ON desk_acts (issued) WHERE issued <> 0;
