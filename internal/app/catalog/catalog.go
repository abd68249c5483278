package catalog

import "quan/internal/app"

// Catalog holds the use cases.
type Catalog struct {
	*app.App
	shown shownPages
}
