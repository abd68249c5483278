-- +goose Up
-- What gives a template's coupons out is found by the template: placements, batches of
-- codes, plans of packets and links by their parents, packs and bulk grants, which can
-- give several templates, by tables beside them, figures by an index on the cube.
CREATE INDEX placements_parent ON placements (parent, key);
CREATE INDEX code_batches_parent ON code_batches (parent, key);
CREATE INDEX packet_plans_parent ON packet_plans (parent, key);
CREATE INDEX rollups_template ON rollups (template, day);

-- Which templates packs have parts of, by the typed texts of both.
CREATE TABLE pack_parts (
    template TEXT COLLATE "C" NOT NULL,
    pack TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (template, pack)
);
CREATE INDEX pack_parts_pack ON pack_parts (pack);
INSERT INTO pack_parts (template, pack) SELECT DISTINCT t.key, p.key FROM packs AS p, jsonb_array_elements(CAST(p.doc AS jsonb) -> 'parts') AS j
    JOIN templates AS t ON t.id = CAST(j ->> 'template' AS BIGINT);

-- Which templates bulk grants give.
CREATE TABLE grant_templates (
    template BIGINT NOT NULL,
    job BIGINT NOT NULL,
    PRIMARY KEY (template, job)
);
INSERT INTO grant_templates (template, job) SELECT DISTINCT CAST(t AS BIGINT), j.id FROM jobs AS j, jsonb_array_elements_text(CAST(j.args AS jsonb) -> 'templates') AS t WHERE j.kind = 'grant';
