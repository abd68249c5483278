package explanation

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"quan/internal/domain/condition"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/i18n"
)

// currencies is the one map of the rules: its elements are copies.
const currencies = "/terms/currencies/*"

// unexplained are the fields without a sentence, each with its reason.
var unexplained = map[string]string{
	"/terms/priority":             "orders coupons inside a stack; no customer decides by it",
	"/claim/budgets":              "shared with other templates; what they leave is told when they are used up",
	"/claim/limits/*/over":        "how a quote meets a limit that is nearly reached; the quote tells its result",
	"/claim/limits/*/stop":        "what else ends with the limit; it ends by its own words",
	"/claim/limits/*/alarms":      "told to operators",
	"/terms/external/worst_minor": "a figure for liabilities; no customer pays it",
}

// Every field of the rules changes a sentence in every language: for each there
// is a case of testdata that reads differently once the field alone is changed.
func TestEveryFieldIsExplained(t *testing.T) {
	docs := cases(t)
	seen := map[string]bool{}
	for _, f := range leaves(reflect.TypeFor[coupon.Doc](), "") {
		seen[f.path] = true
		for _, lang := range languages {
			explained := false
			for _, doc := range docs {
				explained = explained || changes(t, lang, &doc, f.path)
			}
			reason := unexplained[f.path]
			if !explained && reason == "" {
				t.Errorf("%s: no sentence tells %s: add one, with a case in testdata, or name it in unexplained with the reason", lang, f.path)
			}
			if explained && reason != "" {
				t.Errorf("%s: %s is explained, take it off unexplained", lang, f.path)
			}
		}
	}
	for path := range unexplained {
		if !seen[path] {
			t.Errorf("unexplained names %s, which is no field", path)
		}
	}
}

// Every value of every enumeration has words in every language: a case of
// testdata has it, and reads differently with a value that no one knows.
func TestEveryValueIsExplained(t *testing.T) {
	docs := cases(t)
	for _, f := range leaves(reflect.TypeFor[coupon.Doc](), "") {
		if f.kind.Kind() != reflect.String || f.kind.PkgPath() == "" || unexplained[f.path] != "" {
			continue
		}
		values := slices.DeleteFunc(constants(t, f.kind), func(v string) bool {
			// Of batches of codes and of stock, packs, packets, budgets and desks, which no template names.
			return slices.Contains([]string{string(limit.PerCode), string(limit.PerBatch), string(limit.PackCount), string(limit.PacketCount), string(limit.PacketAmount),
				string(limit.ShareCount), string(limit.PlaceTime), string(limit.Campaign), string(limit.PerAgent), string(limit.DeskCount)}, v)
		})
		if len(values) == 0 {
			t.Errorf("no constants of %s found", f.kind)
		}
		for _, value := range values {
			for _, lang := range languages {
				told := false
				for _, doc := range docs {
					told = told || unlikeUnknown(t, lang, &doc, f.path, value)
				}
				if !told {
					t.Errorf("%s: no case of testdata tells %s = %q", lang, f.path, value)
				}
			}
		}
	}
	for _, kind := range constants(t, reflect.TypeFor[coupon.IssuerKind]()) {
		for _, lang := range languages {
			if !catalogue[lang].Has("issuer." + kind) {
				t.Errorf("%s: no words for the issuer %s", lang, kind)
			}
		}
	}
}

// leaf is a field that holds no further fields; its path is a JSON pointer with *
// for the elements of a list or map.
type leaf struct {
	path string
	kind reflect.Type
}

func leaves(t reflect.Type, path string) (all []leaf) {
	switch {
	case t.Kind() == reflect.Pointer:
		return leaves(t.Elem(), path)
	case t == reflect.TypeFor[condition.Tree](): // a document of its own; see condition_test.go
		return []leaf{{path, t}}
	case (t.Kind() == reflect.Slice || t.Kind() == reflect.Map) && t.Elem().Kind() == reflect.Struct:
		return leaves(t.Elem(), path+"/*")
	case t.Kind() != reflect.Struct:
		return []leaf{{path, t}}
	}
	for i := range t.NumField() {
		all = append(all, leaves(t.Field(i).Type, path+"/"+jsonName(t.Field(i)))...)
	}
	return all
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// at returns the values that a path reaches in v.
func at(v reflect.Value, path string) []reflect.Value {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil
		}
		v = v.Elem()
	}
	if path == "" {
		return []reflect.Value{v}
	}
	step, rest, _ := strings.Cut(path[1:], "/")
	if rest != "" {
		rest = "/" + rest
	}
	var all []reflect.Value
	if step == "*" {
		for i := range v.Len() {
			all = append(all, at(v.Index(i), rest)...)
		}
		return all
	}
	for i := range v.NumField() {
		if jsonName(v.Type().Field(i)) == step {
			return at(v.Field(i), rest)
		}
	}
	return nil
}

