// Package page is the phone page 领券页 of a placement: how it looks and what it says,
// and in which state visitors find it.
//
// It owns the design (theme, colour, head picture, texts in three languages) with its
// draft and the published one, and the words for states. It does not own what is
// offered, whose texts come from the template, nor who may claim it.
//
// A design is data: no HTML, no style sheet, no address of somebody else's.
package page
