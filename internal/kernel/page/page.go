package page

import (
	"encoding/base64"
	"errors"
	"strings"
)

const (
	// Default is the size of a page when none is asked for.
	Default = 50
	// Most is the largest page.
	Most = 500
)

// ErrCursor says that a cursor was not made by Encode for this list.
var ErrCursor = errors.New("page: not a cursor of this list")

// Page asks for at most Limit rows after the row with key After ("" for the start).
type Page struct {
	After string
	Limit int
}

// Size returns Limit within 1..Most, Default for zero.
func (p Page) Size() int {
	if p.Limit <= 0 {
		return Default
	}
	return min(p.Limit, Most)
}

// Encode makes the cursor of a list (its name guards against use on another).
func Encode(list, key string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(list + "\x00" + key))
}

// Decode returns the key in a cursor; "" stands for the start.
func Decode(list, cursor string) (string, error) {
	if cursor == "" {
		return "", nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return "", ErrCursor
	}
	name, key, ok := strings.Cut(string(raw), "\x00")
	if !ok || name != list || key == "" {
		return "", ErrCursor
	}
	return key, nil
}
