package sqlrepo

import (
	"strings"

	"quan/internal/domain/change"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// couponSteps are the changes that may follow each other: before → after.
var couponSteps = map[change.Type][]change.Type{
	change.CouponClaimed:  {change.CouponLocked, change.CouponRedeemed, change.CouponExpired, change.CouponWithdrawn, change.CouponExtended},
	change.CouponGranted:  {change.CouponLocked, change.CouponRedeemed, change.CouponExpired, change.CouponWithdrawn, change.CouponExtended},
	change.CouponLocked:   {change.CouponLocked, change.CouponReleased, change.CouponRedeemed, change.CouponReturned, change.CouponExtended},
	change.CouponReleased: {change.CouponLocked, change.CouponRedeemed, change.CouponReturned, change.CouponExpired, change.CouponWithdrawn, change.CouponExtended},
	change.CouponRedeemed: {change.CouponLocked, change.CouponRedeemed, change.CouponReturned, change.CouponExpired, change.CouponWithdrawn, change.CouponExtended},
	change.CouponReturned: {change.CouponLocked, change.CouponReleased, change.CouponRedeemed, change.CouponReturned, change.CouponExpired, change.CouponWithdrawn, change.CouponExtended},
	change.CouponExtended: {change.CouponLocked, change.CouponReleased, change.CouponRedeemed, change.CouponReturned, change.CouponExpired, change.CouponWithdrawn,
		change.CouponExtended},
	change.CouponExpired:   {change.CouponReturned},
	change.CouponWithdrawn: {change.CouponReturned},
}

// stepList writes couponSteps as texts 'before>after'.
func stepList() string {
	var list []string
	for _, before := range []change.Type{change.CouponClaimed, change.CouponGranted, change.CouponLocked, change.CouponReleased, change.CouponRedeemed,
		change.CouponReturned, change.CouponExtended, change.CouponExpired, change.CouponWithdrawn} {
		for _, after := range couponSteps[before] {
			list = append(list, "'"+string(before)+">"+string(after)+"'")
		}
	}
	return strings.Join(list, ", ")
}

// stateFits says whether a coupon's state is that of its last change z.
const stateFits = "CASE z.type WHEN 'coupon.claimed.v1' THEN c.state = 1 WHEN 'coupon.granted.v1' THEN c.state = 1 WHEN 'coupon.locked.v1' THEN c.state = 2" +
	" WHEN 'coupon.released.v1' THEN c.state = 1 WHEN 'coupon.redeemed.v1' THEN c.state = CASE WHEN c.used < c.uses THEN 1 ELSE 3 END" +
	" WHEN 'coupon.extended.v1' THEN c.state IN (1, 2) WHEN 'coupon.expired.v1' THEN c.state = 4 WHEN 'coupon.withdrawn.v1' THEN c.state = 5" +
	" WHEN 'coupon.returned.v1' THEN c.used < c.uses AND CASE WHEN h.withdrawn > 0 THEN c.state = 5 WHEN h.expired > 0 THEN c.state = 4 ELSE c.state IN (1, 2, 4) END" +
	" ELSE c.state = 0 END"

const couponHistory = "(SELECT aggregate, SUM(CASE WHEN type = 'coupon.redeemed.v1' THEN 1 ELSE 0 END) AS redeemed," +
	" SUM(CASE WHEN type = 'coupon.returned.v1' THEN 1 ELSE 0 END) AS returned, SUM(CASE WHEN type = 'coupon.expired.v1' THEN 1 ELSE 0 END) AS expired," +
	" SUM(CASE WHEN type = 'coupon.withdrawn.v1' THEN 1 ELSE 0 END) AS withdrawn FROM changes WHERE kind = 'cpn' AND @in(aggregate) GROUP BY aggregate)"

// live newcomer coupons that were never used were live ever since their issue.
const twoNewcomers = "SELECT b.id AS subject, 'newcomer issue beside the live ' || @a AS detail FROM coupons AS a JOIN coupons AS b ON b.member = a.member" +
	" WHERE a.newcomer = 1 AND a.state IN (1, 2) AND b.newcomer = 1 AND b.state IN (1, 2) AND a.next_use = 1 AND b.id > a.id AND b.origin <> a.origin AND b.issued_at < a.valid_to AND @in(b.id)"

// holds finds active locks that name a coupon which they don't hold; named spreads
// the coupons of a lock l.
func holds(named string) string {
	return "SELECT l.id AS subject, 'an active lock names coupons that it does not hold: ' || l.coupons AS detail FROM locks AS l CROSS JOIN " + named +
		" LEFT JOIN coupons AS c ON c.id = u.value AND c.state = 2 AND c.lock_id = l.id WHERE @in(l.id) AND l.state = 1 AND c.id IS NULL GROUP BY l.id, l.coupons"
}

func init() {
	checks = append(checks,
		samePiece(store.SubjectCoupons, "claim-1.facts", "claim-1", id.Coupon, found("SELECT c.id AS subject, 'facts do not explain version ' || c.version || ': ' || c.facts AS detail FROM coupons AS c"+
			` WHERE @in(c.id) AND c.facts NOT LIKE '{"v":' || c.version || ',"m":%,"k":[%]}'`)),
		samePiece(store.SubjectCoupons, "claim-1.version", "claim-1", id.Coupon, found("SELECT c.id AS subject, CASE WHEN v.template IS NULL THEN 'version ' || c.version || ' of its template does not exist'"+
			" ELSE 'its member does not exist' END AS detail FROM coupons AS c LEFT JOIN template_versions AS v ON v.template = c.template AND v.number = c.version"+
			" LEFT JOIN members AS m ON m.id = c.member WHERE @in(c.id) AND (v.template IS NULL OR m.id IS NULL)")),
		samePiece(store.SubjectCoupons, "claim-1.newcomer", "claim-1", id.Coupon, found(strings.ReplaceAll(twoNewcomers, "@a", typed(id.Coupon, "a.id")))),

		samePiece(store.SubjectCoupons, "coupon-1.used", "coupon-1", id.Coupon, found("SELECT c.id AS subject, 'used ' || c.used || ' of ' || c.uses || ', next use ' || c.next_use || ', redemptions '"+
			" || COALESCE(n.uses, 0) || ', of these given back ' || COALESCE(n.back, 0) AS detail FROM coupons AS c"+
			" LEFT JOIN (SELECT coupon, count(*) AS uses, SUM(coupon_back) AS back, MAX(use_no) AS top FROM redemptions WHERE @in(coupon) GROUP BY coupon) AS n ON n.coupon = c.id"+
			" WHERE @in(c.id) AND (c.used <> COALESCE(n.uses - n.back, 0) OR c.used > c.uses OR c.next_use <> COALESCE(n.uses, 0) + 1 OR c.next_use <> COALESCE(n.top, 0) + 1)")),
		samePiece(store.SubjectRedemptions, "coupon-1.redemption", "coupon-1", id.Redemption, found("SELECT r.id AS subject, CASE WHEN c.id IS NULL THEN 'its coupon does not exist'"+
			" ELSE 'it differs from its coupon in member, template, version, or first use' END AS detail"+
			" FROM redemptions AS r LEFT JOIN coupons AS c ON c.id = r.coupon"+
			" WHERE @in(r.id) AND (c.id IS NULL OR r.member <> c.member OR r.template <> c.template OR r.version <> c.version"+
			" OR r.first_use <> CASE WHEN r.use_no = 1 THEN 1 ELSE 0 END)")),

		samePiece(store.SubjectCoupons, "coupon-2.held", "coupon-2", id.Coupon, found("SELECT c.id AS subject, CASE WHEN c.state <> 2 THEN 'not locked, but names a lock' WHEN l.id IS NULL THEN 'its lock does not exist'"+
			" WHEN l.state <> 1 THEN 'its lock is resolved' ELSE 'its lock does not name it' END || ': ' || "+typed(id.Lock, "c.lock_id")+" AS detail"+
			" FROM coupons AS c LEFT JOIN locks AS l ON l.id = c.lock_id WHERE @in(c.id) AND (c.state = 2 OR c.lock_id <> 0)"+
			" AND (c.state <> 2 OR l.id IS NULL OR l.state <> 1 OR ',' || l.coupons || ',' NOT LIKE '%,' || c.id || ',%')")),
		pieceCheck(store.SubjectLocks, "coupon-2.holds", "coupon-2", id.Lock, found(holds("json_each('[' || l.coupons || ']') AS u")),
			found(holds("unnest(CAST(string_to_array(l.coupons, ',') AS BIGINT[])) AS u(value)"))),

		samePiece(store.SubjectCoupons, "coupon-3.state", "coupon-3", id.Coupon, found("SELECT c.id AS subject, 'state ' || c.state || ', used ' || c.used || ' of ' || c.uses || ', last change ' || z.type"+
			" || ', redeemed ' || h.redeemed || ', returned ' || h.returned AS detail FROM coupons AS c JOIN changes AS z ON z.aggregate = c.id AND z.seq = c.rev"+
			" JOIN "+couponHistory+" AS h ON h.aggregate = c.id WHERE @in(c.id) AND (c.used <> h.redeemed - h.returned OR NOT ("+stateFits+"))")),
		samePiece(store.SubjectCoupons, "coupon-3.steps", "coupon-3", id.Coupon, found("SELECT h.aggregate AS subject, 'change ' || h.seq || ' is ' || h.type || ' after ' || COALESCE(p.type, 'nothing') AS detail"+
			" FROM changes AS h LEFT JOIN changes AS p ON p.aggregate = h.aggregate AND p.seq = h.seq - 1 WHERE @in(h.aggregate) AND h.kind = 'cpn'"+
			" AND CASE WHEN h.seq = 1 THEN h.type NOT IN ('coupon.claimed.v1', 'coupon.granted.v1') ELSE p.type IS NOT NULL AND p.type || '>' || h.type NOT IN ("+stepList()+") END")),

		samePiece(store.SubjectRedemptions, "coupon-4.dates", "coupon-4", id.Redemption, found("SELECT r.id AS subject, 'used at ' || r.at || ', its coupon is valid from ' || c.valid_from || ' to ' || c.valid_to AS detail"+
			" FROM redemptions AS r JOIN coupons AS c ON c.id = r.coupon WHERE @in(r.id) AND (r.at < c.valid_from OR r.at >= c.valid_to)")),
		samePiece(store.SubjectCoupons, "coupon-4.last", "coupon-4", id.Coupon, found("SELECT c.id AS subject, 'last used at ' || c.last_used_at || ', its newest use that stands is at ' || COALESCE(n.at, 0) AS detail"+
			" FROM coupons AS c LEFT JOIN (SELECT coupon, MAX(at) AS at FROM redemptions WHERE coupon_back = 0 AND @in(coupon) GROUP BY coupon) AS n ON n.coupon = c.id"+
			" WHERE @in(c.id) AND c.last_used_at <> COALESCE(n.at, 0)")),
		samePiece(store.SubjectCoupons, "coupon-4.ended", "coupon-4", id.Coupon, found("SELECT c.id AS subject, 'state ' || c.state || ', ended on ' || c.ended_day AS detail FROM coupons AS c"+
			" WHERE @in(c.id) AND (c.state IN (3, 4, 5)) <> (c.ended_day <> 0)")),
	)
}
