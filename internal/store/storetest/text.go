package storetest

import (
	"fmt"
	"strings"

	"quan/internal/kernel/calendar"
	"quan/internal/store"
	"quan/internal/testkit"
)

// text is a row as text, for sorting.
func text(v any) string { return fmt.Sprintf("%+v", v) }

var textTests = map[string]func(*world){
	"text/unicode":   unicodeSurvives,
	"text/nul":       nulIsRefused,
	"time/extremes":  timesSurvive,
	"text/long":      longTextSurvives,
	"text/injection": quotesAreText,
}

// oddTexts come back as they went in, byte for byte: no normalisation, no cutting.
var oddTexts = []string{
	"满20减5 券", "👩‍👩‍👧‍👦 family", "e\u0301 and é", "مرحبا \u202bשלום\u202c", "\ufeffbom", "\u200b", " spaces ", "line\nbreak\ttab",
	"𠮷野家", "İıſ", "%_\\", "\u0001", "\uffff", "{}", "null", "NaN", "0x41", "1e9", "00123", "-0",
}

func unicodeSurvives(w *world) {
	var rows []store.Merchant
	for i, name := range oddTexts {
		m := testkit.Merchant(fmt.Sprintf("m%02d", i))
		m.Name = name
		rows = append(rows, m)
	}
	settings := map[string]string{}
	for i, name := range oddTexts {
		settings[fmt.Sprintf("s%02d %s", i, name)] = name
	}
	w.do(func(tx store.Tx) error {
		if err := tx.Settings().Put(settings); err != nil {
			return err
		}
		return tx.Merchants().Insert(rows)
	})
	w.look(func(tx store.Tx) error {
		got, err := tx.Merchants().List(store.Filter{Limit: 100})
		ordered(w, got, err, rows...)
		var names []string
		for name := range settings {
			names = append(names, name)
		}
		found, err := tx.Settings().Get(names)
		ordered(w, []map[string]string{found}, err, settings)
		return nil
	})
}

// Keys of other systems are looked up byte for byte too.
func quotesAreText(w *world) {
	var rows []store.OutsideRow
	for _, ref := range append([]string{"'; DROP TABLE coupons; --", `"`, "$1", "?1", "\\", "[1]", `{"a":1}`, ",", "a,b"}, oddTexts...) {
		rows = append(rows, store.OutsideRow{OutsideKey: store.OutsideKey{Kind: "order", Source: "pos", Ref: ref}, Target: w.id()})
	}
	w.do(func(tx store.Tx) error { return tx.Outside().Insert(rows) })
	w.look(func(tx store.Tx) error {
		for _, row := range rows {
			got, err := tx.Outside().Find([]store.OutsideKey{row.OutsideKey})
			same(w, withoutSlots(got), err, row)
		}
		return nil
	})
}

// PostgreSQL can't store NUL or broken UTF-8, so no engine may.
func nulIsRefused(w *world) {
	for _, name := range []string{"a\x00b", "\x00", "\xff", "\xed\xa0\x80"} {
		m := testkit.Merchant("nul")
		m.Name = name
		if err := w.try(func(tx store.Tx) error { return tx.Merchants().Insert([]store.Merchant{m}) }); err == nil {
			w.Errorf("%q was stored", name)
		}
		if err := w.try(func(tx store.Tx) error { return tx.Settings().Put(map[string]string{"s": name}) }); err == nil {
			w.Errorf("%q was stored as a setting", name)
		}
	}
	w.do(func(tx store.Tx) error { return tx.Merchants().Insert([]store.Merchant{testkit.Merchant("nul")}) })
}

func longTextSurvives(w *world) {
	long := strings.Repeat("券", 100_000)
	w.do(func(tx store.Tx) error { return tx.Settings().Put(map[string]string{"long": long}) })
	w.look(func(tx store.Tx) error {
		got, err := tx.Settings().Get([]string{"long"})
		if err == nil && got["long"] != long {
			w.Errorf("%d bytes came back of %d", len(got["long"]), len(long))
		}
		return err
	})
}

func timesSurvive(w *world) {
	var rows []store.Merchant
	for i, at := range []calendar.Instant{calendar.Earliest, 1, -1, testkit.Start, testkit.Start + 1, calendar.Latest, 1<<53 + 1} {
		m := testkit.Merchant(fmt.Sprintf("m%d", i))
		m.CreatedAt, m.UpdatedAt, m.ArchivedAt = at, at, 0
		rows = append(rows, m)
	}
	w.do(func(tx store.Tx) error { return tx.Merchants().Insert(rows) })
	w.look(func(tx store.Tx) error {
		got, err := tx.Merchants().List(store.Filter{Limit: 100})
		ordered(w, got, err, rows...)
		return nil
	})
}
