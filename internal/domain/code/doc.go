// Package code is the noun of exchange codes 兑换码: what turns into a coupon when
// a member enters it.
//
// It owns batches of codes, how codes are written and read, and whether a batch
// is open. It does not own what becomes of a code that was used (that is a row of
// the store), nor whether its coupon may be issued (domain/issue).
//
// There are three kinds. A generated code is the number of a code in its batch
// under a keyed permutation of at least 60 bits: it has no row until it is used,
// is found without a look-up among codes, and without the secret says nothing of
// its neighbours. A word is chosen by people, Chinese or Latin, shared by many and
// reserved for ever. An imported code was made elsewhere and is known by a keyed
// hash only.
//
// Invariants: one text is one code (Series.Of and Series.Read are inverses); a
// code is used at most once, a word at most Size times (code-1); formats whose
// letters can be mistaken for each other are refused.
//
// Reading is generous: any width and case, spaces and hyphens anywhere, O for 0
// and I or L for 1, and what was copied along with the code. Time: a batch is open
// in [From, To).
package code
