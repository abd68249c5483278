-- +goose Up
-- Reference nouns: rows written rarely and alone, all of one shape; doc is the JSON of the struct.
CREATE TABLE markets (
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
CREATE UNIQUE INDEX markets_code ON markets (code) WHERE code <> '';

CREATE TABLE merchants (
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
CREATE UNIQUE INDEX merchants_code ON merchants (code) WHERE code <> '';

CREATE TABLE stores (
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
CREATE UNIQUE INDEX stores_code ON stores (code) WHERE code <> '';

CREATE TABLE items (
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
CREATE UNIQUE INDEX items_code ON items (code) WHERE code <> '';

CREATE TABLE templates (
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
CREATE UNIQUE INDEX templates_code ON templates (code) WHERE code <> '';

CREATE TABLE placements (
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
CREATE UNIQUE INDEX placements_code ON placements (code) WHERE code <> '';

CREATE TABLE api_keys (
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
CREATE UNIQUE INDEX api_keys_code ON api_keys (code) WHERE code <> '';

-- Published content: inserted once, never changed.
CREATE TABLE template_versions (
    template BIGINT NOT NULL,
    number BIGINT NOT NULL,
    hash TEXT NOT NULL,
    doc TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    published_by TEXT NOT NULL,
    PRIMARY KEY (template, number),
    CHECK (number >= 1)
);

-- Member tables: slot is the last column of every key.
CREATE TABLE members (
    id BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    alias_of BIGINT NOT NULL,
    blocked BIGINT NOT NULL,
    attributes TEXT NOT NULL,
    rev BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (id, slot),
    CHECK (rev >= 1),
    CHECK (blocked IN (0, 1))
) WITHOUT ROWID;

-- The slot of an identity is the hash of its key, not the member's.
CREATE TABLE identities (
    kind TEXT NOT NULL,
    hash TEXT NOT NULL,
    slot BIGINT NOT NULL,
    member BIGINT NOT NULL,
    sealed TEXT NOT NULL,
    key_version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (kind, hash, slot)
) WITHOUT ROWID;
CREATE INDEX identities_member ON identities (member);

-- Coupons lie in the order of their ids; week is that of the id.
CREATE TABLE coupons (
    id BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    week BIGINT NOT NULL,
    member BIGINT NOT NULL,
    template BIGINT NOT NULL,
    version BIGINT NOT NULL,
    state BIGINT NOT NULL,
    used BIGINT NOT NULL,
    uses BIGINT NOT NULL,
    next_use BIGINT NOT NULL,
    issued_at BIGINT NOT NULL,
    issued_day BIGINT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT NOT NULL,
    origin BIGINT NOT NULL,
    placement BIGINT NOT NULL,
    form TEXT NOT NULL,
    channel TEXT NOT NULL,
    city TEXT NOT NULL,
    newcomer BIGINT NOT NULL,
    liability BIGINT NOT NULL,
    lock_id BIGINT NOT NULL,
    facts TEXT NOT NULL,
    ended_day BIGINT NOT NULL,
    rev BIGINT NOT NULL,
    PRIMARY KEY (id, slot),
    CHECK (state BETWEEN 1 AND 5),
    CHECK (used BETWEEN 0 AND uses),
    CHECK (next_use >= used),
    CHECK (state <> 2 OR lock_id <> 0),
    CHECK (liability >= 0),
    CHECK (newcomer IN (0, 1)),
    CHECK (rev >= 1)
) WITHOUT ROWID;
CREATE INDEX coupons_wallet ON coupons (week, member, id);
CREATE INDEX coupons_newcomer ON coupons (member) WHERE newcomer = 1 AND state IN (1, 2);
CREATE INDEX coupons_due ON coupons (valid_to, id) WHERE state = 1 AND valid_to <> 4611686018427387903;

-- per, what and period are the small numbers of sqlrepo/counterkey.go.
CREATE TABLE counters (
    template BIGINT NOT NULL,
    per BIGINT NOT NULL,
    subject BIGINT NOT NULL,
    what BIGINT NOT NULL,
    period BIGINT NOT NULL,
    start BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    taken BIGINT NOT NULL,
    ceiling BIGINT NOT NULL,
    over_use BIGINT NOT NULL,
    rev BIGINT NOT NULL,
    PRIMARY KEY (template, per, subject, what, period, start, slot),
    CHECK (taken >= 0),
    CHECK (taken <= ceiling),
    CHECK (over_use >= 0)
) WITHOUT ROWID;

-- coupons is a comma text of ids.
CREATE TABLE locks (
    id BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    source TEXT NOT NULL,
    ref TEXT NOT NULL,
    member BIGINT NOT NULL,
    coupons TEXT NOT NULL,
    state BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    resolved_at BIGINT NOT NULL,
    cart_hash TEXT NOT NULL,
    list_minor BIGINT NOT NULL,
    discount_minor BIGINT NOT NULL,
    payable_minor BIGINT NOT NULL,
    priced TEXT NOT NULL,
    rev BIGINT NOT NULL,
    PRIMARY KEY (id, slot),
    CHECK (state BETWEEN 1 AND 4),
    CHECK ((state = 1) = (resolved_at = 0)),
    CHECK (rev >= 1)
) WITHOUT ROWID;
CREATE INDEX locks_due ON locks (expires_at, id) WHERE state = 1;

CREATE TABLE orders (
    id BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    week BIGINT NOT NULL,
    source TEXT NOT NULL,
    ref TEXT NOT NULL,
    market TEXT NOT NULL,
    member BIGINT NOT NULL,
    merchant TEXT NOT NULL,
    store TEXT NOT NULL,
    channel TEXT NOT NULL,
    city TEXT NOT NULL,
    at BIGINT NOT NULL,
    day BIGINT NOT NULL,
    cart_hash TEXT NOT NULL,
    list_minor BIGINT NOT NULL,
    discount_minor BIGINT NOT NULL,
    paid_minor BIGINT NOT NULL,
    refunded_minor BIGINT NOT NULL,
    rev BIGINT NOT NULL,
    PRIMARY KEY (id, slot),
    CHECK (discount_minor BETWEEN 0 AND list_minor),
    CHECK (refunded_minor BETWEEN 0 AND paid_minor),
    CHECK (rev >= 1)
) WITHOUT ROWID;
CREATE INDEX orders_member ON orders (week, member, id) WHERE member <> 0;

CREATE TABLE order_lines (
    order_id BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    line BIGINT NOT NULL,
    sku TEXT NOT NULL,
    category TEXT NOT NULL,
    brand TEXT NOT NULL,
    merchant TEXT NOT NULL,
    quantity BIGINT NOT NULL,
    unit_minor BIGINT NOT NULL,
    list_minor BIGINT NOT NULL,
    discount_minor BIGINT NOT NULL,
    refunded_quantity BIGINT NOT NULL,
    refunded_minor BIGINT NOT NULL,
    PRIMARY KEY (order_id, line, slot),
    CHECK (discount_minor BETWEEN 0 AND list_minor),
    CHECK (refunded_quantity BETWEEN 0 AND quantity),
    CHECK (refunded_minor BETWEEN 0 AND list_minor - discount_minor)
) WITHOUT ROWID;

CREATE TABLE refunds (
    order_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    ref TEXT NOT NULL,
    at BIGINT NOT NULL,
    day BIGINT NOT NULL,
    minor BIGINT NOT NULL,
    charge_minor BIGINT NOT NULL,
    complete BIGINT NOT NULL,
    body_hash TEXT NOT NULL,
    PRIMARY KEY (order_id, id, slot),
    CHECK (minor >= 0),
    CHECK (charge_minor >= 0),
    CHECK (complete IN (0, 1))
) WITHOUT ROWID;

CREATE TABLE refund_lines (
    order_id BIGINT NOT NULL,
    refund BIGINT NOT NULL,
    line BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    quantity BIGINT NOT NULL,
    minor BIGINT NOT NULL,
    PRIMARY KEY (order_id, refund, line, slot),
    CHECK (quantity >= 0),
    CHECK (minor >= 0)
) WITHOUT ROWID;

CREATE TABLE redemptions (
    id BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    source TEXT NOT NULL,
    ref TEXT NOT NULL,
    order_id BIGINT NOT NULL,
    member BIGINT NOT NULL,
    coupon BIGINT NOT NULL,
    use_no BIGINT NOT NULL,
    template BIGINT NOT NULL,
    version BIGINT NOT NULL,
    placement BIGINT NOT NULL,
    form TEXT NOT NULL,
    merchant TEXT NOT NULL,
    store TEXT NOT NULL,
    channel TEXT NOT NULL,
    city TEXT NOT NULL,
    operator TEXT NOT NULL,
    product TEXT NOT NULL,
    at BIGINT NOT NULL,
    day BIGINT NOT NULL,
    list_minor BIGINT NOT NULL,
    discount_minor BIGINT NOT NULL,
    paid_minor BIGINT NOT NULL,
    late BIGINT NOT NULL,
    first_use BIGINT NOT NULL,
    returned_at BIGINT NOT NULL,
    returned_day BIGINT NOT NULL,
    coupon_back BIGINT NOT NULL,
    rev BIGINT NOT NULL,
    PRIMARY KEY (id, slot),
    CHECK (discount_minor >= 0),
    CHECK (coupon_back = 0 OR returned_at <> 0),
    CHECK (rev >= 1)
) WITHOUT ROWID;
CREATE UNIQUE INDEX redemptions_use ON redemptions (coupon, use_no, slot);
CREATE INDEX redemptions_order ON redemptions (order_id);

-- A cell is the share of a discount that one funder bears on one line.
CREATE TABLE redemption_cells (
    redemption BIGINT NOT NULL,
    cell BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    line BIGINT NOT NULL,
    funder_kind TEXT NOT NULL,
    funder_code TEXT NOT NULL,
    minor BIGINT NOT NULL,
    returned_minor BIGINT NOT NULL,
    PRIMARY KEY (redemption, cell, slot),
    CHECK (returned_minor BETWEEN 0 AND minor)
) WITHOUT ROWID;

-- Identities that other systems gave; the slot is the hash of the key.
CREATE TABLE outside_ids (
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    ref TEXT NOT NULL,
    slot BIGINT NOT NULL,
    target BIGINT NOT NULL,
    PRIMARY KEY (kind, source, ref, slot)
) WITHOUT ROWID;

-- Replies lead with the day, so that inserts of a day stay together and old days go as one.
CREATE TABLE replies (
    day BIGINT NOT NULL,
    key_hash BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    body TEXT NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (day, key_hash, slot)
) WITHOUT ROWID;

-- History and outbox in one.
CREATE TABLE changes (
    aggregate BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    kind TEXT NOT NULL,
    type TEXT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    facts TEXT NOT NULL,
    delivered BIGINT NOT NULL,
    PRIMARY KEY (aggregate, seq, slot),
    CHECK (seq >= 1)
) WITHOUT ROWID;
CREATE INDEX changes_undelivered ON changes (aggregate, seq) WHERE delivered = 0;

CREATE TABLE audit (
    id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    before_doc TEXT NOT NULL,
    after_doc TEXT NOT NULL,
    reason TEXT NOT NULL,
    request_id TEXT NOT NULL,
    PRIMARY KEY (id)
);

-- What transactions add; a job folds it into rollups. id is zero or makes the row nobody else's.
CREATE TABLE rollup_deltas (
    day BIGINT NOT NULL,
    template BIGINT NOT NULL,
    placement BIGINT NOT NULL,
    market TEXT NOT NULL,
    form TEXT NOT NULL,
    channel TEXT NOT NULL,
    city TEXT NOT NULL,
    id BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    issued BIGINT NOT NULL,
    redeemed BIGINT NOT NULL,
    coupons_used BIGINT NOT NULL,
    returned BIGINT NOT NULL,
    expired BIGINT NOT NULL,
    withdrawn BIGINT NOT NULL,
    orders BIGINT NOT NULL,
    list_minor BIGINT NOT NULL,
    discount_minor BIGINT NOT NULL,
    paid_minor BIGINT NOT NULL,
    refunded_minor BIGINT NOT NULL,
    returned_minor BIGINT NOT NULL,
    PRIMARY KEY (day, template, placement, market, form, channel, city, id, slot)
) WITHOUT ROWID;

CREATE TABLE rollups (
    day BIGINT NOT NULL,
    template BIGINT NOT NULL,
    placement BIGINT NOT NULL,
    market TEXT NOT NULL,
    form TEXT NOT NULL,
    channel TEXT NOT NULL,
    city TEXT NOT NULL,
    issued BIGINT NOT NULL,
    redeemed BIGINT NOT NULL,
    coupons_used BIGINT NOT NULL,
    returned BIGINT NOT NULL,
    expired BIGINT NOT NULL,
    withdrawn BIGINT NOT NULL,
    orders BIGINT NOT NULL,
    list_minor BIGINT NOT NULL,
    discount_minor BIGINT NOT NULL,
    paid_minor BIGINT NOT NULL,
    refunded_minor BIGINT NOT NULL,
    returned_minor BIGINT NOT NULL,
    PRIMARY KEY (day, template, placement, market, form, channel, city)
) WITHOUT ROWID;

CREATE TABLE refusals (
    market TEXT NOT NULL,
    day BIGINT NOT NULL,
    template BIGINT NOT NULL,
    code TEXT NOT NULL,
    channel TEXT NOT NULL,
    total BIGINT NOT NULL,
    PRIMARY KEY (market, day, template, code, channel),
    CHECK (total >= 0)
) WITHOUT ROWID;

CREATE TABLE jobs (
    id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    state TEXT NOT NULL,
    done BIGINT NOT NULL,
    total BIGINT NOT NULL,
    resume TEXT NOT NULL,
    message TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    rev BIGINT NOT NULL,
    PRIMARY KEY (id),
    CHECK (rev >= 1)
);
CREATE UNIQUE INDEX jobs_key ON jobs (key);

CREATE TABLE leases (
    name TEXT NOT NULL,
    holder TEXT NOT NULL,
    token BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    PRIMARY KEY (name),
    CHECK (token >= 1)
) WITHOUT ROWID;

CREATE TABLE settings (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (name)
) WITHOUT ROWID;
