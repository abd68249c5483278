// Package planning answers what coupons would do before anybody holds them: prices
// after coupons for lists, the lowest price that a draft makes possible beside what
// is published, and a dry run over the catalogue and past orders.
//
// It owns which goods, orders and templates are looked at, and how many; what a
// cart costs is pricing's. It writes nothing.
//
// Coupons that nobody holds are pricing.Held. Plans over templates (Lowest, DryRun)
// take away what a plan can't know: conditions of members and moments, and for
// Lowest places too - they say what can happen to somebody somewhere.
//
// Long runs read a bounded number of rows a call and return a cursor, which carries
// what was added up so far: a caller shows progress, stops by not going on, and
// resumes at any time. A cursor of a draft that has changed is refused.
//
// Time: the business clock, read once a call.
package planning
