// Package reporting reads what happened: statistics by rollup and the rows behind
// them, the funnel of a template, refusals by reason, settlements with funders, what
// somebody wants to know first (Home), what happens now (Board), and whether the
// invariants hold (Verify).
//
// Figures are exact: a read sums folded rows and deltas not yet folded. Refusal
// counts are flushed each second and not exact across a crash. Rates are basis
// points, half up, by integer arithmetic; zero where there is nothing to divide by.
//
// A principal limited to merchants sees the figures of their templates only;
// figures of all orders are not for it. Settlements go by who sold. One limited to
// stores sees what was sold there.
//
// Time: days are the market's local days of the decisions.
package reporting
