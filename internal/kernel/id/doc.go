// Package id makes and writes the numbers that name things. An id is 63 bits,
//
//	32 seconds | 14 slot | 7 worker | 10 sequence
//
// so ids made later are larger, whatever the business time of the row (imports
// and simulations keep it), the member's slot can be read off every row of that
// member, and no two processes with different worker numbers make the same one.
// Ids are not secrets: bearer codes are made from them by a keyed permutation
// (coupon.Numbers).
package id