// changes reports whether another value of the field reads differently.
func changes(t *testing.T, lang i18n.Lang, doc *coupon.Doc, path string) bool {
	t.Helper()
	before := read(lang, doc)
	copied := clone(t, doc)
	differs := func() bool { return read(lang, copied) != before }
	rest, ok := strings.CutPrefix(path, currencies)
	if !ok {
		return anyOther(at(reflect.ValueOf(copied).Elem(), path), differs)
	}
	for code, a := range copied.Terms.Currencies {
		if anyOther(at(reflect.ValueOf(&a).Elem(), rest), func() bool {
			copied.Terms.Currencies[code] = a
			return differs()
		}) {
			return true
		}
	}
	return false
}

// anyOther puts other values into fields, one at a time, until it makes a difference.
func anyOther(fields []reflect.Value, differs func() bool) bool {
	for _, v := range fields {
		old := reflect.New(v.Type()).Elem()
		old.Set(v)
		for _, other := range others(v) {
			v.Set(other)
			if differs() {
				return true
			}
			v.Set(old)
		}
	}
	return false
}

func others(v reflect.Value) []reflect.Value {
	var all []any
	if _, ok := v.Interface().(condition.Tree); ok {
		return []reflect.Value{reflect.ValueOf(condition.Tree{Leaf: &condition.MemberTier{In: []string{"another"}}})}
	}
	switch v.Kind() {
	case reflect.Bool:
		all = []any{!v.Bool()}
	case reflect.Int64:
		all = []any{v.Int() + 1, v.Int() + 86_400_000}
	case reflect.String:
		all = []any{v.String() + "x"}
	case reflect.Slice:
		switch list := v.Interface().(type) {
		case []int64:
			all = []any{append(slices.Clone(list), 77)}
		case []calendar.Date:
			all = []any{append(slices.Clone(list), 20261231)}
		default:
			all = []any{append(slices.Clone(v.Interface().([]string)), "another")}
		}
	default:
		panic(fmt.Sprintf("a field of type %s: tell this test how to change it", v.Type()))
	}
	values := make([]reflect.Value, len(all))
	for i, o := range all {
		values[i] = reflect.ValueOf(o).Convert(v.Type())
	}
	return values
}

// unlikeUnknown reports whether the document has the value at the path and reads
// differently with a value that has no words.
func unlikeUnknown(t *testing.T, lang i18n.Lang, doc *coupon.Doc, path, value string) bool {
	t.Helper()
	before := read(lang, doc)
	copied := clone(t, doc)
	for _, v := range at(reflect.ValueOf(copied).Elem(), path) {
		if v.String() != value {
			continue
		}
		v.SetString("no_such_value")
		if read(lang, copied) != before {
			return true
		}
		v.SetString(value)
	}
	return false
}

// read is everything that is said about a document.
func read(lang i18n.Lang, doc *coupon.Doc) string {
	return fmt.Sprint(Card(lang, doc, markets["cn"]), Full(lang, doc, markets["cn"], nil))
}

func clone(t *testing.T, doc *coupon.Doc) *coupon.Doc {
	t.Helper()
	raw, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	var copied coupon.Doc
	if err := json.Unmarshal(raw, &copied); err != nil {
		t.Fatal(err)
	}
	return &copied
}

// constants returns the values of the constants of a type, from its source.
func constants(t *testing.T, kind reflect.Type) []string {
	t.Helper()
	files, err := filepath.Glob("../" + filepath.Base(kind.PkgPath()) + "/*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if typed, ok := spec.Type.(*ast.Ident); ok && typed.Name == kind.Name() {
				for _, v := range spec.Values {
					if literal, ok := v.(*ast.BasicLit); ok && literal.Kind == token.STRING {
						text, _ := strconv.Unquote(literal.Value)
						found[text] = true
					}
				}
			}
			return true
		})
	}
	return slices.Sorted(maps.Keys(found))
}
