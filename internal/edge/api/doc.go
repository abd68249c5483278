// Package api is the HTTP API v1: what a program asks for, in JSON, described by
// the OpenAPI 3.1 document that it serves itself.
//
// It owns routes, the form of requests and answers, problem documents (RFC 9457),
// authentication headers, idempotency and revision headers, cursors, limits on
// what may be sent, the access log and the request metrics. It decides nothing:
// every route calls one use case with a principal.
//
// Invariants, held by tests:
//   - each operation names its permission in the route table; without a key the
//     answer is 401, without the permission 403, before the body is read;
//   - what is read is JSON in one reading (package strict) that fits the schema in
//     /openapi.json; a key that the schema does not name is refused;
//   - a refusal is a problem with a code, and a pointer where a part of the input
//     is at fault; what is no fault of the caller is a mute 500 with a request id;
//   - logs and metrics carry the route pattern, never a path value or a body.
//
// A request's way: serve (id, log, panic) → mux → admit (key, permission) →
// screen (parameters, body) → huma binds → handler → use case.
//
// Time: none here; use cases read the clock. Durations in the log are the
// wall clock's.
package api
