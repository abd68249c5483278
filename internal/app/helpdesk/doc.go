// Package helpdesk is what a service agent asks for while a caller is on the line:
// who that is (Find), what happened to them (Timeline), notes, and how much the desk
// of a market may do (Desk). What agents give is issuing's.
//
// Invariants: nothing here changes a coupon; a note's text is sealed and stands in no
// log, change or audit entry; what lies outside a scope is neither found nor told.
//
// Time: a timeline is ordered by business time, newest first.
package helpdesk
