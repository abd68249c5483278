// Package showing signs what a member shows at a counter instead of the bare coupon
// number: a dynamic QR code 动态码, good for a minute.
//
// It owns the form of the code and what makes one good: made by us, for this coupon
// and member, not longer ago than Life. It does not own the coupon number
// (coupon.Numbers), which stays good for people whose phone shows nothing, nor
// whether the coupon may be used: that is decided when it is redeemed, once.
//
// A counter that loses its network proves by a contact (SignContact) when it was last in
// touch; a scan made after that lies between the contact and its arrival, and counts for
// Late. docs/adr/0027 says what such a scan is worth.
//
// A picture of a code that somebody else brings is worth nothing a minute later.
// Within it the code is no right of its own: whoever redeems uses the coupon once,
// however often the code is shown.
//
// The text is of the alphabet that QR codes pack tightly (digits, capitals): "Q1."
// and Crockford base 32 of coupon, member, end of life and 128 bits of HMAC-SHA-256
// under a key of its own.
package showing
