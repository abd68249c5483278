package app

import (
	"quan/internal/domain/limit"
	"quan/internal/domain/member"
	"quan/internal/kernel/id"
)

// Acting is by whom and through what a request is made, in the words of the
// caller's system; "" for what it does not know.
type Acting struct {
	Person member.Secret // key of the natural person, of whom several accounts may be
	Device member.Secret
	Payer  member.Secret // key of the account or card that pays
}

// Kinds under which limits know their subjects. An identity of the first ties a
// member to a person.
const (
	KindPerson = member.KindPerson
	kindDevice = "limit.device"
	kindPayer  = "limit.payer"
)

// Actor turns words into numbers of keyed hashes, as identities are: they are never
// stored, and can't be guessed from the numbers without the deployment's key.
func Actor(v *member.Vault, a Acting) limit.Actor {
	return limit.Actor{Person: numbered(v, KindPerson, a.Person), Device: numbered(v, kindDevice, a.Device), Payer: numbered(v, kindPayer, a.Payer)}
}

func numbered(v *member.Vault, kind string, text member.Secret) id.ID {
	if member.Normalise(kind, text) == "" {
		return 0
	}
	return limit.Numbered(v.Key(kind, text).Hash)
}
