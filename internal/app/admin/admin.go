package admin

import "quan/internal/app"

// Admin holds the use cases.
type Admin struct{ *app.App }
