package fault

// Codes of bad input (400).
const (
	InvalidBody      Code = "invalid_body"      // not JSON, too deep, duplicate keys, wrong content type
	UnknownField     Code = "unknown_field"     // a key the operation does not know
	InvalidValue     Code = "invalid_value"     // wrong form or type
	MissingValue     Code = "missing_value"     // required and absent or empty
	OutOfRange       Code = "out_of_range"      // params min, max
	TooLong          Code = "too_long"          // params max
	DuplicateValue   Code = "duplicate_value"   // the same value twice where it must differ
	CurrencyMismatch Code = "currency_mismatch" // an amount in a currency that the market does not use
	InvalidCursor    Code = "invalid_cursor"    // a cursor of another list
	MissingKey       Code = "missing_idempotency_key"
	Conflicting      Code = "conflicting_rules"   // params a, b: two rules that can't both hold
	UnboundedAmount  Code = "unbounded_liability" // an amount limit over coupons whose cost nothing bounds
	PasswordWeak     Code = "password_weak"       // param min: characters
	UnknownReference Code = "unknown_reference"   // names a market, merchant, store, template … that does not exist
)

// Codes of access.
const (
	Unauthenticated Code = "unauthenticated"
	SignInFailed    Code = "sign_in_failed" // login, password or code: one answer for all
	FactorRequired  Code = "second_factor_required"
	PasswordInitial Code = "password_change_required" // somebody else chose the password
	CodeWrong       Code = "sign_in_code_wrong"       // of a member's phone: wrong, old or never sent
	PermissionDeny  Code = "permission_denied"        // param permission
	Absent          Code = "not_found"                // absent or not yours; param what
	MemberUnknown   Code = "member_not_found"
	CouponUnknown   Code = "coupon_not_found"
	CodeInvalid     Code = "code_invalid" // an exchange code that is unknown, used, foreign, revoked or expired: one answer for all
	MethodUnknown   Code = "method_not_allowed"
)

// Codes of protocol.
const (
	StaleRevision  Code = "stale_revision"    // 412; param rev
	IfMatchMissing Code = "if_match_required" // 428
	KeyReusedBody  Code = "idempotency_key_reused"
	KeyRunning     Code = "idempotency_key_running" // 409
	TooLargeBody   Code = "too_large"
	RateLimited    Code = "rate_limited"    // param retry_after_seconds
	SMSUnavailable Code = "sms_unavailable" // 503: no message could be sent
	Overloaded     Code = "overloaded"      // 503, shed before anything was done
	OutcomeUnknown Code = "outcome_unknown" // 503, repeat with the same key
	ReadOnlyStore  Code = "store_read_only" // 503, the writer is latched
	StoreFull      Code = "storage_full"    // 507
	InternalError  Code = "internal_error"
	NameTaken      Code = "name_taken"     // 409; names stay reserved
	IdentityTaken  Code = "identity_taken" // 409; a phone, an e-mail … of another member
	WrongState     Code = "wrong_state"
)

// Refusals of issuing, locking and redeeming. Their order in this file is the
// order in which the decisions look for them (issue.Order,
// pricing.Order and redemption.Order): the first that holds is given.
const (
	PlaceMissing         Code = "place_missing" // a claim in a waiting room without a place
	PlaceForged          Code = "place_forged"
	PlaceForeign         Code = "place_foreign" // of another template or member
	PlaceEarly           Code = "place_early"   // params from, retry_after_seconds
	PlaceLate            Code = "place_late"    // param to
	PackClosed           Code = "pack_closed"   // param state: draft, paused or archived
	PacketClosed         Code = "packet_closed" // no packets are sent; param state
	PacketOver           Code = "packet_over"   // param expires_at
	PacketOwn            Code = "packet_own"
	PacketEmpty          Code = "packet_empty"
	PacketOrder          Code = "packet_order" // the order is none that a packet is sent for; param least_minor
	TemplateNotPublished Code = "template_not_published"
	TemplateArchived     Code = "template_archived"
	ClaimingStopped      Code = "claiming_stopped"
	ClaimNotStarted      Code = "claim_not_started" // param opens_at
	ClaimClosed          Code = "claim_closed"      // between two sessions; param opens_at
	ClaimEnded           Code = "claim_ended"
	PlacementClosed      Code = "placement_closed"
	BatchClosed          Code = "batch_closed"  // no batch of stock that the request may draw from is open
	BudgetClosed         Code = "budget_closed" // param budget: one that the template draws on has not begun or has ended
	ChannelNotAllowed    Code = "channel_not_allowed"
	CityNotAllowed       Code = "city_not_allowed"
	ConditionNotMet      Code = "condition_not_met" // params rule: pointer of the part of the rule that does not hold; type of the condition
	MemberBlocked        Code = "member_blocked"
	NewcomerHeld         Code = "newcomer_held"
	MemberLimit          Code = "member_limit_reached"
	PersonLimit          Code = "person_limit_reached"
	DeviceLimit          Code = "device_limit_reached"
	PayerLimit           Code = "payer_limit_reached"
	PlacementLimit       Code = "placement_limit_reached"
	PeriodLimit          Code = "period_limit_reached"
	SoldOut              Code = "sold_out"
	BudgetExhausted      Code = "budget_exhausted"

	QRExpired         Code = "qr_expired"   // a dynamic QR code that was shown too long ago; param to
	ScanTooOld        Code = "scan_too_old" // a scan made without network that was sent too late; param to
	CouponWithdrawn   Code = "coupon_withdrawn"
	CouponUsedUp      Code = "coupon_used"
	CouponExpired     Code = "coupon_expired"
	CouponNotYetValid Code = "coupon_not_yet_valid"
	UsedTooRecently   Code = "used_too_recently" // param from: when it can be used again
	CouponLocked      Code = "coupon_locked"
	UsePaused         Code = "use_paused"
	StoreNotAllowed   Code = "store_not_allowed"
	ItemMissing       Code = "item_missing" // params sku, quantity, price_minor: what the coupon sells at a price is not in the cart
	NothingInScope    Code = "nothing_in_scope"
	MustContain       Code = "must_contain"      // params index, missing_minor or missing_quantity
	StackingConflict  Code = "stacking_conflict" // params coupon, other: two that can't stand on one order
	ThresholdNotMet   Code = "threshold_not_met" // param gap_minor
	QuantityNotMet    Code = "quantity_not_met"  // param missing_quantity
	BudgetSpent       Code = "budget_spent"      // what is left of the coupon's budget is less than it would take off
	NoEffect          Code = "no_effect"
	TooManyCoupons    Code = "too_many_coupons"
	RedeemLimit       Code = "redeem_limit_reached"
	RedeemBudget      Code = "redeem_budget_exhausted"

	LockNotFound    Code = "lock_not_found"
	LockResolved    Code = "lock_resolved" // already redeemed, released or expired
	LockExpired     Code = "lock_expired"
	CartChanged     Code = "cart_changed"  // the cart differs from the one the lock priced
	OrderDiffers    Code = "order_differs" // the order is known with other content
	OrderUnknown    Code = "order_not_found"
	OrderRefunded   Code = "order_refunded"
	RefundTooMuch   Code = "refund_exceeds_paid"
	ReturnedAlready Code = "coupon_already_returned"
	RefundDiffers   Code = "refund_differs"
	ThresholdBroken Code = "threshold_broken" // partial return refused by the market's policy
)

