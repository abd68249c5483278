package gather

// Waiting is how many wait in a lane behind its batch.
func (g *Gatherer[K, I, O]) Waiting(key K) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	if l := g.lanes[key]; l != nil {
		return len(l.waiting)
	}
	return 0
}
