package app

import (
	"time"

	"quan/internal/domain/access"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Once makes a request act once: the caller's Idempotency-Key and the hash of
// what was asked. The zero Once is a request that natural keys protect (imports).
type Once struct {
	Key  string // ≤ 255 bytes
	Body string // hex SHA-256 over route and canonical decoded input
}

// Reply is the row that remembers the request: in the scope of caller and member
// (zero where there is none).
func (o Once) Reply(by access.Principal, member id.ID, answer string) store.Reply {
	r := store.Reply{Scope: by.ID, Key: o.Key, Body: o.Body, Answer: answer, Day: WallDay()}
	if member != 0 {
		r.Scope += "|" + id.Format(id.Member, member)
		r.Slot, r.Member = member.Slot(), member
	} else {
		r.Slot = id.SlotOf(by.ID)
	}
	return r
}

// ReplyKey names a remembered request.
type ReplyKey struct{ Scope, Key string }

// WallDay is today's UTC day by the wall clock: replies are kept by real days,
// whatever clock the business has.
func WallDay() calendar.Date { return calendar.DateOf(calendar.Of(time.Now()), time.UTC) }

// FindReplies looks up remembered requests; call it under the lock that orders
// twins (the member's, or the caller's).
func FindReplies(tx store.Tx, wanted []store.Reply) (map[ReplyKey]store.Reply, error) {
	found := map[ReplyKey]store.Reply{}
	keyed := wanted[:0:0]
	for _, r := range wanted {
		if r.Key != "" {
			keyed = append(keyed, r)
		}
	}
	if len(keyed) == 0 {
		return found, nil
	}
	rows, err := tx.Replies().Find(keyed, WallDay())
	for _, r := range rows {
		found[ReplyKey{r.Scope, r.Key}] = r
	}
	return found, err
}

// Replayed decides about a request whose key is known: its answer for the same
// body, the fault idempotency_key_reused for another.
func Replayed(found map[ReplyKey]store.Reply, r store.Reply) (answer string, hit bool, err error) {
	old, ok := found[ReplyKey{r.Scope, r.Key}]
	if !ok || r.Key == "" {
		return "", false, nil
	}
	if old.Body != r.Body {
		return "", false, fault.New(fault.KeyReusedBody).At("header:Idempotency-Key")
	}
	return old.Answer, true, nil
}

// CallerID is the id of the API key that acts, zero for quan itself.
func CallerID(by access.Principal) id.ID {
	i, err := id.Parse(id.Key, by.ID)
	if err != nil {
		return 0
	}
	return i
}
