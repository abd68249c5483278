// Package storetest is what every engine of the store must do, as tests. Both
// engines run the whole suite:
//
//	storetest.Run(t, func(tb testing.TB) (store.Store, func() store.Store) { … })
//
// Each test gets a database of its own with the schema in place. What only one
// engine can do (a lost COMMIT on the network, a full disk) is tested beside that
// engine. The suite knows the port's words only: no SQL, no engine.
package storetest
