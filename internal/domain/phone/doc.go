// Package phone reads the phone numbers to which messages are sent.
//
// It owns which numbers those are and how one is shown (masked). It does not own the
// form in which a number names a member (E.164, member.Normalise), nor who may be
// written to.
//
// A number is never printed: the type shows itself masked.
package phone
