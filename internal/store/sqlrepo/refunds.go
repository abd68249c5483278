package sqlrepo

import (
	"quan/internal/domain/order"
	"quan/internal/kernel/id"
)

const (
	refundColumns     = "id, order_id, ref, at, day, minor, charge_minor, complete, body_hash"
	refundLineColumns = "refund, line, quantity, minor"
)

var (
	refundsGet = newStatement("refunds.get",
		"SELECT "+refundColumns+" FROM refunds WHERE order_id IN (SELECT value FROM json_each($1)) ORDER BY order_id, id",
		"SELECT "+refundColumns+" FROM unnest($1::bigint[]) AS k(want) JOIN refunds ON order_id = want AND order_id = ANY($1::bigint[]) AND slot = "+home+" ORDER BY order_id, id")
	refundLinesGet = newStatement("refund_lines.get",
		"SELECT "+refundLineColumns+" FROM refund_lines WHERE order_id IN (SELECT value FROM json_each($1)) ORDER BY order_id, refund, line",
		"SELECT "+refundLineColumns+" FROM unnest($1::bigint[]) AS k(want) JOIN refund_lines ON order_id = want AND order_id = ANY($1::bigint[]) AND slot = "+home+" ORDER BY order_id, refund, line")
	refundsInsert     = insertOf("refunds", "order_id id slot ref:t at day minor charge_minor complete body_hash:t")
	refundLinesInsert = insertOf("refund_lines", "order_id refund line slot quantity minor")
)

// Refunds of these orders, oldest first.
func (r orderRows) Refunds(orders []id.ID) ([]order.Refund, error) {
	if len(orders) == 0 {
		return nil, nil
	}
	refunds, err := collect(r.tx, refundsGet, scanRefund, ints(orders))
	if err != nil || len(refunds) == 0 {
		return nil, err
	}
	at := make(map[id.ID]*order.Refund, len(refunds))
	for i := range refunds {
		at[refunds[i].ID] = &refunds[i]
	}
	err = r.tx.query(refundLinesGet, []any{ints(orders)}, func(row Scanner) error {
		var owner id.ID
		var l order.RefundLine
		err := row.Scan(&owner, &l.Line, &l.Quantity, &l.Minor)
		if f := at[owner]; f != nil {
			f.Lines = append(f.Lines, l)
		}
		return err
	})
	return refunds, err
}

func scanRefund(row Scanner) (f order.Refund, err error) {
	var complete int64
	err = row.Scan(&f.ID, &f.Order, &f.Ref, &f.At, &f.Day, &f.Minor, &f.ChargeMinor, &complete, &f.BodyHash)
	f.Full = complete != 0
	return f, err
}

// InsertRefunds adds refunds with their lines into the slots of their owners.
func (r orderRows) InsertRefunds(rows []order.Refund, owners []id.ID) error {
	err := r.tx.bulk(refundsInsert, len(rows), func(i int) []any {
		f := &rows[i]
		return []any{int64(f.Order), int64(f.ID), owners[i].Slot(), f.Ref, int64(f.At), int64(f.Day), f.Minor, f.ChargeMinor, flag(f.Full), f.BodyHash}
	})
	if err != nil {
		return err
	}
	var all [][]any
	for i := range rows {
		for _, l := range rows[i].Lines {
			all = append(all, []any{int64(rows[i].Order), int64(rows[i].ID), l.Line, owners[i].Slot(), l.Quantity, l.Minor})
		}
	}
	return r.tx.bulk(refundLinesInsert, len(all), func(i int) []any { return all[i] })
}
