package app

import (
	"encoding/json"
	"fmt"

	"quan/internal/domain/access"
	"quan/internal/kernel/id"
	"quan/internal/kernel/page"
	"quan/internal/store"
)

// Remembered looks up a request that has no member, under the lock of its
// caller, which orders twins. It is the first lock of its transaction.
func Remembered(tx store.Tx, by access.Principal, o Once) (answer string, hit bool, err error) {
	if o.Key == "" {
		return "", false, nil
	}
	if caller := CallerID(by); caller != 0 {
		if _, err := tx.Lock(store.LockSet{Callers: []id.ID{caller}}); err != nil {
			return "", false, err
		}
	}
	r := o.Reply(by, 0, "")
	found, err := FindReplies(tx, []store.Reply{r})
	if err != nil {
		return "", false, err
	}
	return Replayed(found, r)
}

// Remember keeps the answer of a request that has no member.
func Remember(tx store.Tx, by access.Principal, o Once, answer string) error {
	if o.Key == "" {
		return nil
	}
	return tx.Replies().Insert([]store.Reply{o.Reply(by, 0, answer)})
}

// JSON writes a row for an audit entry or a stored answer. Rows are plain data:
// a failure is a bug, and shows as one.
func JSON(row any) string {
	b, err := json.Marshal(row)
	if err != nil {
		return fmt.Sprintf(`{"unprintable":%q}`, err.Error())
	}
	return string(b)
}

// ListSize bounds what a list returns: 50 for zero, one more than the largest
// page at most, so that an edge can ask whether there is a next page.
func ListSize(limit int) int {
	if limit <= 0 {
		return page.Default
	}
	return min(limit, page.Most+1)
}
