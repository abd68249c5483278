package membership

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"quan/internal/domain/access"
	"quan/internal/domain/member"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// MostFacts is how many rows one SetFacts takes; they are written in pieces.
// MostFactIdentities is how many further identities a row has.
const (
	MostFacts          = 1_000
	MostFactIdentities = 16
	piece              = 250
)

// FactsInput changes what is known of one member, named by id or identity.
type FactsInput struct {
	Member     id.ID
	Kind       string // where Member is zero
	Value      member.Secret
	Identities []IdentityInput   // further ones, which the member has or gets
	Attributes map[string]string // set one by one; an empty value takes one away
	Tags       []string          // whole; nil: leave
	AddTags    []string
	RemoveTags []string
}

// IdentityInput is one way to name a member.
type IdentityInput struct {
	Kind  string
	Value member.Secret
}

// FactsWay says how a feed is done.
type FactsWay struct {
	Create bool // members that don't exist are made
	Dry    bool // it is told what would be done, and nothing is written
}

// FactsStatus says what became of a row.
type FactsStatus string

// The statuses.
const (
	FactsCreated   FactsStatus = "created"
	FactsUpdated   FactsStatus = "updated"
	FactsUnchanged FactsStatus = "unchanged"
	FactsRefused   FactsStatus = "refused"
)

// FactsOutcome is what became of a row; Err is set where it is refused. Member is
// zero for one that would only be made.
type FactsOutcome struct {
	Member id.ID
	Status FactsStatus
	Err    error
}

// SetFacts changes many members: the feed of an outside system, or a file. Each row has
// its own fate; rows of one member act in their order. The member of a row is whom its
// id or any of its identities names; identities that name nobody yet become its own,
// and a row whose identities name two members is refused as identity_taken. With
// Create a member that does not exist is made. It sets what shall be, so a repetition
// changes nothing.
func (s *Membership) SetFacts(ctx context.Context, by access.Principal, inputs []FactsInput, way FactsWay) ([]FactsOutcome, error) {
	if err := by.May(access.MemberWrite); err != nil {
		return nil, err
	}
	if len(inputs) == 0 {
		return nil, fault.New(fault.MissingValue).At("/members")
	}
	if len(inputs) > MostFacts {
		return nil, fault.New(fault.TooLong, "max", MostFacts).At("/members")
	}
	out := make([]FactsOutcome, len(inputs))
	whole := &feeding{Membership: s, by: by, way: way, inputs: inputs, keys: make([][]member.Key, len(inputs)), out: out}
	for i := range inputs {
		whole.keys[i] = s.keysOf(&inputs[i])
	}
	if way.Dry {
		return out, wrap("try facts", s.Store.View(ctx, whole.run))
	}
	for from := 0; from < len(inputs); from += piece {
		to := min(from+piece, len(inputs))
		f := &feeding{Membership: s, by: by, way: way, inputs: inputs[from:to], keys: whole.keys[from:to], out: out[from:to]}
		if err := s.Update(ctx, store.Background, nothing, f.run); err != nil {
			return nil, wrap("set facts", err)
		}
	}
	return out, nil
}

// keysOf are the keys of a row's identities: first the one that names it, which is the
// zero Key where an id does.
func (s *Membership) keysOf(in *FactsInput) []member.Key {
	keys := make([]member.Key, 1, 1+len(in.Identities))
	if in.Member == 0 {
		keys[0] = s.Vault.Key(in.Kind, in.Value)
	}
	for _, i := range in.Identities {
		keys = append(keys, s.Vault.Key(i.Kind, i.Value))
	}
	return keys
}

func checkFacts(in *FactsInput) error {
	var l fault.List
	checkAttributes(&l, in.Attributes, "/attributes")
	checkTags(&l, in.Tags, "/tags")
	checkTags(&l, in.AddTags, "/add_tags")
	checkTags(&l, in.RemoveTags, "/remove_tags")
	if in.Member == 0 {
		checkIdentity(&l, in.Kind, in.Value, "/member/kind", "/member/value")
		notPerson(&l, in.Kind, "/member/kind")
	}
	if len(in.Identities) > MostFactIdentities {
		l.Add(fault.New(fault.TooLong, "max", MostFactIdentities).At("/identities"))
		return l.Err()
	}
	for i, x := range in.Identities {
		at := "/identities/" + strconv.Itoa(i)
		checkIdentity(&l, x.Kind, x.Value, at+"/kind", at+"/value")
		notPerson(&l, x.Kind, at+"/kind")
	}
	return l.Err()
}

// notPerson refuses the kind of identity that names no member: several may share it.
func notPerson(l *fault.List, kind, at string) {
	if kind == member.KindPerson {
		l.Add(fault.New(fault.InvalidValue).At(at))
	}
}

// merged are attributes and tags after a row; those of the member stay as they are.
func merged(m *member.Member, in *FactsInput) (attributes map[string]string, tags []string) {
	attributes = maps.Clone(m.Attributes)
	for k, v := range in.Attributes {
		if v == "" {
			delete(attributes, k)
			continue
		}
		if attributes == nil {
			attributes = map[string]string{}
		}
		attributes[k] = v
	}
	tags = slices.Clone(m.Tags)
	if in.Tags != nil {
		tags = slices.Clone(in.Tags)
	}
	tags = slices.DeleteFunc(append(tags, in.AddTags...), func(t string) bool { return slices.Contains(in.RemoveTags, t) })
	return attributes, slices.Compact(inOrder(tags))
}

func fits(attributes map[string]string, tags []string) *fault.Fault {
	switch {
	case len(attributes) > mostAttributes:
		return fault.New(fault.TooLong, "max", mostAttributes).At("/attributes")
	case len(tags) > mostTags:
		return fault.New(fault.TooLong, "max", mostTags).At("/add_tags")
	}
	return nil
}
