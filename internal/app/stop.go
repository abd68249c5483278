package app

import (
	"encoding/json"
	"fmt"

	"quan/internal/domain/stop"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// loadStops puts the kill switch over the switches of templates. A stop makes a new
// generation of each template that it holds.
func loadStops(tx store.Tx, fresh map[id.ID]*Offer) error {
	var names []string
	for _, o := range fresh {
		names = append(names, stop.Names(o.Template)...)
	}
	kept, err := tx.Settings().Get(names)
	if err != nil || len(kept) == 0 {
		return err
	}
	for _, o := range fresh {
		for _, name := range stop.Names(o.Template) {
			var s stop.Stop
			if kept[name] == "" {
				continue
			}
			if err := json.Unmarshal([]byte(kept[name]), &s); err != nil {
				return fmt.Errorf("app: read %s: %w", name, err)
			}
			s.On(o.Template)
		}
	}
	return nil
}
