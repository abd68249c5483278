-- +goose Up
-- Where items are found by what scopes include, cheapest first.
CREATE TABLE item_shelves (
    market TEXT NOT NULL,
    shelf TEXT NOT NULL,
    price_minor BIGINT NOT NULL,
    sku TEXT NOT NULL,
    PRIMARY KEY (market, shelf, price_minor, sku)
) WITHOUT ROWID;
CREATE INDEX item_shelves_sku ON item_shelves (sku);

INSERT INTO item_shelves (market, shelf, price_minor, sku)
SELECT market, '*', json_extract(doc, '$.price_minor'), key FROM items WHERE archived_at = 0 AND json_extract(doc, '$.price_minor') > 0;
INSERT INTO item_shelves (market, shelf, price_minor, sku)
SELECT market, 'b:' || json_extract(doc, '$.brand'), json_extract(doc, '$.price_minor'), key FROM items
WHERE archived_at = 0 AND json_extract(doc, '$.price_minor') > 0 AND COALESCE(json_extract(doc, '$.brand'), '') <> '';
INSERT INTO item_shelves (market, shelf, price_minor, sku)
SELECT market, 'm:' || merchant, json_extract(doc, '$.price_minor'), key FROM items
WHERE archived_at = 0 AND json_extract(doc, '$.price_minor') > 0 AND merchant <> '';
INSERT INTO item_shelves (market, shelf, price_minor, sku)
WITH RECURSIVE cut (market, sku, price_minor, category, upto) AS (
    SELECT market, key, json_extract(doc, '$.price_minor'), json_extract(doc, '$.category'), length(json_extract(doc, '$.category'))
    FROM items WHERE archived_at = 0 AND json_extract(doc, '$.price_minor') > 0 AND COALESCE(json_extract(doc, '$.category'), '') <> ''
    UNION ALL
    SELECT market, sku, price_minor, category, upto - 1 FROM cut WHERE upto > 1
)
SELECT DISTINCT market, 'c:' || substr(category, 1, upto), price_minor, sku FROM cut
WHERE upto = length(category) OR substr(category, upto + 1, 1) = '/';