// Refusals of the service desk.
const (
	NotCompensating Code = "not_compensating" // the template is none of those that compensate
	CouponReplaced  Code = "coupon_replaced"  // it was given again; param coupon
	QuotaReached    Code = "quota_reached"    // params per: agent or all, cap, act
)

var classes = map[Code]Class{
	InvalidBody: Input, UnknownField: Input, InvalidValue: Input, MissingValue: Input, OutOfRange: Input,
	TooLong: Input, DuplicateValue: Input, CurrencyMismatch: Input, InvalidCursor: Input, MissingKey: Input,
	Conflicting: Input, UnboundedAmount: Input, PasswordWeak: Input, UnknownReference: Input,
	Unauthenticated: Unauthorized, SignInFailed: Unauthorized, FactorRequired: Unauthorized, CodeWrong: Unauthorized, SMSUnavailable: Unavailable, PasswordInitial: Forbidden, PermissionDeny: Forbidden,
	Absent: NotFound, MemberUnknown: NotFound, CouponUnknown: NotFound, CodeInvalid: NotFound, MethodUnknown: 405,
	LockNotFound: NotFound, OrderUnknown: NotFound,
	StaleRevision: Stale, IfMatchMissing: NoIfMatch, KeyReusedBody: KeyReused, KeyRunning: Refused,
	TooLargeBody: TooLarge, RateLimited: Throttled, PlaceEarly: Throttled, Overloaded: Unavailable, OutcomeUnknown: Unavailable,
	ReadOnlyStore: Unavailable, StoreFull: Full, InternalError: Internal,
	NameTaken: Refused, IdentityTaken: Refused, WrongState: Refused,
}

var refusals = []Code{
	PlaceMissing, PlaceForged, PlaceForeign, PlaceLate, PackClosed, PacketClosed, PacketOver, PacketOwn, PacketEmpty, PacketOrder,
	TemplateNotPublished, TemplateArchived, ClaimingStopped, ClaimNotStarted, ClaimClosed, ClaimEnded, PlacementClosed, BatchClosed, BudgetClosed,
	ChannelNotAllowed, CityNotAllowed, ConditionNotMet, MemberBlocked, NewcomerHeld, MemberLimit, PersonLimit, DeviceLimit, PayerLimit,
	PlacementLimit, PeriodLimit, SoldOut, BudgetExhausted,
	QRExpired, ScanTooOld, CouponWithdrawn, CouponUsedUp, CouponExpired, CouponNotYetValid, UsedTooRecently, CouponLocked, UsePaused, StoreNotAllowed,
	ItemMissing, NothingInScope, MustContain, StackingConflict, ThresholdNotMet, QuantityNotMet, BudgetSpent, NoEffect, TooManyCoupons, RedeemLimit, RedeemBudget,
	LockResolved, LockExpired, CartChanged, OrderDiffers, OrderRefunded, RefundTooMuch, ReturnedAlready,
	RefundDiffers, ThresholdBroken,
	NotCompensating, CouponReplaced, QuotaReached,
}

func init() {
	for _, c := range refusals {
		classes[c] = Refused
	}
}

// Class returns the code's class; an unknown code is Internal.
func (c Code) Class() Class {
	if k, ok := classes[c]; ok {
		return k
	}
	return Internal
}

// Codes returns every code with its class, for docs/errors.md and the tests
// that see each has words in each language.
func Codes() map[Code]Class {
	all := make(map[Code]Class, len(classes))
	for c, k := range classes {
		all[c] = k
	}
	return all
}
