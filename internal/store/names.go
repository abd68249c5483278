package store

// Names are what rows are found by besides their keys: by parts of what they are called,
// and packs and bulk grants by the templates that they give. They follow from the rows.
type Names interface {
	// Rewrite writes them for all rows anew, in place of what there is, and returns how
	// many rows it has read.
	Rewrite() (rows int64, err error)
}
