// Package calendar turns instants into a market's local days, weeks and months
// and back. Intervals are [from, to). It never reads a clock: the moment is
// always an argument.
package calendar
