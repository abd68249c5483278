// Package placement holds placements 资源位/投放位: where a template or a pack is offered,
// in which delivery channel, when, and how many coupons or packs it may give out.
//
// It owns its own dates, switch and cap. It does not own the template's rules, which
// hold as well, nor how it is shown.
//
// Invariants: a placement offers one template or one pack; its cap limits what was issued
// through it, and lowering it only stops more.
//
// Time: open in [From, To), either end open when zero.
package placement
