-- +goose Up
-- What kinds by units, shipping lines, benefits and intervals need to know of a use.
ALTER TABLE coupons ADD COLUMN last_used_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE order_lines ADD COLUMN no_coupons BIGINT NOT NULL DEFAULT 0 CHECK (no_coupons IN (0, 1));
ALTER TABLE order_lines ADD COLUMN shipping TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE redemptions ADD COLUMN gift_quantity BIGINT NOT NULL DEFAULT 0 CHECK (gift_quantity >= 0);
ALTER TABLE redemptions ADD COLUMN benefit_unit TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE redemptions ADD COLUMN benefit_value BIGINT NOT NULL DEFAULT 0;

-- The newest use that was not given back.
UPDATE coupons SET last_used_at = (SELECT MAX(r.at) FROM redemptions AS r WHERE r.coupon = coupons.id AND r.coupon_back = 0)
WHERE used > 0 AND EXISTS (SELECT 1 FROM redemptions AS r WHERE r.coupon = coupons.id AND r.coupon_back = 0);

-- Until now every gift was handed over as its terms say.
UPDATE redemptions SET gift_quantity = (SELECT CAST(CAST(v.doc AS jsonb) #>> '{terms,gift,quantity}' AS BIGINT) FROM template_versions AS v
    WHERE v.template = redemptions.template AND v.number = redemptions.version)
WHERE EXISTS (SELECT 1 FROM template_versions AS v WHERE v.template = redemptions.template AND v.number = redemptions.version
    AND CAST(CAST(v.doc AS jsonb) #>> '{terms,gift,quantity}' AS BIGINT) > 0);
