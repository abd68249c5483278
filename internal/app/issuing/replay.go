package issuing

import (
	"strings"

	"quan/internal/app"
	"quan/internal/domain/coupon"
	"quan/internal/domain/pack"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// remembered answers the acts whose key or slip is known, under the members' locks.
func (b *batch) remembered(tx store.Tx, locked *store.Locked) error {
	var asked []store.Reply
	var slips []store.OutsideKey
	for i, a := range b.acts {
		if b.outcomes[i].Err != nil {
			continue
		}
		if locked.Members[b.members[i]] == nil {
			b.outcomes[i].Err = fault.New(fault.MemberUnknown).At("/member")
			continue
		}
		if a.once.Key != "" {
			asked = append(asked, a.once.Reply(a.by, b.members[i], ""))
		}
		if a.slip.Ref != "" {
			slips = append(slips, a.slip)
		}
	}
	replies, err := app.FindReplies(tx, asked)
	if err != nil {
		return err
	}
	taken := map[store.OutsideKey]id.ID{}
	if len(slips) > 0 {
		rows, err := tx.Outside().Find(slips)
		if err != nil {
			return err
		}
		for _, r := range rows {
			taken[r.OutsideKey] = r.Target
		}
	}
	return b.replay(tx, replies, taken)
}

// replay fills the receipts of remembered acts from the coupons they made.
func (b *batch) replay(tx store.Tx, replies map[app.ReplyKey]store.Reply, taken map[store.OutsideKey]id.ID) error {
	made, gaps := map[int][]id.ID{}, map[int][]pack.Gap{}
	var ids []id.ID
	for i, a := range b.acts {
		if b.outcomes[i].Err != nil {
			continue
		}
		answer, hit, err := app.Replayed(replies, a.once.Reply(a.by, b.members[i], ""))
		switch {
		case err != nil:
			b.outcomes[i].Err = err
		case hit:
			made[i], gaps[i] = parseIDs(answer), pack.ReadGaps(answer)
		case a.slip.Ref != "" && taken[a.slip] != 0:
			made[i] = []id.ID{taken[a.slip]}
		}
		ids = append(ids, made[i]...)
	}
	if len(ids) == 0 {
		return nil
	}
	rows, err := tx.Coupons().Get(ids)
	if err != nil {
		return err
	}
	byID := make(map[id.ID]coupon.Coupon, len(rows))
	for _, c := range rows {
		byID[c.ID] = c
	}
	for i, list := range made {
		r := &Receipt{Member: b.members[i], Pack: b.acts[i].pack, Missing: gaps[i]}
		for _, c := range list {
			if byID[c].Member != r.Member { // a slip is one member's for ever
				b.outcomes[i].Err = fault.New(fault.KeyReusedBody)
			}
			r.Coupons = append(r.Coupons, byID[c])
			r.Origin = byID[c].Origin
		}
		if b.outcomes[i].Err == nil {
			b.outcomes[i] = Outcome{Receipt: r, Replayed: true}
		}
	}
	return nil
}

// answer is what a reply remembers of the receipt.
func (r *Receipt) answer() string {
	var words []string
	for _, c := range r.Coupons {
		words = append(words, id.Format(id.Coupon, c.ID))
	}
	return strings.Join(append(words, pack.WriteGaps(r.Missing)), " ")
}

func parseIDs(answer string) []id.ID {
	var ids []id.ID
	for text := range strings.FieldsSeq(answer) {
		if i, err := id.Parse(id.Coupon, text); err == nil {
			ids = append(ids, i)
		}
	}
	return ids
}
