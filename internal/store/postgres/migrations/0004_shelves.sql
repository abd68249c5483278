-- +goose Up
-- Where items are found by what scopes include, cheapest first.
CREATE TABLE item_shelves (
    market TEXT COLLATE "C" NOT NULL,
    shelf TEXT COLLATE "C" NOT NULL,
    price_minor BIGINT NOT NULL,
    sku TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (market, shelf, price_minor, sku)
);
CREATE INDEX item_shelves_sku ON item_shelves (sku);

INSERT INTO item_shelves (market, shelf, price_minor, sku)
SELECT market, '*', (doc::json->>'price_minor')::bigint, key FROM items WHERE archived_at = 0 AND (doc::json->>'price_minor')::bigint > 0;
INSERT INTO item_shelves (market, shelf, price_minor, sku)
SELECT market, 'b:' || (doc::json->>'brand'), (doc::json->>'price_minor')::bigint, key FROM items
WHERE archived_at = 0 AND (doc::json->>'price_minor')::bigint > 0 AND COALESCE(doc::json->>'brand', '') <> '';
INSERT INTO item_shelves (market, shelf, price_minor, sku)
SELECT market, 'm:' || merchant, (doc::json->>'price_minor')::bigint, key FROM items
WHERE archived_at = 0 AND (doc::json->>'price_minor')::bigint > 0 AND merchant <> '';
INSERT INTO item_shelves (market, shelf, price_minor, sku)
SELECT DISTINCT i.market, 'c:' || substr(i.doc::json->>'category', 1, n.upto), (i.doc::json->>'price_minor')::bigint, i.key
FROM items AS i CROSS JOIN LATERAL generate_series(1, length(i.doc::json->>'category')) AS n(upto)
WHERE i.archived_at = 0 AND (i.doc::json->>'price_minor')::bigint > 0 AND COALESCE(i.doc::json->>'category', '') <> ''
AND (n.upto = length(i.doc::json->>'category') OR substr(i.doc::json->>'category', n.upto + 1, 1) = '/');
