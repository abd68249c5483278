package explanation

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quan/internal/domain/condition"
)

// conditionExamples are leaves of every type, and some trees.
func conditionExamples(t *testing.T) (all []condition.Tree) {
	t.Helper()
	raw, err := os.ReadFile("../condition/testdata/leaves.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	of := func(name string) condition.Tree {
		return all[slices.IndexFunc(all, func(tree condition.Tree) bool { return tree.Leaf.Type() == name })]
	}
	city, tier, fresh := of("city"), of("member_tier"), of("cart_contains")
	return append(all,
		condition.Tree{Any: []condition.Tree{tier, {All: []condition.Tree{city, {None: []condition.Tree{fresh}}}}}},
		condition.Tree{None: []condition.Tree{tier, city}})
}

// Every leaf of every form is told in every language, in words of its own.
func TestConditionsAreTold(t *testing.T) {
	var b strings.Builder
	for _, tree := range conditionExamples(t) {
		text, err := json.Marshal(tree)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "=== %s\n", text)
		said := map[string]bool{}
		for _, lang := range languages {
			w := Writer{Lang: lang, Market: markets["cn"]}
			got := w.Conditions("/terms/conditions", tree)
			if len(got) != 1 || got[0].Text == "" || strings.ContainsAny(got[0].Text, "{}") || strings.HasSuffix(got[0].Text, " ") {
				t.Errorf("%s: %s: %q", lang, text, got)
				continue
			}
			said[got[0].Text] = true
			b.WriteString(string(lang) + ": " + got[0].Text + "\n")
		}
		if len(said) < 2 {
			t.Errorf("%s is told alike in all languages: %v", text, said)
		}
	}
	const file = "testdata/conditions.golden"
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("%s (run with -update if the new words are right):\n%s", file, diff)
	}
}

func TestConditionsOfAll(t *testing.T) {
	var tree condition.Tree
	if err := json.Unmarshal([]byte(`{"all":[{"type":"member_new"},{"type":"city","in":["shanghai"]}]}`), &tree); err != nil {
		t.Fatal(err)
	}
	w := Writer{Lang: "en", Name: func(kind Kind, code string) string { return strings.ToUpper(string(kind) + " " + code) }}
	want := []Sentence{{"/x/all/0", "You have not ordered yet"}, {"/x/all/1", "The city is CITY SHANGHAI"}}
	if diff := cmp.Diff(want, w.Conditions("/x", tree)); diff != "" {
		t.Error(diff)
	}
	if got := w.Conditions("/x", condition.Tree{}); got != nil {
		t.Errorf("nothing is told as %v", got)
	}
}

// Every key of every form has words in every language, and the languages have the
// same keys with the same placeholders.
func TestFormsHaveWords(t *testing.T) {
	for _, lang := range languages {
		for _, key := range formKeys() {
			if ConditionLabel(lang, key) == "" {
				t.Errorf("%s: no words for %s", lang, key)
			}
		}
		words, en := conditions[lang], conditions["en"]
		if diff := cmp.Diff(en.Keys(), words.Keys()); diff != "" {
			t.Errorf("%s: %s", lang, diff)
		}
		for _, key := range en.Keys() {
			a, b := slices.Concat(en.Placeholders(key)...), slices.Concat(words.Placeholders(key)...)
			slices.Sort(a)
			slices.Sort(b)
			if !slices.Equal(a, b) {
				t.Errorf("%s: %s holds %v, in English %v", lang, key, b, a)
			}
		}
	}
}

func formKeys() (all []string) {
	for _, f := range condition.Forms() {
		all = append(all, f.Label, f.Help)
		for _, field := range f.Fields {
			all = append(all, field.Label)
			for _, o := range field.Options {
				all = append(all, o.Label)
			}
		}
	}
	return all
}
