package id

import (
	"errors"
	"fmt"
	"hash/fnv"
	"sync"
	"time"
)

// An id is, from its highest bit: 42 bits of time in ticks of 1/1024 second, the
// slot, the worker. Ids that are made together lie together in an index, whatever
// their slots; a slot in front of part of the time would scatter them.
const (
	tickBits   = 10 // of a second
	slotBits   = 14
	workerBits = 7

	// Slots is how many slots there are.
	Slots = 1 << slotBits
	// Workers is how many worker numbers there are.
	Workers     = 1 << workerBits
	epochSecond = 1_577_836_800 // 2020-01-01T00:00:00Z
)

// ID names one row. Zero is none.
type ID int64

// Slot of the member that the row belongs to.
func (i ID) Slot() int64 { return int64(i) >> workerBits & (Slots - 1) }

// Second is the wall-clock second (Unix) at which the id was made.
func (i ID) Second() int64 {
	return int64(i)>>(tickBits+slotBits+workerBits) + epochSecond
}

// Week counts the weeks of wall-clock time since the ids' epoch: the leading
// column of the wallet index.
func (i ID) Week() int64 { return WeekOfSecond(i.Second()) }

// WeekOfSecond is the week number of a Unix second.
func WeekOfSecond(unix int64) int64 { return (unix - epochSecond) / (7 * 24 * 3600) }

// SlotOf hashes a text (an outside id, a blind hash) to a slot.
func SlotOf(parts ...string) int64 {
	h := fnv.New64a()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	s := h.Sum64()
	return int64((s ^ s>>32) & (Slots - 1))
}

// FirstOf is the smallest id that can be made at or after a moment: where rows that
// were made since then begin.
func FirstOf(t time.Time) ID {
	return ID(max(t.Unix()-epochSecond, 0) << (tickBits + slotBits + workerBits))
}

// Maker makes ids for one worker number. It is safe for concurrent use.
type Maker struct {
	mu     sync.Mutex
	worker int64
	wall   func() time.Time
	last   [Slots]int64 // tick of the newest id per slot
}

// NewMaker returns a maker for a leased worker number; wall is the wall clock,
// never a simulated one.
func NewMaker(worker int64, wall func() time.Time) *Maker {
	return &Maker{worker: worker & (Workers - 1), wall: wall}
}

// New returns the next id of a slot. A tick that the slot has used borrows the
// next, so New never waits: 1,024 ids a second for each slot keep up with time.
func (m *Maker) New(slot int64) ID {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.wall()
	tick := (now.Unix()-epochSecond)<<tickBits | int64(now.Nanosecond())<<tickBits/int64(time.Second)
	if next := m.last[slot] + 1; next > tick {
		tick = next
	}
	m.last[slot] = tick
	return ID(tick<<(slotBits+workerBits) | slot<<workerBits | m.worker)
}

// Prefixes of the typed texts that JSON carries.
const (
	Template   = "tpl"
	Coupon     = "cpn"
	Member     = "mem"
	Placement  = "plc"
	Order      = "ord"
	Lock       = "lck"
	Redemption = "rdm"
	Refund     = "rfd"
	Origin     = "org"
	Job        = "job"
	Key        = "key"
	Audit      = "aud"
	CodeBatch  = "cbt"
	Person     = "psn"
	Session    = "ses"
	Pack       = "pck"
	PacketPlan = "pkp"
	Packet     = "pkt"
	Budget     = "bgt"
	Alarm      = "alm"
	Batch      = "btc" // of stock
	Note       = "nte"
	DeskAct    = "dsk" // of a service desk
	Refused    = "rfs" // why a member was refused
	Link       = "lnk"
)

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz" // Crockford base 32

// ErrForm says that a text is no id of the wanted kind.
var ErrForm = errors.New("id: not an id of this kind")

// Format writes an id as prefix_ and 13 base-32 digits; none is "".
func Format(prefix string, i ID) string {
	if i == 0 {
		return ""
	}
	b := make([]byte, len(prefix)+14)
	copy(b, prefix)
	b[len(prefix)] = '_'
	v := uint64(i)
	for p := len(b) - 1; p > len(prefix); p-- {
		b[p] = alphabet[v&31]
		v >>= 5
	}
	return string(b)
}

// Parse reads what Format writes, and nothing else: one text per id.
func Parse(prefix, text string) (ID, error) {
	if len(text) != len(prefix)+14 || text[:len(prefix)] != prefix || text[len(prefix)] != '_' {
		return 0, fmt.Errorf("%w: %s", ErrForm, prefix)
	}
	var v uint64
	for _, c := range []byte(text[len(prefix)+1:]) {
		d := digit(c)
		if d < 0 || v>>58 != 0 {
			return 0, fmt.Errorf("%w: %s", ErrForm, prefix)
		}
		v = v<<5 | uint64(d)
	}
	if v == 0 {
		return 0, fmt.Errorf("%w: %s", ErrForm, prefix)
	}
	return ID(v), nil
}

func digit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'z':
		for i := 10; i < len(alphabet); i++ {
			if alphabet[i] == c {
				return i
			}
		}
	}
	return -1
}
