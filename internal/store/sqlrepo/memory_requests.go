package sqlrepo

import (
	"sync/atomic"

	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Load is a week whose requests the memory lacks: whoever loads it reads them by
// Page until there are no more and hands each page to Give.
type Load struct {
	Week  int64
	round int64
	loads *loadState
	after requestAt
	held  []uint64
}

// requestAt is the place of a coupon in the wallet's index within a week.
type requestAt struct {
	member, key int64
	coupon      int64
}

// loadState is what loaders and the writer share.
type loadState struct {
	round atomic.Int64 // what was asked for in an earlier one is wanted no more
	pages chan loaded
}

type loaded struct {
	week, round int64
	hashes      []uint64
	last        bool
}

type loads struct {
	state *loadState
	ask   func(Load)
}

func newLoads(ask func(Load)) loads {
	return loads{&loadState{pages: make(chan loaded, 4)}, ask}
}

func (l *loads) stop() { l.state.round.Add(1) }

// loadPage is how many coupons a page of a load has: some milliseconds of a reader.
const loadPage = 5000

var couponsRequests = same("coupons.requests", "SELECT member, request_key, id FROM coupons WHERE week = $1 AND (member, request_key, id) > ($2, $3, $4)"+
	" ORDER BY member, request_key, id LIMIT $5")

// Page reads the next page in a View; more is false behind the last one.
func (l *Load) Page(view store.Tx) (more bool, err error) {
	l.held = make([]uint64, 0, loadPage)
	n := 0
	err = view.(*Tx).query(couponsRequests, []any{l.Week, l.after.member, l.after.key, l.after.coupon, int64(loadPage)}, func(row Scanner) error {
		n++
		if err := row.Scan(&l.after.member, &l.after.key, &l.after.coupon); err != nil {
			return err
		}
		if l.after.key != 0 {
			l.held = append(l.held, requestHash(l.after.member, l.after.key))
		}
		return nil
	})
	return n == loadPage, err
}

// Give hands the page that was read to the writer, waiting for it until done. It
// returns false when the load is wanted no more.
func (l *Load) Give(more bool, done <-chan struct{}) bool {
	if l.loads.round.Load() != l.round {
		return false
	}
	select {
	case l.loads.pages <- loaded{l.Week, l.round, l.held, !more}:
		return true
	case <-done:
		return false
	}
}

// Absorb takes in what was loaded; the writer calls it between transactions.
func (m *Memory) Absorb() {
	for {
		select {
		case p := <-m.loads.state.pages:
			if p.round != m.loads.state.round.Load() {
				continue
			}
			for _, h := range p.hashes {
				m.requests.add(h)
			}
			if p.last {
				m.weeks[p.week] = true
			}
		default:
			return
		}
	}
}

func requestHash(member, key int64) uint64 { return mix(mix(uint64(member)) ^ uint64(key)) }

func (m *Memory) wroteRequest(member id.ID, key int64) {
	if key == 0 {
		return
	}
	if m.requests.full() { // begin anew, from the rows
		m.requests = filter{}
		clear(m.weeks)
		m.loads.stop()
	}
	m.requests.add(requestHash(int64(member), key))
}

// knowsWeek reports whether all requests of a week are in the filter: because the
// week had no coupon when it was first met, which empty tells, or has been loaded.
func (m *Memory) knowsWeek(week int64, empty func() (bool, error)) (bool, error) {
	if known, met := m.weeks[week]; met {
		return known, nil
	}
	none, err := empty()
	if err != nil {
		return false, err
	}
	m.weeks[week] = none
	if !none && m.loads.ask != nil {
		m.loads.ask(Load{Week: week, round: m.loads.state.round.Load(), loads: m.loads.state, after: requestAt{-1, -1, -1}})
	}
	return none, nil
}

// Loaded reports whether no week is still to be loaded.
func (m *Memory) Loaded() bool {
	for _, known := range m.weeks {
		if !known {
			return false
		}
	}
	return true
}
