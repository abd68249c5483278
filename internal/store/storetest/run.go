package storetest

import (
	"context"
	"errors"
	"reflect"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.uber.org/goleak"

	"quan/internal/domain/market"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

// Open returns a store on a new database for one test, closed at its end. second
// opens another engine on the same database, as another process would; it is nil
// where an engine has its database to itself.
type Open func(tb testing.TB) (a store.Store, second func() store.Store)

// Run runs the suite.
func Run(t *testing.T, open Open) {
	leaks := goleak.IgnoreCurrent()
	groups := []map[string]func(*world){
		referenceTests, rowTests, factTests, moneyTests, logTests, metricTests, jobTests, sessionTests, visitTests, linkTests, textTests,
		codeTests, limitTests, deskTests, packTests, packetTests, wayTests, fateTests, lockTests, viewTests, callerTests, contentionTests, cursorTests, settlementTests,
	}
	for _, group := range groups {
		for _, name := range names(group) {
			t.Run(name, func(t *testing.T) {
				a, second := open(t)
				group[name](&world{T: t, store: a, second: second, ids: testkit.Maker()})
			})
		}
	}
	goleak.VerifyNone(t, leaks)
}

func names(group map[string]func(*world)) []string {
	var all []string
	for name := range group {
		all = append(all, name)
	}
	sort.Strings(all)
	return all
}

// world is one test with its store.
type world struct {
	*testing.T
	store  store.Store
	second func() store.Store
	ids    *id.Maker
}

// id returns a new id in some slot.
func (w *world) id() id.ID { return w.ids.New(7) }

// do commits fn or ends the test.
func (w *world) do(fn func(store.Tx) error) {
	w.Helper()
	if err := w.try(fn); err != nil {
		w.Fatal(err)
	}
}

// try runs fn in an Update.
func (w *world) try(fn func(store.Tx) error) error {
	return w.store.Update(context.Background(), store.Use, fn)
}

// look runs fn in a View or ends the test.
func (w *world) look(fn func(store.Tx) error) {
	w.Helper()
	if err := w.store.View(context.Background(), fn); err != nil {
		w.Fatal(err)
	}
}

// refuses runs fn in an Update that must fail with target and leave nothing.
func (w *world) refuses(target error, fn func(store.Tx) error) {
	w.Helper()
	if err := w.try(fn); !errors.Is(err, target) {
		w.Fatalf("got error %v, want %v", err, target)
	}
}

var options = cmp.Options{cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(market.Market{})}

// same compares what was read with what was written, in any order.
func same[T any](w *world, got []T, err error, want ...T) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
	less := func(a, b T) bool { return text(a) < text(b) }
	if diff := cmp.Diff(want, got, options, cmpopts.SortSlices(less)); diff != "" {
		w.Errorf("read differs from written (-want +got):\n%s", diff)
	}
}

// ordered compares in order.
func ordered[T any](w *world, got []T, err error, want ...T) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
	if diff := cmp.Diff(want, got, options); diff != "" {
		w.Errorf("read differs from written (-want +got):\n%s", diff)
	}
}

// filled ends the test when a field of the row is zero: a round trip of a zero
// proves nothing. except names fields that must be zero in this row.
func filled(w *world, row any, except ...string) {
	w.Helper()
	v := reflect.ValueOf(row)
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.IsExported() && v.Field(i).IsZero() && !strings.Contains(" "+strings.Join(except, " ")+" ", " "+f.Name+" ") {
			w.Fatalf("%s.%s is zero in the test's row", v.Type(), f.Name)
		}
	}
}
