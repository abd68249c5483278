package strict

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseRefuses(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	tests := []struct{ name, text, pointer string }{
		{"nothing", "", ""},
		{"spaces only", " \n", ""},
		{"a second value", `{} {}`, ""},
		{"garbage after", `{"a":1}x`, ""},
		{"comma after", `{"a":1},`, ""},
		{"byte order mark", "\ufeff{}", ""},
		{"cut off object", `{"a":`, "/a"},
		{"cut off array", `[1,2`, ""},
		{"cut off string", `{"a":"x`, "/a"},
		{"cut off escape", `["\u00`, "/0"},
		{"trailing comma", `[1,]`, "/1"},
		{"trailing comma in an object", `{"a":1,}`, ""},
		{"single quotes", `{'a':1}`, ""},
		{"comment", `{"a":1/**/}`, ""},
		{"NaN", `{"a":NaN}`, "/a"},
		{"Infinity", `{"a":-Infinity}`, "/a"},
		{"hexadecimal", `{"a":0x10}`, ""},
		{"plus", `{"a":+1}`, "/a"},
		{"leading zero", `{"a":01}`, ""},
		{"point without digits", `{"a":1.}`, "/a"},
		{"full-width digit", `{"a":５}`, "/a"},
		{"same key twice", `{"a":1,"b":{"c":1,"c":2}}`, "/b/c"},
		{"same key twice, once escaped", `{"a":1,"\u0061":2}`, "/a"},
		{"same key among many", manyKeysTwice(), "/k3"},
		{"too deep", deep(MaxDepth + 1), "/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0"},
		{"very deep", deep(100_000), "/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0"},
		{"bad UTF-8", "{\"a\":[\"x\xc3\"]}", "/a/0"},
		{"overlong slash", "[\"\xc0\xaf\"]", "/0"},
		{"surrogate as UTF-8", "[\"\xed\xa0\x80\"]", "/0"},
		{"bad UTF-8 after an escape", "[\"\\n\xff\"]", "/0"},
		{"bad UTF-8 in a key", "{\"\xff\":1}", ""},
		{"NUL", "[\"\x00\"]", "/0"},
		{"escaped NUL", `["a\u0000"]`, "/0"},
		{"high surrogate alone", `["\ud800"]`, "/0"},
		{"high surrogate and text", `["\ud800x"]`, "/0"},
		{"two high surrogates", `["\ud800\ud800"]`, "/0"},
		{"low surrogate alone", `["\udc00"]`, "/0"},
		{"bad escape", `["\x41"]`, "/0"},
		{"signed escape", `["\u+041"]`, "/0"},
		{"line break in a string", "[\"a\nb\"]", "/0"},
		{"pointer with a slash", `{"a/b":{"c~d":tru}}`, "/a~1b/c~0d"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n, f := Parse([]byte(tt.text))
			if f == nil {
				t.Fatalf("read as %+v", n)
			}
			if f.Pointer != tt.pointer {
				t.Errorf("pointer %q, want %q (%v)", f.Pointer, tt.pointer, f)
			}
		})
	}
}

func manyKeysTwice() string {
	var b strings.Builder
	for i := range 100 {
		b.WriteString(`"k` + string(rune('0'+i%10)) + strings.Repeat("x", i/10) + `":1,`)
	}
	return "{" + b.String() + `"k3":1}`
}

func TestParseReads(t *testing.T) {
	got, f := Parse([]byte(" {\"a\":[1,-2.5e3,true,false,null],\"\":\"\\ud83d\\ude00 \\u5238\\n券\u202e\u200d\"} \n"))
	if f != nil {
		t.Fatal(f)
	}
	want := &Node{Kind: Object, Keys: []string{"a", ""}, Items: []Node{
		{Kind: Array, Items: []Node{{Kind: Number, Text: "1"}, {Kind: Number, Text: "-2.5e3"},
			{Kind: Bool, Truth: true}, {Kind: Bool}, {Kind: Null}}},
		{Kind: String, Text: "😀 券\n券\u202e\u200d"},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestInteger(t *testing.T) {
	tests := []struct {
		text        string
		plain, fits bool
	}{
		{"0", true, true}, {"-1", true, true}, {"9223372036854775807", true, true},
		{"9223372036854775808", true, false}, {"-9223372036854775809", true, false},
		{"-0", false, false}, {"1.0", false, false}, {"1e2", false, false}, {"", false, false},
		{"-", false, false}, {"007", false, false}, {"+1", false, false}, {" 1", false, false}, {"５", false, false},
	}
	for _, tt := range tests {
		if _, plain, fits := Integer(tt.text); plain != tt.plain || fits != tt.fits {
			t.Errorf("%q: plain %v fits %v", tt.text, plain, fits)
		}
	}
}

// FuzzParse holds the reader against encoding/json: what it reads, the standard
// library reads as the same value; it never panics.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{`{}`, `[1,"\ud83d\ude00",{"a":null}]`, `{"a":1,"a":2}`, "\"\xff\"", `1e309`, `[[[[`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		n, refusal := Parse(data)
		if refusal != nil {
			return
		}
		d := json.NewDecoder(strings.NewReader(string(data)))
		d.UseNumber()
		var want any
		if err := d.Decode(&want); err != nil {
			t.Fatalf("encoding/json refuses %q: %v", data, err)
		}
		if diff := cmp.Diff(want, plain(n)); diff != "" {
			t.Fatal(diff)
		}
	})
}

func plain(n *Node) any {
	switch n.Kind {
	case Bool:
		return n.Truth
	case Number:
		return json.Number(n.Text)
	case String:
		return n.Text
	case Array:
		out := make([]any, len(n.Items))
		for i := range n.Items {
			out[i] = plain(&n.Items[i])
		}
		return out
	case Object:
		out := make(map[string]any, len(n.Items))
		for i, k := range n.Keys {
			out[k] = plain(&n.Items[i])
		}
		return out
	}
	return nil
}
