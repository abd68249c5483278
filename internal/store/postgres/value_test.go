package postgres

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"quan/internal/store/sqlrepo"
)

// TestEven: rows that agree in the columns that may be single values get the text
// for it, and those values; where one differs in one of them all stay arrays.
func TestEven(t *testing.T) {
	b := &sqlrepo.Bulk{Post: "many", Even: "even", One: "one", Cols: []sqlrepo.Col{sqlrepo.Int, sqlrepo.Int, sqlrepo.Text}, Same: []int{1, 2}}
	for _, c := range []struct {
		name string
		rows [][]any
		text string
		args []any
	}{
		{"agree", [][]any{{int64(1), int64(7), "app"}, {int64(2), int64(7), "app"}}, "even", []any{[]int64{1, 2}, int64(7), "app"}},
		{"a number differs", [][]any{{int64(1), int64(7), "app"}, {int64(2), int64(8), "app"}}, "many", []any{[]int64{1, 2}, []int64{7, 8}, []string{"app", "app"}}},
		{"a text differs", [][]any{{int64(1), int64(7), "app"}, {int64(2), int64(7), "h5"}}, "many", []any{[]int64{1, 2}, []int64{7, 7}, []string{"app", "h5"}}},
		{"alone", [][]any{{int64(1), int64(7), "app"}}, "one", []any{int64(1), int64(7), "app"}},
	} {
		text, args, err := spread(b, len(c.rows), func(i int) []any { return c.rows[i] })
		if err != nil || text != c.text {
			t.Errorf("%s: %q, %v", c.name, text, err)
		}
		if d := cmp.Diff(c.args, args); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}
