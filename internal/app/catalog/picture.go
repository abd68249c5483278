package catalog

import (
	"context"
	"encoding/base64"
	"fmt"

	"quan/internal/domain/access"
	"quan/internal/domain/picture"
	"quan/internal/kernel/fault"
	"quan/internal/store"
)

// PutPicture takes in a picture for pages, written anew. Sent again it is the same
// picture. Faults: too_large, invalid_value at /data.
func (c *Catalog) PutPicture(ctx context.Context, by access.Principal, file []byte) (store.Picture, error) {
	if err := by.May(access.ReferenceWrite); err != nil {
		return store.Picture{}, err
	}
	// One at a time: unpacked, a picture takes a hundred megabytes.
	select {
	case drawing <- struct{}{}:
		defer func() { <-drawing }()
	case <-ctx.Done():
		return store.Picture{}, fault.New(fault.Overloaded)
	}
	made, f := picture.Read(file)
	if f != nil {
		return store.Picture{}, f.At("/data")
	}
	row := store.Picture{Name: made.Name, Width: int64(made.Width), Height: int64(made.Height), Data: base64.StdEncoding.EncodeToString(made.Data), CreatedAt: c.Clock()}
	err := c.Store.Update(ctx, store.Admin, func(tx store.Tx) error {
		known, err := tx.Pictures().Get([]string{row.Name})
		if err != nil {
			return err
		}
		if len(known) > 0 {
			row = known[0]
			return nil
		}
		if err := tx.Pictures().Put(row); err != nil {
			return err
		}
		return c.Audit(tx, by, "picture.create", row.Name, "", "", "")
	})
	if err != nil {
		return row, wrapPicture(err)
	}
	return row, nil
}

var drawing = make(chan struct{}, 1)

// Picture returns the JPEG of a picture, which is made to be seen by everybody, or
// fault not_found.
func (c *Catalog) Picture(ctx context.Context, name string) ([]byte, error) {
	var rows []store.Picture
	err := c.Store.View(ctx, func(tx store.Tx) (err error) {
		rows, err = tx.Pictures().Get([]string{name})
		return err
	})
	if err != nil {
		return nil, wrapPicture(err)
	}
	if len(rows) == 0 {
		return nil, absent("picture")
	}
	data, err := base64.StdEncoding.DecodeString(rows[0].Data)
	return data, wrapPicture(err)
}

func wrapPicture(err error) error {
	if err == nil || fault.From(err) != nil {
		return err
	}
	return fmt.Errorf("catalog: picture: %w", err)
}
