-- +goose Up
-- Packs and share packets.
CREATE TABLE packs (
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
CREATE UNIQUE INDEX packs_code ON packs (code) WHERE code <> '';

-- One act in which a pack was given; rev is the pack's, wanted its coupons when whole.
CREATE TABLE pack_issues (
    origin BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    pack BIGINT NOT NULL,
    pack_rev BIGINT NOT NULL,
    member BIGINT NOT NULL,
    placement BIGINT NOT NULL,
    day BIGINT NOT NULL,
    at BIGINT NOT NULL,
    wanted BIGINT NOT NULL,
    coupons BIGINT NOT NULL,
    missing TEXT NOT NULL,
    PRIMARY KEY (origin, slot),
    CHECK (coupons BETWEEN 1 AND wanted)
);
CREATE INDEX pack_issues_pack ON pack_issues (pack, day);

-- The coupons of packs, for the figures of a pack.
CREATE TABLE pack_coupons (
    pack BIGINT NOT NULL,
    coupon BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    PRIMARY KEY (pack, coupon, slot)
);

CREATE TABLE packet_plans (
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
CREATE UNIQUE INDEX packet_plans_code ON packet_plans (code) WHERE code <> '';

-- A share packet: amounts are those of its shares in the order in which they are
-- opened, drawn from the seed. A packet lies in its sharer's slot.
CREATE TABLE packets (
    id BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    plan BIGINT NOT NULL,
    plan_rev BIGINT NOT NULL,
    member BIGINT NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    ref TEXT COLLATE "C" NOT NULL,
    shares BIGINT NOT NULL,
    total_minor BIGINT NOT NULL,
    amounts TEXT NOT NULL,
    seed TEXT NOT NULL,
    day BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    closed_at BIGINT NOT NULL,
    returned_minor BIGINT NOT NULL,
    rev BIGINT NOT NULL,
    PRIMARY KEY (id, slot),
    CHECK (shares >= 1),
    CHECK (returned_minor BETWEEN 0 AND total_minor),
    CHECK (rev >= 1)
);
CREATE INDEX packets_due ON packets (expires_at, id) WHERE closed_at = 0;
CREATE INDEX packets_plan ON packets (plan, id);
CREATE INDEX packets_member ON packets (member, id);

-- A share that was opened, in its packet's slot.
CREATE TABLE packet_shares (
    packet BIGINT NOT NULL,
    number BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    member BIGINT NOT NULL,
    amount_minor BIGINT NOT NULL,
    coupon BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (packet, number, slot),
    CHECK (number >= 1),
    CHECK (amount_minor >= 0)
);
CREATE UNIQUE INDEX packet_shares_member ON packet_shares (packet, member, slot);

-- A coupon's own amount, where it is not that of its terms.
ALTER TABLE coupons ADD COLUMN face_minor BIGINT NOT NULL DEFAULT 0 CHECK (face_minor >= 0);
