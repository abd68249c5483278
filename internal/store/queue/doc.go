// Package queue says in which order writes that wait get their turn, how long a
// newcomer would wait, and who is turned away (hot-path S7).
//
// Both engines stand their writes in a Queue, by class: the most urgent first,
// but each class that waits gets at least an eighth of the time. The gatherer
// above them asks a Meter about its lanes. What a turn costs is measured, and a
// newcomer whose expected wait is longer than MostWait is overloaded at once, with
// the seconds after which it may come again: waiting would only make it later. A
// queue's length is no reason. Control is never turned away; Background neither,
// since nobody waits for it.
//
// The package holds no clock: moments and durations are arguments (a Meter's Now
// may be set in tests). A Queue is guarded by its owner, a Meter guards itself.
package queue
