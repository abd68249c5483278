package membership

import (
	"context"
	"maps"
	"slices"

	"quan/internal/domain/access"
	"quan/internal/domain/change"
	"quan/internal/domain/member"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// MostFacts is how many rows one SetFacts takes; they are written in pieces.
const (
	MostFacts = 1_000
	piece     = 250
)

// FactsInput changes what is known of one member, named by id or identity.
type FactsInput struct {
	Member     id.ID
	Kind       string // where Member is zero
	Value      member.Secret
	Attributes map[string]string // set one by one; an empty value takes one away
	Tags       []string          // whole; nil: leave
	AddTags    []string
	RemoveTags []string
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

// FactsOutcome is what became of a row; Err is set where it is refused.
type FactsOutcome struct {
	Member id.ID
	Status FactsStatus
	Err    error
}

// SetFacts changes many members: the feed of an outside system. Each row has its
// own fate; rows of one member act in their order. With create a member that does
// not exist is made. It sets what shall be, so a repetition changes nothing.
func (s *Membership) SetFacts(ctx context.Context, by access.Principal, inputs []FactsInput, create bool) ([]FactsOutcome, error) {
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
	keys := make([]member.Key, len(inputs))
	for i := range inputs {
		if inputs[i].Member == 0 {
			keys[i] = s.Vault.Key(inputs[i].Kind, inputs[i].Value)
		}
	}
	for from := 0; from < len(inputs); from += piece {
		to := min(from+piece, len(inputs))
		f := &feeding{Membership: s, by: by, create: create, inputs: inputs[from:to], keys: keys[from:to], out: out[from:to]}
		if err := s.Update(ctx, store.Background, nothing, f.run); err != nil {
			return nil, wrap("set facts", err)
		}
	}
	return out, nil
}

// feeding is one piece in one transaction.
type feeding struct {
	*Membership
	by      access.Principal
	create  bool
	inputs  []FactsInput
	keys    []member.Key
	out     []FactsOutcome
	known   map[member.Key]id.ID
	now     map[id.ID]*member.Member // as they shall be
	before  map[id.ID]member.Member
	newborn map[id.ID]*Card
}

func (f *feeding) run(tx store.Tx) error {
	if err := f.find(tx); err != nil {
		return err
	}
	for i := range f.inputs {
		f.out[i] = f.apply(&f.inputs[i], f.keys[i])
	}
	return f.write(tx)
}

// find locks the members that exist.
func (f *feeding) find(tx store.Tx) error {
	f.known, f.now, f.before, f.newborn = map[member.Key]id.ID{}, map[id.ID]*member.Member{}, map[id.ID]member.Member{}, map[id.ID]*Card{}
	var keys []member.Key
	set := store.LockSet{}
	for i := range f.inputs {
		if in := &f.inputs[i]; in.Member != 0 {
			set.Members = append(set.Members, in.Member)
		} else {
			keys = append(keys, f.keys[i])
		}
	}
	found, err := tx.Members().Find(keys)
	if err != nil {
		return err
	}
	for _, row := range found {
		f.known[row.Key] = row.Member
		set.Members = append(set.Members, row.Member)
	}
	rows, err := tx.Lock(set)
	if err != nil {
		return err
	}
	for who, m := range rows.Members {
		f.now[who], f.before[who] = m, *m
	}
	return nil
}

// apply changes the member of one row in memory.
func (f *feeding) apply(in *FactsInput, key member.Key) FactsOutcome {
	var l fault.List
	checkAttributes(&l, in.Attributes, "/attributes")
	checkTags(&l, in.Tags, "/tags")
	checkTags(&l, in.AddTags, "/add_tags")
	checkTags(&l, in.RemoveTags, "/remove_tags")
	if in.Member == 0 {
		checkIdentity(&l, in.Kind, in.Value, "/member/kind", "/member/value")
	}
	if err := l.Err(); err != nil {
		return FactsOutcome{Status: FactsRefused, Err: err}
	}
	m, created := f.member(in, key)
	if m == nil {
		return FactsOutcome{Status: FactsRefused, Err: fault.New(fault.MemberUnknown).At("/member")}
	}
	attributes, tags := merged(m, in)
	if refusal := fits(attributes, tags); refusal != nil {
		if created {
			delete(f.known, key)
			delete(f.now, m.ID)
			return FactsOutcome{Status: FactsRefused, Err: refusal}
		}
		return FactsOutcome{Member: m.ID, Status: FactsRefused, Err: refusal}
	}
	out := FactsOutcome{Member: m.ID, Status: FactsUnchanged}
	if !maps.Equal(attributes, m.Attributes) || !slices.Equal(tags, m.Tags) {
		m.Attributes, m.Tags, out.Status = attributes, tags, FactsUpdated
	}
	if created {
		out.Status = FactsCreated
	}
	return out
}

// member finds the member of a row, or makes it; nil where there is none.
func (f *feeding) member(in *FactsInput, key member.Key) (m *member.Member, created bool) {
	who := in.Member
	if who == 0 {
		who = f.known[key]
	}
	if m := f.now[who]; m != nil || !f.create || in.Member != 0 {
		return m, false
	}
	card := f.Membership.newborn(key, f.Vault.Seal(in.Kind, in.Value), nil)
	f.known[key], f.newborn[card.Member.ID], f.now[card.Member.ID] = card.Member.ID, &card, &card.Member
	return &card.Member, true
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

// write stores what has changed, each member once.
func (f *feeding) write(tx store.Tx) error {
	at := f.Clock()
	var cards []Card
	var members []member.Member
	var changes []change.Change
	for who, m := range f.now {
		before, old := f.before[who]
		switch {
		case !old:
			cards = append(cards, *f.newborn[who])
		case !sameFacts(&before, m):
			m.Rev++
			m.UpdatedAt = at
			members = append(members, *m)
			changes = append(changes, changed(m, change.MemberUpdated, at, f.by, factsMember(m)))
		}
	}
	if len(members) > 0 {
		if err := tx.Members().Update(members); err != nil {
			return err
		}
		if err := tx.Changes().Append(changes); err != nil {
			return err
		}
	}
	if len(cards) == 0 {
		return nil
	}
	return twin(f.insert(tx, f.by, cards))
}
