package limit

// Told returns the thresholds of the limit, in percent of its cap, that the
// counter has reached and that were not told yet, and notes them: each
// level of taking is told once, whatever is given back and taken again.
func (l *Limit) Told(c *Counter) (reached []int64) {
	for _, percent := range l.Alarms {
		level := levelOf(l.Cap, percent)
		if c.Taken >= level && level > c.Alarmed {
			reached = append(reached, percent)
			c.Alarmed = level
		}
	}
	return reached
}

// levelOf is the least taking that is at least a percentage of a cap, at least 1.
func levelOf(cap, percent int64) int64 {
	return max((cap/100)*percent+((cap%100)*percent+99)/100, 1)
}

// Reached is the highest threshold that a taking has reached, zero for none.
func (l *Limit) Reached(taken int64) (percent int64) {
	for _, p := range l.Alarms {
		if taken >= levelOf(l.Cap, p) {
			percent = p
		}
	}
	return percent
}
