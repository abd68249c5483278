// Package server puts the program together: configuration, secrets, the engine,
// the use cases, the edges. The same constructor serves main and the end-to-end
// tests; it is the only package that knows which engine runs.
package server
