package app

import (
	"quan/internal/domain/desk"
	"quan/internal/store"
)

// DeskOf reads the service desk of a market, as it is in the transaction.
func DeskOf(tx store.Tx, market string) (desk.Desk, error) {
	rows, err := tx.Desks().Get([]string{market})
	if err != nil || len(rows) == 0 {
		return desk.Default(market), err
	}
	return rows[0], nil
}
