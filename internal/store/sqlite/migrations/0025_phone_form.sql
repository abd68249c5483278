-- +goose Up
-- Phone numbers that were hashed before their form was decided: a start brings them into it.
CREATE INDEX identities_before_form ON identities (hash) WHERE kind = 'phone' AND key_version < 2;
