package strict

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Kind of a JSON value.
type Kind uint8

// The kinds.
const (
	Null Kind = iota
	Bool
	Number
	String
	Array
	Object
)

// Node is one value of a JSON text.
type Node struct {
	Kind  Kind
	Text  string   // a string decoded, a number as written
	Truth bool     // of a Bool
	Keys  []string // of an Object, parallel to Items
	Items []Node   // of an Array or Object
}

// Field returns the member of an object with this key, nil when absent.
func (n *Node) Field(key string) *Node {
	for i, k := range n.Keys {
		if k == key {
			return &n.Items[i]
		}
	}
	return nil
}

// Integer returns the number where it was written as a plain integer of int64:
// digits with at most a minus in front; not -0, 1.0 or 1e2. plain is false when
// the form is another; fits is false when only the size is wrong.
func (n *Node) Integer() (value int64, plain, fits bool) { return Integer(n.Text) }

// Integer reads a plain integer literal, as Node.Integer.
func Integer(text string) (value int64, plain, fits bool) {
	digits := strings.TrimPrefix(text, "-")
	if digits == "" || len(digits) > 1 && digits[0] == '0' || text == "-0" {
		return 0, false, false
	}
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return 0, false, false
		}
	}
	value, err := strconv.ParseInt(text, 10, 64)
	return value, true, err == nil
}

// Pointer appends a token to a JSON pointer (RFC 6901).
func Pointer(base, token string) string {
	if strings.ContainsAny(token, "~/") {
		token = escaper.Replace(token)
	}
	return base + "/" + token
}

// At appends an index to a JSON pointer.
func At(base string, index int) string { return base + "/" + strconv.Itoa(index) }

var escaper = strings.NewReplacer("~", "~0", "/", "~1")

// JSON appends the value as JSON.
func (n *Node) JSON(b []byte) []byte {
	switch n.Kind {
	case Bool:
		return strconv.AppendBool(b, n.Truth)
	case Number:
		return append(b, n.Text...)
	case String:
		return quoted(b, n.Text)
	case Array:
		b = append(b, '[')
		for i := range n.Items {
			if i > 0 {
				b = append(b, ',')
			}
			b = n.Items[i].JSON(b)
		}
		return append(b, ']')
	case Object:
		b = append(b, '{')
		for i := range n.Items {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(quoted(b, n.Keys[i]), ':')
			b = n.Items[i].JSON(b)
		}
		return append(b, '}')
	}
	return append(b, "null"...)
}

func quoted(b []byte, text string) []byte {
	raw, _ := json.Marshal(text) // a string always has a form
	return append(b, raw...)
}
