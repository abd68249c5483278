package sqlrepo

// shelf remembers rows by their keys: those used last, as two maps of which the
// older one is thrown away when the younger one is full. Written rows are noted
// until the closure that wrote them is kept or undone.
type shelf[K comparable, V any] struct {
	size       int
	young, old map[K]V
	written    []K
}

func newShelf[K comparable, V any](size int) shelf[K, V] {
	return shelf[K, V]{size: size, young: map[K]V{}}
}

func (s *shelf[K, V]) get(k K) (V, bool) {
	v, ok := s.young[k]
	if !ok {
		if v, ok = s.old[k]; ok {
			s.put(k, v)
		}
	}
	return v, ok
}

// put notes a row as it was read.
func (s *shelf[K, V]) put(k K, v V) {
	if len(s.young) >= s.size {
		s.old, s.young = s.young, make(map[K]V, s.size)
	}
	s.young[k] = v
}

// set notes a row as it was written.
func (s *shelf[K, V]) set(k K, v V) {
	s.put(k, v)
	s.written = append(s.written, k)
}

// drop forgets a row that was written, or is gone; what is read of it in the same
// closure is forgotten with that.
func (s *shelf[K, V]) drop(k K) {
	s.forget(k)
	s.written = append(s.written, k)
}

func (s *shelf[K, V]) forget(k K) {
	delete(s.young, k)
	delete(s.old, k)
}

func (s *shelf[K, V]) keep() { s.written = s.written[:0] }

func (s *shelf[K, V]) undo() {
	for _, k := range s.written {
		s.forget(k)
	}
	s.keep()
}

func (s *shelf[K, V]) clear() {
	clear(s.young)
	s.old = nil
	s.keep()
}

// filter says of hashes whether it may hold them: its no is certain, its yes right
// in some 97 of 100 cases. It is a row of Bloom filters of 512-bit blocks with four
// bits a hash (Putze, Sanders, Singler 2007), each eight times as large as the one
// before, so that nothing has to be written anew when it grows.
type filter struct {
	parts []filterPart
	held  int
}

type filterPart struct {
	bits []uint64
	room int // how many hashes more
}

const (
	filterLeast = 1 << 14 // words of the first part: 128 KiB, 131,072 hashes
	filterMost  = 16 << 20
)

// full reports whether it is time for a new one.
func (f *filter) full() bool { return f.held >= filterMost }

// add holds a hash; what it holds takes no room again.
func (f *filter) add(hash uint64) {
	if f.mayHold(hash) {
		return
	}
	n := len(f.parts)
	if n == 0 || f.parts[n-1].room == 0 {
		words := filterLeast << (3 * n)
		if n > 2 {
			words = filterLeast << 6
		}
		f.parts = append(f.parts, filterPart{make([]uint64, words), words * 8})
		n++
	}
	p := &f.parts[n-1]
	p.room--
	f.held++
	at := p.block(hash)
	for range 4 {
		p.bits[at+hash>>6&7] |= 1 << (hash & 63)
		hash >>= 9
	}
}

func (f *filter) mayHold(hash uint64) bool {
	for i := range f.parts {
		if f.parts[i].mayHold(hash) {
			return true
		}
	}
	return false
}

// block is the place of the hash's eight words, by its upper half: the lower 36 bits
// choose the bits.
func (p *filterPart) block(hash uint64) uint64 {
	return mix(hash) % uint64(len(p.bits)/8) * 8
}

func (p *filterPart) mayHold(hash uint64) bool {
	at := p.block(hash)
	for range 4 {
		if p.bits[at+hash>>6&7]&(1<<(hash&63)) == 0 {
			return false
		}
		hash >>= 9
	}
	return true
}

// mix spreads a number over all bits (the end of MurmurHash3).
func mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}
