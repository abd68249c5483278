package issuing

import (
	"sync"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// pace is a token bucket for wrong guesses: a burst, and one more every so often.
type pace struct {
	burst int64
	every int64 // milliseconds
}

// What a member, a device and an address may guess wrongly. An address is shared by
// many (an office, a mobile network), so its bound is high.
var (
	memberPace  = pace{10, 60_000}
	devicePace  = pace{20, 30_000}
	addressPace = pace{300, 1000}
)

// mostBuckets bounds one generation of the table; there are two.
const mostBuckets = 50_000

// throttle slows down the guessing of codes, by member, device and address apart.
// It is of this process and in memory: several processes allow several times as
// much, and a restart forgets. Two generations bound it: when the younger one is
// full the older one, untouched since, is dropped. The zero throttle is ready.
type throttle struct {
	mu         sync.Mutex
	young, old map[string]bucket
}

// bucket holds what is missing to the burst, in milliseconds of its pace, at an instant.
type bucket struct {
	spent int64
	at    calendar.Instant
}

type meter struct {
	name string
	pace pace
}

// meters of a guess; an empty device or address has none.
func meters(who id.ID, device, address string) []meter {
	list := []meter{{"m" + id.Format(id.Member, who), memberPace}}
	if device != "" {
		list = append(list, meter{"d" + device, devicePace})
	}
	if address != "" {
		list = append(list, meter{"a" + address, addressPace})
	}
	return list
}

// guess notes the outcome of a look at a code and returns rate_limited where one of
// the meters has run out: then nobody learns what the look has shown. Right codes
// cost nothing, and an address that has run out does not stand in the way of other
// members' right codes until it has guessed twice as much. Whoever goes on guessing waits up to twice as
// long.
func (t *throttle) guess(list []meter, right bool, now calendar.Instant) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	var wait int64
	for _, m := range list {
		full := m.pace.burst * m.pace.every
		most := full
		if right && m.pace == addressPace {
			most *= 2
		}
		b := t.look(m, now)
		spent := b.spent
		if !right {
			b.spent = min(spent+m.pace.every, 2*full)
			t.keep(m.name, b)
		}
		if spent+m.pace.every > most {
			wait = max(wait, b.spent+m.pace.every-most)
		}
	}
	if wait > 0 {
		return fault.New(fault.RateLimited, "retry_after_seconds", (wait+999)/1000)
	}
	return nil
}

// look is a bucket as of now.
func (t *throttle) look(m meter, now calendar.Instant) bucket {
	b, ok := t.young[m.name]
	if !ok {
		b = t.old[m.name]
	}
	b.spent = max(b.spent-max(int64(now-b.at), 0), 0)
	b.at = now
	return b
}

func (t *throttle) keep(name string, b bucket) {
	if _, ok := t.young[name]; !ok && len(t.young) >= mostBuckets {
		t.old, t.young = t.young, nil
	}
	if t.young == nil {
		t.young = map[string]bucket{}
	}
	t.young[name] = b
}
