package sqlrepo

import (
	"maps"
	"slices"
)

var (
	settingsGet = newStatement("settings.get",
		"SELECT name, value FROM settings WHERE name IN (SELECT value FROM json_each($1))",
		"SELECT name, value FROM settings WHERE name = ANY($1::text[])")
	settingsUnder = same("settings.under", "SELECT name, value FROM settings WHERE name >= $1 AND name < $2 ORDER BY name")
	settingsPut   = upsertOf("settings.put", "settings", "name", "name:t value:t", false)
)

type settingRows struct{ tx *Tx }

func (r settingRows) Get(names []string) (map[string]string, error) {
	return r.read(settingsGet, words(names))
}

// Under returns the settings whose names begin so.
func (r settingRows) Under(prefix string) (map[string]string, error) {
	return r.read(settingsUnder, prefix, prefix+"\U0010FFFF")
}

func (r settingRows) read(s *statement, args ...any) (map[string]string, error) {
	out := map[string]string{}
	err := r.tx.query(s, args, func(row Scanner) error {
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
