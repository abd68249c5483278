// Package access holds who acts (Principal), what they may do (Permission) and
// where (Scope).
//
// It owns the list of permissions and which of them each kind of key may hold. It
// does not own how a caller proves who they are.
//
// Invariants: everything is denied unless a permission says otherwise; an empty
// scope limits nothing; what lies outside a scope does not exist for its holder; a
// browser key acts for the one member of its token. Only a hash of a key's secret is
// stored.
//
// Time has no part in it.
package access
