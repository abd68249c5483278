package sqlrepo

import (
	"maps"
	"slices"
)

var (
	settingsGet = newStatement("settings.get",
		"SELECT name, value FROM settings WHERE name IN (SELECT value FROM json_each($1))",
		"SELECT name, value FROM settings WHERE name = ANY($1::text[])")
	settingsPut = upsertOf("settings.put", "settings", "name", "name:t value:t", false)
)

type settingRows struct{ tx *Tx }

func (r settingRows) Get(names []string) (map[string]string, error) {
	out := map[string]string{}
	err := r.tx.query(settingsGet, []any{words(names)}, func(row Scanner) error {
		var name, value string
		err := row.Scan(&name, &value)
		out[name] = value
		return err
	})
	return out, err
}

func (r settingRows) Put(values map[string]string) error {
	names := slices.Sorted(maps.Keys(values))
	return r.tx.bulk(settingsPut, len(names), func(i int) []any { return []any{names[i], values[names[i]]} })
}
