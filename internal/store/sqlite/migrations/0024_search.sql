-- +goose Up
-- By which parts of their names and codes reference rows are found: what is left of each
-- text from each of its characters on, 24 of them at most, with a to z small.
CREATE TABLE name_parts (
    noun TEXT NOT NULL,
    part TEXT NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (noun, part, key)
) WITHOUT ROWID;
INSERT INTO name_parts SELECT DISTINCT v.noun, substr(lower(v.text), n.at, 24), v.key FROM (
    SELECT 'markets' AS noun, key, name AS text FROM markets UNION ALL
    SELECT 'merchants' AS noun, key, name AS text FROM merchants UNION ALL
    SELECT 'stores' AS noun, key, name AS text FROM stores UNION ALL
    SELECT 'items' AS noun, key, name AS text FROM items UNION ALL
    SELECT 'lists' AS noun, key, name AS text FROM lists UNION ALL
    SELECT 'segments' AS noun, key, name AS text FROM segments UNION ALL
    SELECT 'desks' AS noun, key, name AS text FROM desks UNION ALL
    SELECT 'market_days' AS noun, key, name AS text FROM market_days UNION ALL
    SELECT 'outer_facts' AS noun, key, name AS text FROM outer_facts UNION ALL
    SELECT 'templates' AS noun, key, name AS text FROM templates UNION ALL
    SELECT 'placements' AS noun, key, name AS text FROM placements UNION ALL
    SELECT 'budgets' AS noun, key, name AS text FROM budgets UNION ALL
    SELECT 'code_batches' AS noun, key, name AS text FROM code_batches UNION ALL
    SELECT 'packs' AS noun, key, name AS text FROM packs UNION ALL
    SELECT 'stock_batches' AS noun, key, name AS text FROM stock_batches UNION ALL
    SELECT 'packet_plans' AS noun, key, name AS text FROM packet_plans UNION ALL
    SELECT 'people' AS noun, key, name AS text FROM people UNION ALL
    SELECT 'links' AS noun, key, name AS text FROM links UNION ALL
    SELECT 'api_keys' AS noun, key, name AS text FROM api_keys UNION ALL
    SELECT 'markets' AS noun, key, key AS text FROM markets UNION ALL
    SELECT 'merchants' AS noun, key, key AS text FROM merchants UNION ALL
    SELECT 'stores' AS noun, key, key AS text FROM stores UNION ALL
    SELECT 'items' AS noun, key, key AS text FROM items UNION ALL
    SELECT 'lists' AS noun, key, key AS text FROM lists UNION ALL
    SELECT 'segments' AS noun, key, key AS text FROM segments UNION ALL
    SELECT 'desks' AS noun, key, key AS text FROM desks UNION ALL
    SELECT 'market_days' AS noun, key, key AS text FROM market_days UNION ALL
    SELECT 'outer_facts' AS noun, key, key AS text FROM outer_facts UNION ALL
    SELECT 'templates' AS noun, key, code AS text FROM templates UNION ALL
    SELECT 'placements' AS noun, key, code AS text FROM placements UNION ALL
    SELECT 'budgets' AS noun, key, code AS text FROM budgets UNION ALL
    SELECT 'code_batches' AS noun, key, code AS text FROM code_batches UNION ALL
    SELECT 'packs' AS noun, key, code AS text FROM packs UNION ALL
    SELECT 'stock_batches' AS noun, key, code AS text FROM stock_batches UNION ALL
    SELECT 'packet_plans' AS noun, key, code AS text FROM packet_plans UNION ALL
    SELECT 'people' AS noun, key, code AS text FROM people UNION ALL
    SELECT 'links' AS noun, key, code AS text FROM links UNION ALL
    SELECT 'templates' AS noun, templates.key, j.value AS text FROM templates, json_each(doc, '$.customer_name') AS j UNION ALL
    SELECT 'packs' AS noun, packs.key, j.value AS text FROM packs, json_each(doc, '$.customer_name') AS j UNION ALL
    SELECT 'packet_plans' AS noun, packet_plans.key, j.value AS text FROM packet_plans, json_each(doc, '$.customer_name') AS j
) AS v, (
    SELECT 1 + a.d + 10 * b.d + 100 * c.d AS at FROM
        (SELECT column1 AS d FROM (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9))) AS a,
        (SELECT column1 AS d FROM (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9))) AS b,
        (SELECT column1 AS d FROM (VALUES (0), (1), (2))) AS c
) AS n WHERE n.at <= length(v.text);
