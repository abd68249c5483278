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
    template TEXT NOT NULL,
    pack TEXT NOT NULL,
    PRIMARY KEY (template, pack)
) WITHOUT ROWID;
CREATE INDEX pack_parts_pack ON pack_parts (pack);
INSERT INTO pack_parts (template, pack) SELECT DISTINCT t.key, p.key FROM packs AS p, json_each(p.doc, '$.parts') AS j
    JOIN templates AS t ON t.id = json_extract(j.value, '$.template');

-- Which templates bulk grants give.
CREATE TABLE grant_templates (
    template BIGINT NOT NULL,
    job BIGINT NOT NULL,
    PRIMARY KEY (template, job)
) WITHOUT ROWID;
INSERT INTO grant_templates (template, job) SELECT DISTINCT CAST(t.value AS BIGINT), j.id FROM jobs AS j, json_each(j.args, '$.templates') AS t WHERE j.kind = 'grant';
