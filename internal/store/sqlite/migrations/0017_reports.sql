-- +goose Up
-- Figures by merchant and store, where orders are made: deltas say both, and are folded
-- into a second cube beside the one that knows neither. What was told before is sorted
-- into it by the facts.
INSERT INTO rollups (day, template, placement, market, form, channel, city, issued, redeemed, coupons_used, returned, expired, withdrawn, orders, list_minor, discount_minor, paid_minor, refunded_minor, returned_minor)
    SELECT day, template, placement, market, form, channel, city, SUM(issued), SUM(redeemed), SUM(coupons_used), SUM(returned), SUM(expired), SUM(withdrawn), SUM(orders), SUM(list_minor), SUM(discount_minor), SUM(paid_minor), SUM(refunded_minor), SUM(returned_minor) FROM rollup_deltas WHERE 1 = 1 GROUP BY day, template, placement, market, form, channel, city
    ON CONFLICT (day, template, placement, market, form, channel, city) DO UPDATE SET issued = rollups.issued + EXCLUDED.issued, redeemed = rollups.redeemed + EXCLUDED.redeemed, coupons_used = rollups.coupons_used + EXCLUDED.coupons_used, returned = rollups.returned + EXCLUDED.returned, expired = rollups.expired + EXCLUDED.expired, withdrawn = rollups.withdrawn + EXCLUDED.withdrawn, orders = rollups.orders + EXCLUDED.orders, list_minor = rollups.list_minor + EXCLUDED.list_minor, discount_minor = rollups.discount_minor + EXCLUDED.discount_minor, paid_minor = rollups.paid_minor + EXCLUDED.paid_minor, refunded_minor = rollups.refunded_minor + EXCLUDED.refunded_minor, returned_minor = rollups.returned_minor + EXCLUDED.returned_minor;
DROP TABLE rollup_deltas;
CREATE TABLE rollup_deltas (
    day BIGINT NOT NULL,
    template BIGINT NOT NULL,
    placement BIGINT NOT NULL,
    market TEXT NOT NULL,
    form TEXT NOT NULL,
    channel TEXT NOT NULL,
    city TEXT NOT NULL,
    merchant TEXT NOT NULL,
    store TEXT NOT NULL,
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
    PRIMARY KEY (day, template, placement, market, form, channel, city, merchant, store, id, slot)
) WITHOUT ROWID;

CREATE TABLE rollups_by_store (
    day BIGINT NOT NULL,
    template BIGINT NOT NULL,
    placement BIGINT NOT NULL,
    market TEXT NOT NULL,
    form TEXT NOT NULL,
    channel TEXT NOT NULL,
    city TEXT NOT NULL,
    merchant TEXT NOT NULL,
    store TEXT NOT NULL,
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
    PRIMARY KEY (day, template, placement, market, form, channel, city, merchant, store)
) WITHOUT ROWID;

-- What a refund gave back of each cell, and on which day: a settlement of a period
-- counts what was given back in it. Of what was given back before, the day is that of
-- the order's last refund.
CREATE TABLE cell_returns (
    redemption BIGINT NOT NULL,
    refund BIGINT NOT NULL,
    cell BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    day BIGINT NOT NULL,
    minor BIGINT NOT NULL,
    PRIMARY KEY (redemption, refund, cell, slot),
    CHECK (minor > 0)
) WITHOUT ROWID;
CREATE INDEX cell_returns_day ON cell_returns (day, redemption, refund, cell);
INSERT INTO cell_returns (redemption, refund, cell, slot, day, minor)
    SELECT c.redemption, f.id, c.cell, c.slot, f.day, c.returned_minor FROM redemption_cells AS c JOIN redemptions AS r ON r.id = c.redemption
    JOIN (SELECT order_id, MAX(id) AS last FROM refunds GROUP BY order_id) AS l ON l.order_id = r.order_id
    JOIN refunds AS f ON f.order_id = l.order_id AND f.id = l.last WHERE c.returned_minor > 0;

-- The rows behind figures of days.
CREATE INDEX redemptions_day ON redemptions (day, id);
CREATE INDEX redemptions_returned ON redemptions (returned_day, id) WHERE returned_day <> 0;

