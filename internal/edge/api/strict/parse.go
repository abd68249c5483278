package strict

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"quan/internal/kernel/fault"
)

// MaxDepth is how many arrays and objects may lie in one another.
const MaxDepth = 20

// Parse reads a text that holds exactly one JSON value. What is wrong is a fault
// invalid_body with the pointer of the value that could not be read; its
// parameter "reason" is for programs and logs.
func Parse(data []byte) (*Node, *fault.Fault) {
	p := parser{data: data}
	p.space()
	var n Node
	p.value(&n, 1)
	if p.refusal == nil {
		p.space()
		if p.at < len(p.data) {
			p.path = nil
			p.refuse("text after the value")
		}
	}
	if p.refusal != nil {
		return nil, p.refusal
	}
	return &n, nil
}

// parser stops at the first refusal: every method returns at once when there is one.
type parser struct {
	data    []byte
	at      int
	path    []string
	refusal *fault.Fault
}

func (p *parser) refuse(reason string) {
	if p.refusal != nil {
		return
	}
	pointer := ""
	for _, token := range p.path {
		pointer = Pointer(pointer, token)
	}
	p.refusal = fault.New(fault.InvalidBody, "reason", reason).At(pointer)
}

func (p *parser) space() {
	for p.at < len(p.data) {
		switch p.data[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

// next returns the byte at hand, 0 at the end.
func (p *parser) next() byte {
	if p.at < len(p.data) {
		return p.data[p.at]
	}
	return 0
}

func (p *parser) value(n *Node, depth int) {
	switch c := p.next(); {
	case c == '{' || c == '[':
		if depth > MaxDepth {
			p.refuse("nested too deep")
			return
		}
		p.at++
		if c == '{' {
			p.object(n, depth)
		} else {
			p.array(n, depth)
		}
	case c == '"':
		n.Kind, n.Text = String, p.text()
	case c == '-' || c >= '0' && c <= '9':
		n.Kind, n.Text = Number, p.number()
	case c == 't':
		n.Kind, n.Truth = Bool, true
		p.word("true")
	case c == 'f':
		n.Kind = Bool
		p.word("false")
	case c == 'n':
		p.word("null")
	default:
		p.refuse("no JSON value")
	}
}

func (p *parser) word(word string) {
	if !strings.HasPrefix(string(p.data[p.at:min(p.at+len(word), len(p.data))]), word) {
		p.refuse("no JSON value")
		return
	}
	p.at += len(word)
}

// manyKeys is from where a map finds a repeated key faster than a look along the list.
const manyKeys = 16

func (p *parser) object(n *Node, depth int) {
	n.Kind = Object
	p.space()
	if p.next() == '}' {
		p.at++
		return
	}
	var seen map[string]bool
	for p.refusal == nil {
		p.space()
		if p.next() != '"' {
			p.refuse("a key is missing")
			return
		}
		key := p.text()
		if p.refusal != nil {
			return
		}
		p.path = append(p.path, key)
		if seen, _ = p.unique(n.Keys, key, seen); p.refusal != nil {
			return
		}
		p.space()
		if p.next() != ':' {
			p.refuse("a colon is missing")
			return
		}
		p.at++
		p.space()
		n.Keys, n.Items = append(n.Keys, key), append(n.Items, Node{})
		p.value(&n.Items[len(n.Items)-1], depth+1)
		if p.refusal != nil {
			return
		}
		p.path = p.path[:len(p.path)-1]
		if p.end('}') {
			return
		}
	}
}

// unique refuses a key that the object has already.
func (p *parser) unique(keys []string, key string, seen map[string]bool) (map[string]bool, bool) {
	if len(keys) < manyKeys {
		for _, k := range keys {
			if k == key {
				p.refuse("the key is there twice")
				return seen, false
			}
		}
		return seen, true
	}
	if seen == nil {
		seen = make(map[string]bool, 2*manyKeys)
		for _, k := range keys {
			seen[k] = true
		}
	}
	if seen[key] {
		p.refuse("the key is there twice")
		return seen, false
	}
	seen[key] = true
	return seen, true
}

func (p *parser) array(n *Node, depth int) {
	n.Kind = Array
	p.space()
	if p.next() == ']' {
		p.at++
		return
	}
	for p.refusal == nil {
		p.space()
		p.path = append(p.path, strconv.Itoa(len(n.Items)))
		n.Items = append(n.Items, Node{})
		p.value(&n.Items[len(n.Items)-1], depth+1)
		if p.refusal != nil {
			return
		}
		p.path = p.path[:len(p.path)-1]
		if p.end(']') {
			return
		}
	}
}

// end steps over a comma, or over the closing byte and says so.
func (p *parser) end(closing byte) bool {
	p.space()
	switch p.next() {
	case closing:
		p.at++
		return true
	case ',':
		p.at++
	default:
		p.refuse("cut off or badly divided")
	}
	return false
}

// number reads -?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)? and returns it as written.
func (p *parser) number() string {
	start := p.at
	if p.next() == '-' {
		p.at++
	}
	if p.next() == '0' {
		p.at++
	} else {
		p.digits()
	}
	if p.next() == '.' {
		p.at++
		p.digits()
	}
	if c := p.next(); c == 'e' || c == 'E' {
		p.at++
		if c := p.next(); c == '+' || c == '-' {
			p.at++
		}
		p.digits()
	}
	return string(p.data[start:p.at])
}

func (p *parser) digits() {
	start := p.at
	for c := p.next(); c >= '0' && c <= '9'; c = p.next() {
		p.at++
	}
	if p.at == start {
		p.refuse("no JSON number")
	}
}

// text reads a string; the byte at hand is its opening quote.
func (p *parser) text() string {
	p.at++
	start := p.at
	for p.at < len(p.data) {
		c := p.data[p.at]
		switch {
		case c == '"':
			out := string(p.data[start:p.at])
			p.at++
			if !utf8.ValidString(out) {
				p.refuse("not UTF-8")
			}
			return out
		case c == '\\':
			return p.escaped(start)
		case c < ' ':
			p.refuse("control character in a string")
			return ""
		}
		p.at++
	}
	p.refuse("cut off")
	return ""
}

// escaped goes on with a string from its first backslash.
func (p *parser) escaped(start int) string {
	out := append(make([]byte, 0, p.at-start+32), p.data[start:p.at]...)
	for p.at < len(p.data) && p.refusal == nil {
		c := p.data[p.at]
		switch {
		case c == '"':
			p.at++
			if !utf8.Valid(out) {
				p.refuse("not UTF-8")
			}
			return string(out)
		case c == '\\':
			p.at++
			out = p.escape(out)
		case c < ' ':
			p.refuse("control character in a string")
		default:
			out = append(out, c)
			p.at++
		}
	}
	p.refuse("cut off")
	return ""
}

var plainEscapes = map[byte]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

func (p *parser) escape(out []byte) []byte {
	c := p.next()
	if plain, ok := plainEscapes[c]; ok {
		p.at++
		return append(out, plain)
	}
	if c != 'u' {
		p.refuse("unknown escape")
		return out
	}
	r := p.unit()
	if utf16.IsSurrogate(r) {
		if p.next() != '\\' || p.at+1 >= len(p.data) || p.data[p.at+1] != 'u' {
			p.refuse("lone surrogate")
			return out
		}
		p.at++
		if r = utf16.DecodeRune(r, p.unit()); r == utf8.RuneError {
			p.refuse("lone surrogate")
			return out
		}
	}
	if r == 0 {
		p.refuse("NUL")
	}
	return utf8.AppendRune(out, r)
}

// unit reads uXXXX.
func (p *parser) unit() rune {
	p.at++
	if p.at+4 > len(p.data) {
		p.refuse("cut off")
		return 0
	}
	v, err := strconv.ParseUint(string(p.data[p.at:p.at+4]), 16, 16)
	if err != nil {
		p.refuse("unknown escape")
		return 1
	}
	p.at += 4
	return rune(v)
}
