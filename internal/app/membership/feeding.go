package membership

import (
	"maps"
	"slices"
	"strconv"

	"quan/internal/domain/access"
	"quan/internal/domain/change"
	"quan/internal/domain/member"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// feeding is one piece in one transaction.
type feeding struct {
	*Membership
	by     access.Principal
	way    FactsWay
	inputs []FactsInput
	keys   [][]member.Key // of each row, as keysOf says
	out    []FactsOutcome
	known  map[member.Key]id.ID
	now    map[id.ID]*member.Member // as they shall be
	before map[id.ID]member.Member
	gained map[id.ID][]member.Identity // the first one of a newborn begins its list
}

func (f *feeding) run(tx store.Tx) error {
	if err := f.find(tx); err != nil {
		return err
	}
	for i := range f.inputs {
		f.out[i] = f.apply(&f.inputs[i], f.keys[i])
	}
	if f.way.Dry {
		for i, o := range f.out {
			if _, is := f.before[o.Member]; !is {
				f.out[i].Member = 0
			}
		}
		return nil
	}
	return f.write(tx)
}

// find reads the members that exist, under their locks where something is written.
func (f *feeding) find(tx store.Tx) error {
	f.known, f.now, f.before, f.gained = map[member.Key]id.ID{}, map[id.ID]*member.Member{}, map[id.ID]member.Member{}, map[id.ID][]member.Identity{}
	var keys []member.Key
	set := store.LockSet{}
	for i := range f.inputs {
		if who := f.inputs[i].Member; who != 0 {
			set.Members = append(set.Members, who)
		}
		for _, k := range f.keys[i] {
			if k != (member.Key{}) {
				keys = append(keys, k)
			}
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
	if f.way.Dry {
		rows, err := tx.Members().Get(set.Members)
		for i := range rows {
			f.now[rows[i].ID], f.before[rows[i].ID] = &rows[i], rows[i]
		}
		return err
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

// apply changes the member of one row in memory; a row that is refused changes nothing.
func (f *feeding) apply(in *FactsInput, keys []member.Key) FactsOutcome {
	if err := checkFacts(in); err != nil {
		return FactsOutcome{Status: FactsRefused, Err: err}
	}
	who, refusal := f.owner(in, keys)
	m := f.now[who]
	switch {
	case refusal != nil:
		return FactsOutcome{Member: who, Status: FactsRefused, Err: refusal}
	case m == nil && (!f.way.Create || in.Member != 0):
		return FactsOutcome{Status: FactsRefused, Err: fault.New(fault.MemberUnknown).At("/member")}
	}
	out := FactsOutcome{Member: who, Status: FactsUnchanged}
	if m == nil {
		born := f.newborn(keys[0], "", nil).Member
		m, out = &born, FactsOutcome{Member: born.ID, Status: FactsCreated}
	}
	attributes, tags := merged(m, in)
	if refusal := fits(attributes, tags); refusal != nil {
		return FactsOutcome{Member: who, Status: FactsRefused, Err: refusal}
	}
	f.now[m.ID] = m
	if out.Status == FactsUnchanged && (!maps.Equal(attributes, m.Attributes) || !slices.Equal(tags, m.Tags)) {
		out.Status = FactsUpdated
	}
	m.Attributes, m.Tags = attributes, tags
	if f.gain(m, in, keys) && out.Status == FactsUnchanged {
		out.Status = FactsUpdated
	}
	return out
}

// owner is whom a row speaks of, zero for nobody yet.
func (f *feeding) owner(in *FactsInput, keys []member.Key) (id.ID, *fault.Fault) {
	who := in.Member
	for i, k := range keys {
		other := f.known[k]
		switch {
		case other == 0 || other == who:
		case who == 0:
			who = other
		default: // keys[0] comes first, so the pointer is that of a further one
			return who, fault.New(fault.IdentityTaken).At("/identities/" + strconv.Itoa(i-1) + "/value")
		}
	}
	return who, nil
}

// gain gives a member the identities of a row that name nobody yet.
func (f *feeding) gain(m *member.Member, in *FactsInput, keys []member.Key) bool {
	any := false
	for i, k := range keys {
		if k == (member.Key{}) || f.known[k] != 0 {
			continue
		}
		any, f.known[k] = true, m.ID
		value := in.Value
		if i > 0 {
			value = in.Identities[i-1].Value
		}
		if !f.way.Dry {
			f.gained[m.ID] = append(f.gained[m.ID], member.Identity{Key: k, Member: m.ID, Sealed: f.Vault.Seal(k.Kind, value),
				KeyVersion: f.Vault.Version(), CreatedAt: f.Clock()})
		}
	}
	return any
}

// write stores what has changed, each member once.
func (f *feeding) write(tx store.Tx) error {
	at := f.Clock()
	var cards []Card
	var members []member.Member
	var identities []member.Identity
	var changes []change.Change
	for who, m := range f.now {
		before, old := f.before[who]
		gained := f.gained[who]
		switch {
		case !old:
			cards = append(cards, Card{Member: *m, Identities: gained})
		case !sameFacts(&before, m) || len(gained) > 0:
			m.Rev++
			m.UpdatedAt = at
			members = append(members, *m)
			identities = append(identities, gained...)
			changes = append(changes, changed(m, change.MemberUpdated, at, f.by, factsFed(m, gained)))
		}
	}
	if len(members) > 0 {
		if err := tx.Members().InsertIdentities(identities); err != nil {
			return twin(err)
		}
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
