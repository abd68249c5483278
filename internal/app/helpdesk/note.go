package helpdesk

import (
	"cmp"
	"context"
	"encoding/base64"
	"strconv"
	"strings"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/member"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

// MostNote bounds the text of a note, in bytes.
const MostNote = 4_000

// AddNoteInput is a note that somebody writes about a member, and about a coupon or
// an order of that member where it is a complaint of that.
type AddNoteInput struct {
	Once   app.Once
	Member id.ID
	Text   member.Secret
	Coupon id.ID
	Order  id.ID
}

// Note is a note with its text.
type Note struct {
	member.Note
	Text member.Secret // "" where it can't be opened with the keys that are there
}

// AddNote writes a note. The audit log says who wrote one, and not what. Faults:
// member_not_found, coupon_not_found, order_not_found (or another member's).
func (s *Helpdesk) AddNote(ctx context.Context, by access.Principal, in AddNoteInput) (out Note, replayed bool, err error) {
	if err := may(by, access.MemberNote); err != nil {
		return out, false, err
	}
	if f := text.Required(in.Text.Reveal(), MostNote, "/text"); f != nil {
		return out, false, f
	}
	err = s.Store.Update(ctx, store.Admin, func(tx store.Tx) error {
		out, replayed = Note{}, false
		locked, err := tx.Lock(store.LockSet{Members: []id.ID{in.Member}})
		if err != nil {
			return err
		}
		if locked.Members[in.Member] == nil {
			return fault.New(fault.MemberUnknown)
		}
		reply := in.Once.Reply(by, in.Member, "")
		kept, err := app.FindReplies(tx, []store.Reply{reply})
		if err != nil {
			return err
		}
		answer, hit, err := app.Replayed(kept, reply)
		if err != nil {
			return err
		}
		if replayed = hit; hit {
			out, err = s.written(tx, in.Member, answer)
			return err
		}
		if err := about(tx, in); err != nil {
			return err
		}
		now := s.Clock()
		out = Note{member.Note{ID: s.IDs.New(in.Member.Slot()), Member: in.Member, At: now, Author: by.ID, Coupon: in.Coupon, Order: in.Order,
			Sealed: s.Vault.Seal(member.KindNote, asWritten(in.Text)), KeyVersion: s.Vault.Version()}, in.Text}
		if err := tx.Notes().Insert([]member.Note{out.Note}); err != nil {
			return err
		}
		if reply.Key != "" {
			reply.Answer = id.Format(id.Note, out.ID) + " " + strconv.FormatInt(int64(now), 10)
			if err := tx.Replies().Insert([]store.Reply{reply}); err != nil {
				return err
			}
		}
		return s.Audit(tx, by, "member.note", id.Format(id.Member, in.Member), "", id.Format(id.Note, out.ID), "")
	})
	return out, replayed, wrap("add note", err)
}

// about refuses a coupon or an order that is not the member's.
func about(tx store.Tx, in AddNoteInput) error {
	if in.Coupon != 0 {
		rows, err := tx.Coupons().Get([]id.ID{in.Coupon})
		if err == nil && (len(rows) == 0 || rows[0].Member != in.Member) {
			err = fault.New(fault.CouponUnknown).At("/coupon")
		}
		if err != nil {
			return err
		}
	}
	if in.Order == 0 {
		return nil
	}
	rows, err := tx.Orders().Get([]id.ID{in.Order})
	if err == nil && (len(rows) == 0 || rows[0].Member != in.Member) {
		err = fault.New(fault.OrderUnknown).At("/order")
	}
	return err
}

// written reads the note that an answer remembers.
func (s *Helpdesk) written(tx store.Tx, who id.ID, answer string) (Note, error) {
	name, when, _ := strings.Cut(answer, " ")
	which, err := id.Parse(id.Note, name)
	if err != nil {
		return Note{}, err
	}
	at, err := strconv.ParseInt(when, 10, 64)
	if err != nil {
		return Note{}, err
	}
	rows, err := tx.Notes().OfMember(who, store.Behind{At: calendar.Instant(at), ID: which + 1}, 1)
	if err == nil && (len(rows) == 0 || rows[0].ID != which) {
		err = fault.New(fault.Absent, "what", "note")
	}
	if err != nil {
		return Note{}, err
	}
	return s.opened(rows[0]), nil
}

// asWritten spells a text in letters that a vault, which brings values into one form,
// leaves as they are.
func asWritten(text member.Secret) member.Secret {
	return member.Secret(base64.RawStdEncoding.EncodeToString([]byte(text.Reveal())))
}

func (s *Helpdesk) opened(n member.Note) Note {
	plain, err := s.Vault.Open(member.KindNote, n.Sealed)
	text, spelt := base64.RawStdEncoding.DecodeString(plain.Reveal())
	if err = cmp.Or(err, spelt); err != nil {
		s.Log.Error("a note can't be opened", "note", id.Format(id.Note, n.ID), "key_version", n.KeyVersion)
		return Note{Note: n}
	}
	return Note{n, member.Secret(text)}
}