CREATE TABLE sides (sign BIGINT NOT NULL);
INSERT INTO sides (sign) VALUES (1), (-1);
INSERT INTO rollups_by_store (day, template, placement, market, form, channel, city, merchant, store, issued, redeemed, coupons_used, returned, expired, withdrawn, orders, list_minor, discount_minor, paid_minor, refunded_minor, returned_minor)
    SELECT day, template, placement, market, form, channel, city, merchant, store, SUM(issued), SUM(redeemed), SUM(coupons_used), SUM(returned), SUM(expired), SUM(withdrawn), SUM(orders), SUM(list_minor), SUM(discount_minor), SUM(paid_minor), SUM(refunded_minor), SUM(returned_minor) FROM (
    SELECT day, template, placement, market, form, channel, city, '' AS merchant, '' AS store, issued, redeemed, coupons_used, returned, expired, withdrawn, orders, list_minor, discount_minor, paid_minor, refunded_minor, returned_minor FROM rollups
    UNION ALL
    SELECT r.day, r.template, r.placement, COALESCE(t.market, '') || CASE WHEN r.currency = '' THEN '' ELSE '@' || r.currency END AS market, r.form, r.channel, r.city, CASE s.sign WHEN 1 THEN r.merchant ELSE '' END AS merchant, CASE s.sign WHEN 1 THEN r.store ELSE '' END AS store, 0 AS issued, 1 * s.sign AS redeemed, r.first_use * s.sign AS coupons_used, 0 AS returned, 0 AS expired, 0 AS withdrawn, 1 * s.sign AS orders, r.list_minor * s.sign AS list_minor, r.discount_minor * s.sign AS discount_minor, r.paid_minor * s.sign AS paid_minor, 0 AS refunded_minor, 0 AS returned_minor
    FROM redemptions AS r LEFT JOIN templates AS t ON t.id = r.template CROSS JOIN sides AS s WHERE (r.merchant <> '' OR r.store <> '')
    UNION ALL
    SELECT r.returned_day AS day, r.template, r.placement, COALESCE(t.market, '') || CASE WHEN r.currency = '' THEN '' ELSE '@' || r.currency END AS market, r.form, r.channel, r.city, CASE s.sign WHEN 1 THEN r.merchant ELSE '' END AS merchant, CASE s.sign WHEN 1 THEN r.store ELSE '' END AS store, 0 AS issued, 0 AS redeemed, 0 AS coupons_used, 1 * s.sign AS returned, 0 AS expired, 0 AS withdrawn, 0 AS orders, 0 AS list_minor, 0 AS discount_minor, 0 AS paid_minor, 0 AS refunded_minor, 0 AS returned_minor
    FROM redemptions AS r LEFT JOIN templates AS t ON t.id = r.template CROSS JOIN sides AS s WHERE r.coupon_back = 1 AND (r.merchant <> '' OR r.store <> '')
    UNION ALL
    SELECT v.day, r.template, r.placement, COALESCE(t.market, '') || CASE WHEN r.currency = '' THEN '' ELSE '@' || r.currency END AS market, r.form, r.channel, r.city, CASE s.sign WHEN 1 THEN r.merchant ELSE '' END AS merchant, CASE s.sign WHEN 1 THEN r.store ELSE '' END AS store, 0 AS issued, 0 AS redeemed, 0 AS coupons_used, 0 AS returned, 0 AS expired, 0 AS withdrawn, 0 AS orders, 0 AS list_minor, 0 AS discount_minor, 0 AS paid_minor, 0 AS refunded_minor, v.minor * s.sign AS returned_minor
    FROM cell_returns AS v JOIN redemptions AS r ON r.id = v.redemption LEFT JOIN templates AS t ON t.id = r.template CROSS JOIN sides AS s WHERE (r.merchant <> '' OR r.store <> '')
    UNION ALL
    SELECT o.day, 0 AS template, 0 AS placement, o.market || CASE WHEN o.currency = '' THEN '' ELSE '@' || o.currency END AS market, '' AS form, o.channel, o.city, CASE s.sign WHEN 1 THEN o.merchant ELSE '' END AS merchant, CASE s.sign WHEN 1 THEN o.store ELSE '' END AS store, 0 AS issued, 0 AS redeemed, 0 AS coupons_used, 0 AS returned, 0 AS expired, 0 AS withdrawn, 1 * s.sign AS orders, o.list_minor * s.sign AS list_minor, o.discount_minor * s.sign AS discount_minor, o.paid_minor * s.sign AS paid_minor, 0 AS refunded_minor, 0 AS returned_minor
    FROM orders AS o CROSS JOIN sides AS s WHERE (o.merchant <> '' OR o.store <> '')
    UNION ALL
    SELECT f.day, 0 AS template, 0 AS placement, o.market || CASE WHEN o.currency = '' THEN '' ELSE '@' || o.currency END AS market, '' AS form, o.channel, o.city, CASE s.sign WHEN 1 THEN o.merchant ELSE '' END AS merchant, CASE s.sign WHEN 1 THEN o.store ELSE '' END AS store, 0 AS issued, 0 AS redeemed, 0 AS coupons_used, 0 AS returned, 0 AS expired, 0 AS withdrawn, 0 AS orders, 0 AS list_minor, 0 AS discount_minor, 0 AS paid_minor, f.minor * s.sign AS refunded_minor, 0 AS returned_minor
    FROM refunds AS f JOIN orders AS o ON o.id = f.order_id CROSS JOIN sides AS s WHERE (o.merchant <> '' OR o.store <> '')
    ) AS k GROUP BY day, template, placement, market, form, channel, city, merchant, store;
DROP TABLE sides;
