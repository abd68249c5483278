package gather

// Waiting is how many wait in a lane behind its batches.
func (g *Gatherer[K, I, O]) Waiting(key K) int { return g.waiting(key) }

// Lanes is how many lanes there are.
func (g *Gatherer[K, I, O]) Lanes() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.lanes)
}

// Running is how many batches of a lane are under way.
func (g *Gatherer[K, I, O]) Running(key K) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.lanes[key].running
}
