-- +goose Up
-- By which parts of their names and codes reference rows are found: what is left of each
-- text from each of its characters on, 24 of them at most, with a to z small.
CREATE TABLE name_parts (
    noun TEXT COLLATE "C" NOT NULL,
    part TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (noun, part, key)
);
INSERT INTO name_parts SELECT DISTINCT 'markets', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, name AS text FROM markets) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'merchants', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, name AS text FROM merchants) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'stores', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, name AS text FROM stores) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'items', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, name AS text FROM items) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'lists', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, name AS text FROM lists) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'segments', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, name AS text FROM segments) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'desks', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, name AS text FROM desks) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'market_days', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, name AS text FROM market_days) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'outer_facts', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, name AS text FROM outer_facts) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'templates', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, name AS text FROM templates) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'placements', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, name AS text FROM placements) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'budgets', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, name AS text FROM budgets) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'code_batches', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, name AS text FROM code_batches) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'packs', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, name AS text FROM packs) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'stock_batches', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, name AS text FROM stock_batches) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'packet_plans', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, name AS text FROM packet_plans) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'people', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, name AS text FROM people) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'links', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, name AS text FROM links) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'api_keys', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, name AS text FROM api_keys) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'markets', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, key AS text FROM markets) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'merchants', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, key AS text FROM merchants) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'stores', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, key AS text FROM stores) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'items', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, key AS text FROM items) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'lists', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, key AS text FROM lists) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'segments', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, key AS text FROM segments) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'desks', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, key AS text FROM desks) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'market_days', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, key AS text FROM market_days) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'outer_facts', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, key AS text FROM outer_facts) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'templates', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, code AS text FROM templates) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'placements', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, code AS text FROM placements) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'budgets', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, code AS text FROM budgets) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'code_batches', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, code AS text FROM code_batches) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'packs', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, code AS text FROM packs) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'stock_batches', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, code AS text FROM stock_batches) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'packet_plans', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, code AS text FROM packet_plans) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'people', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, code AS text FROM people) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'links', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT key, code AS text FROM links) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'templates', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT templates.key, j.value AS text FROM templates CROSS JOIN LATERAL json_each_text(COALESCE(doc::json -> 'customer_name', '{}'::json)) AS j) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'packs', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT packs.key, j.value AS text FROM packs CROSS JOIN LATERAL json_each_text(COALESCE(doc::json -> 'customer_name', '{}'::json)) AS j) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
INSERT INTO name_parts SELECT DISTINCT 'packet_plans', substr(lower(v.text COLLATE "C"), n.at, 24), v.key FROM
    (SELECT packet_plans.key, j.value AS text FROM packet_plans CROSS JOIN LATERAL json_each_text(COALESCE(doc::json -> 'customer_name', '{}'::json)) AS j) AS v CROSS JOIN generate_series(1, 300) AS n(at)
    WHERE n.at <= length(v.text)
    ON CONFLICT (noun, part, key) DO NOTHING;
