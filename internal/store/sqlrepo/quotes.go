package sqlrepo

import (
	"fmt"

	"quan/internal/store"
)

type quoteRows struct{ tx *Tx }

// Read asks for member, weeks and goods together, and then for the wallet, which
// lies where they say.
func (r quoteRows) Read(q store.QuoteRead) (out store.QuoteRows, err error) {
	out.Member = q.Member
	var newest int64
	var asked []read
	if out.Member == 0 && q.Key.Hash != "" {
		asked = append(asked, read{identitiesFindOne, []any{q.Key.Kind, q.Key.Hash, q.Key.Slot()}, func(row Scanner) error {
			found, err := scanIdentity(row)
			out.Member = found.Member
			return err
		}})
	}
	if len(asked) > 0 || out.Member != 0 {
		asked = append(asked, read{couponsNewest, nil, func(row Scanner) error { return row.Scan(&newest) }})
	}
	if len(q.SKUs) > 0 {
		goods := &reference[store.Item]{r.tx, items}
		asked = append(asked, read{items.get, []any{words(q.SKUs)}, func(row Scanner) error {
			it, err := goods.scan(row)
			out.Items = append(out.Items, it)
			return err
		}})
	}
	if err := r.tx.queries(asked); err != nil || out.Member == 0 {
		return out, err
	}
	out.Coupons, err = couponRows(r).live(weeksFrom(out.Member, newest), out.Member, q.Now, q.Limit)
	return out, err
}

// read is one of several queries that don't wait for each other.
type read struct {
	*statement
	args []any
	row  func(Scanner) error
}

// queries runs reads together; none is no statement.
func (t *Tx) queries(reads []read) error {
	if len(reads) == 0 {
		return nil
	}
	asked := make([]Read, len(reads))
	for i, q := range reads {
		if err := t.usable(q.name, false); err != nil {
			return err
		}
		asked[i] = Read{q.Stmt, q.args, q.row}
	}
	if err := t.exec.Queries(asked); err != nil {
		return fmt.Errorf("sqlrepo: %s and what is asked with it: %w", reads[0].name, err)
	}
	return nil
}
