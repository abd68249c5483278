package sqlrepo

import (
	"maps"
	"slices"

	"quan/internal/domain/limit"
	"quan/internal/domain/member"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Memory is what the one writer of a store remembers of rows that its transactions
// read and wrote, so that it need not look for them again: on SQLite each look is
// two microseconds of the one goroutine that all claims wait for. It holds
//
//   - which member an identity names, and the member's row,
//   - the figures of counters, and of young templates that a member has none yet,
//   - which requests coupons may remember (a filter: only its no is certain).
//
// All writes of these rows come through the repositories of this package, which tell
// the memory (TestMemoryKnowsItsWriters holds the list). It follows the writer's
// savepoints by Keep, Undo and Forget. Only the writer's goroutine uses it, and no
// View: that may stand at an older snapshot.
type Memory struct {
	named    shelf[nameAt, id.ID]
	members  shelf[id.ID, member.Member]
	counters shelf[counterAt, figures]

	requests filter         // of requestAt
	weeks    map[int64]bool // whose coupons are all in requests; false: being loaded
	first    filter         // of the counters that members have of young templates
	young    map[id.ID]bool // templates of whose members all counters are in first

	kinds []string // of identities, by the number that stands for them
	loads loads
}

// NewMemory makes an empty memory of at least size rows of each kind and at most
// twice as many. load is told of a week whose requests are wanted; it may be nil.
func NewMemory(size int, load func(Load)) *Memory {
	return &Memory{
		named: newShelf[nameAt, id.ID](size), members: newShelf[id.ID, member.Member](size), counters: newShelf[counterAt, figures](size),
		weeks: map[int64]bool{}, young: map[id.ID]bool{}, loads: newLoads(load),
	}
}

// Keep says that what the closure under way has written stays, as far as its
// transaction does.
func (m *Memory) Keep() {
	m.named.keep()
	m.members.keep()
	m.counters.keep()
}

// Undo forgets what the closure under way has written. The filters lose nothing:
// they may hold what is not there.
func (m *Memory) Undo() {
	m.named.undo()
	m.members.undo()
	m.counters.undo()
}

// Forget forgets all rows: a transaction is gone, with what its closures wrote.
func (m *Memory) Forget() {
	m.named.clear()
	m.members.clear()
	m.counters.clear()
}

// Distrust forgets everything: somebody else has written into the store.
func (m *Memory) Distrust() {
	m.Forget()
	m.requests = filter{}
	clear(m.weeks)
	m.forgetAges()
	m.loads.stop()
}

// nameAt is a member.Key without pointers: a shelf of them costs the garbage
// collector nothing.
type nameAt struct {
	kind uint8
	hash [32]byte
}

// kindsKept bounds the kinds of identities that are remembered; an operator has a handful.
const kindsKept = 64

// nameOf is false for what is no hash, or of a kind beyond the first ones.
func (m *Memory) nameOf(k member.Key) (at nameAt, ok bool) {
	kind := slices.Index(m.kinds, k.Kind)
	if kind < 0 {
		if len(m.kinds) == kindsKept {
			return at, false
		}
		kind = len(m.kinds)
		m.kinds = append(m.kinds, k.Kind)
	}
	at.kind = uint8(kind)
	if len(k.Hash) != 2*len(at.hash) {
		return at, false
	}
	for i := range at.hash {
		high, low := hexDigit(k.Hash[2*i]), hexDigit(k.Hash[2*i+1])
		if high|low > 15 {
			return at, false
		}
		at.hash[i] = high<<4 | low
	}
	return at, true
}

// hexDigit is 255 for what is none; capitals are none: they are another text.
func hexDigit(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	}
	return 255
}

// counterAt is a limit.Key without pointers.
type counterAt struct {
	template, subject id.ID
	start             int64
	per, what, period uint8
}

type figures struct{ taken, ceiling, over, alarmed, rev int64 }

func figuresOf(c *limit.Counter) figures {
	return figures{c.Taken, c.Ceiling, c.Over, c.Alarmed, c.Rev}
}

func counterOf(k limit.Key) counterAt {
	return counterAt{k.Template, k.Subject, int64(k.Start), uint8(perNumber(k.Per)), uint8(whatNumber(k.What)), uint8(periodNumber(k.Period))}
}

func (k counterAt) hash() uint64 {
	h := mix(uint64(k.template)) ^ uint64(k.subject)
	return mix(mix(h) ^ uint64(k.start)<<24 ^ uint64(k.per)<<16 ^ uint64(k.what)<<8 ^ uint64(k.period))
}

// counter is the row of a key as it is now, zero figures where there is none;
// false: not remembered.
func (m *Memory) counter(k limit.Key) (limit.Counter, bool) {
	f, ok := m.counters.get(counterOf(k))
	if !ok && (k.Per != limit.PerMember || !m.young[k.Template] || m.first.mayHold(counterOf(k).hash())) {
		return limit.Counter{}, false
	}
	return limit.Counter{Key: k, Taken: f.taken, Ceiling: f.ceiling, Over: f.over, Alarmed: f.alarmed, Rev: f.rev}, true
}

func (m *Memory) wroteCounter(c *limit.Counter) {
	at := counterOf(c.Key)
	m.counters.set(at, figuresOf(c))
	if c.Per != limit.PerMember || !m.young[c.Template] {
		return
	}
	if m.first.full() {
		m.forgetAges()
		return
	}
	m.first.add(at.hash())
}

// youngKept bounds the templates of which it is known whether they are young.
const youngKept = 4096

// ages asks, for templates that are met for the first time, whether any member has
// a counter of them.
func (m *Memory) ages(keys []limit.Key, any func(template id.ID) (bool, error)) error {
	for _, k := range keys {
		if k.Per != limit.PerMember {
			continue
		}
		if _, known := m.young[k.Template]; known {
			continue
		}
		if len(m.young) >= youngKept {
			m.forgetAges()
		}
		some, err := any(k.Template)
		if err != nil {
			return err
		}
		m.young[k.Template] = !some
	}
	return nil
}

// forgetAges begins anew with young templates: all that are met are asked for again,
// and few are young by then.
func (m *Memory) forgetAges() {
	clear(m.young)
	m.first = filter{}
}

// member is the row of a member as it is now. Its attributes and tags are shared:
// callers take a copy of their own.
func (m *Memory) member(i id.ID) (member.Member, bool) { return m.members.get(i) }

func (m *Memory) wroteMember(i id.ID) { m.members.drop(i) }

// name is the member that an identity names.
func (m *Memory) name(k member.Key) (id.ID, bool) {
	if at, ok := m.nameOf(k); ok {
		return m.named.get(at)
	}
	return 0, false
}

func (m *Memory) readName(v *member.Identity) {
	if at, ok := m.nameOf(v.Key); ok {
		m.named.put(at, v.Member)
	}
}

// wroteName says that an identity was made or removed.
func (m *Memory) wroteName(k member.Key) {
	if at, ok := m.nameOf(k); ok {
		m.named.drop(at)
	}
}

// read remembers the rows that were asked for.
func (m *Memory) read(members []id.ID, counters []limit.Key, got *store.Locked) {
	for _, i := range members {
		if row := got.Members[i]; row != nil {
			kept := *row
			kept.Attributes, kept.Tags = maps.Clone(row.Attributes), slices.Clone(row.Tags)
			m.members.put(i, kept)
		}
	}
	for _, k := range counters {
		if c := got.Counters[k]; c != nil {
			m.counters.put(counterOf(k), figuresOf(c))
		} else {
			m.counters.put(counterOf(k), figures{})
		}
	}
}
