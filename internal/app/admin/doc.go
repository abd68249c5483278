// Package admin runs the installation: API keys, the first start, the audit log
// and jobs.
//
// Invariants: a key's secret is shown once and only its SHA-256 is stored. No
// principal makes or edits a key that may do or see more than itself. Each
// change has one audit entry in its transaction, which holds no secret and no
// hash of one.
//
// It does not own authentication (app/guard) nor the work of jobs (their own
// use cases write the job rows).
//
// Time: rows carry the business clock's moment.
package admin
