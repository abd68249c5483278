// Package phone reads the phone numbers that people type and says by which identities
// a member of that number may be known.
//
// It owns the form of a number (E.164), how numbers without a country are read
// (mainland China, Taiwan) and how one is shown (masked). It does not own identities
// (domain/member), nor who may be written to.
//
// A number is never printed: the type shows itself masked.
package phone
