package pricing

import "sync"

// desk is where a quote works: what it has allocated serves the next one. Nothing of
// a result lies on it.
type desk struct {
	hand    hand
	picks   []int32 // lines being picked
	frames  []*frame
	sorting []reserve
}

var desks = sync.Pool{New: func() any { return &desk{} }}

// takeDesk gives the basket a used desk; the caller puts it back.
func (b *basket) takeDesk() *desk {
	b.desk = desks.Get().(*desk)
	b.hand.recalls = 0
	return b.desk
}
