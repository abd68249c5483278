// Package picture takes in pictures that people upload for pages, and writes them anew:
// what is stored and served is a JPEG of ours, of bounded size, without whatever else
// the file held (names, places, scripts).
//
// It owns which files are taken (JPEG and PNG) and how large they are. It does not own
// where pictures lie or who sees them.
package picture
