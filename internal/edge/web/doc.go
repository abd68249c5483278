// Package web serves the pages that people use: the console, the phone pages and
// the counter. Their sources lie in web/ and are built into files/, which is embedded.
//
// It owns the files, their compression and caching, the policies that the browser is to
// hold, and what the head of a phone page says to programs that show links; what the pages ask for is the HTTP API of edge/api, as anybody
// else asks for it. Paths that are no page go on to the API.
//
// Invariants, held by tests:
//   - a page runs scripts and styles of this server and those that carry the nonce of
//     its own answer, and talks to this server only;
//   - no page can be framed, save the widget's, by the sites that its link names;
//   - what people wrote stands in a head as text;
//   - a file whose name has its hash in it is kept by browsers for ever, a page never;
//   - what was not built is said in words, with what to do, and nothing else fails.
//
// Time has no part in it.
package web
