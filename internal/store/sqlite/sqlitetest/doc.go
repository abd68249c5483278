// Package sqlitetest opens fresh SQLite stores for tests of other packages.
//
// It owns the template: the schema is migrated once per process, and each test
// gets a copy of the file. The stores don't wait for the disk: durability is
// tested in package sqlite.
package sqlitetest
