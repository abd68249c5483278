package issuing

import (
	"context"
	"fmt"
	"slices"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/code"
	"quan/internal/domain/coupon"
	"quan/internal/domain/issue"
	"quan/internal/domain/limit"
	"quan/internal/domain/member"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// RedeemCodeInput is what a member entered, and where.
type RedeemCodeInput struct {
	Once     app.Once
	Text     string
	Member   member.Key
	MemberID id.ID // instead of Member, when known
	Channel  string
	City     string
	Device   string // of the member, as the caller names it; "" for none
	Address  string // network address of the member; "" where it is not known
	Actor    limit.Actor
}

// entered is a code as it was found: its batch and number. A word's number is
// given when it is used.
type entered struct {
	batch  *code.Batch
	number int64
}

// RedeemCode turns an exchange code into a coupon of its template, by the same
// decision as a claim. A code that is unknown, used, foreign, revoked or expired is
// code_invalid: which of them is told to nobody, and all of them cost the same
// reads. Guesses that are wrong too often are rate_limited.
func (s *Issuing) RedeemCode(ctx context.Context, by access.Principal, in RedeemCodeInput) (Outcome, error) {
	if err := by.May(access.CodeRedeem); err != nil {
		return Outcome{}, err
	}
	l := codeLook{Issuing: s, by: by, in: in}
	if err := s.Store.View(ctx, l.run); err != nil {
		if fault.From(err) != nil {
			return Outcome{}, err
		}
		return Outcome{}, fmt.Errorf("issuing: look for a code: %w", err)
	}
	right := l.found != nil && l.good
	if right && !l.replayed {
		var err error
		if right, err = s.ownCode(ctx, by, l.found.batch); err != nil {
			return Outcome{}, err
		}
	}
	if !l.replayed {
		if err := s.guesses.Guess(meters(l.member, in.Device, in.Address), right, s.Clock()); err != nil {
			return Outcome{}, err
		}
	}
	if !right {
		return Outcome{}, invalidCode()
	}
	return s.gathered(ctx, act{by: by, once: in.Once, memberID: l.member, templates: []id.ID{l.found.batch.Template},
		placement: l.found.batch.Placement, form: coupon.FormCode, claimed: true, channel: in.Channel, city: in.City, code: l.found, actor: in.Actor})
}

func invalidCode() *fault.Fault { return fault.New(fault.CodeInvalid).At("/code") }

// ownCode reports whether the principal may give out the batch's template.
func (s *Issuing) ownCode(ctx context.Context, by access.Principal, b *code.Batch) (bool, error) {
	offers, err := s.Cache.Offers(ctx, []id.ID{b.Template})
	if err != nil {
		return false, err
	}
	o := offers[b.Template]
	return o != nil && (by.Scope.Merchant(o.Template.Merchant()) || o.Template.Merchant() == ""), nil
}

// codeLook looks for a code in one snapshot. It runs the same statements whatever
// it finds, so that their number tells a stranger nothing.
type codeLook struct {
	*Issuing
	by access.Principal
	in RedeemCodeInput

	member   id.ID
	found    *entered
	good     bool // open and not used; meaningless without found
	replayed bool
}

func (l *codeLook) run(tx store.Tx) error {
	l.found, l.good, l.replayed = nil, false, false
	if err := l.who(tx); err != nil {
		return err
	}
	all, err := l.candidates(tx)
	if err != nil {
		return err
	}
	var places []store.CodePlace
	var counters []limit.Key
	if len(all) == 0 { // a code of nobody costs the same reads
		places, counters = []store.CodePlace{{}}, []limit.Key{limit.StockKey(0)}
	}
	for _, e := range all {
		places, counters = append(places, store.CodePlace{Batch: e.batch.ID, Number: e.number}), append(counters, e.take().Key())
	}
	uses, err := tx.Codes().Uses(places)
	if err != nil {
		return err
	}
	taken, err := tx.Counters().Get(counters)
	if err != nil {
		return err
	}
	reply := l.in.Once.Reply(l.by, l.member, "")
	known, err := app.FindReplies(tx, []store.Reply{reply})
	if err != nil {
		return err
	}
	for i := range all {
		good := l.isGood(&all[i], uses, taken)
		if l.found == nil || good && !l.good {
			l.found, l.good = &all[i], good
		}
	}
	_, hit, err := app.Replayed(known, reply)
	if hit && l.found != nil {
		l.good, l.replayed = true, true
	}
	return err
}

// who finds the member.
func (l *codeLook) who(tx store.Tx) error {
	l.member = l.in.MemberID
	if l.member == 0 {
		rows, err := tx.Members().Find([]member.Key{l.in.Member})
		if err != nil {
			return err
		}
		if len(rows) > 0 {
			l.member = rows[0].Member
		}
	}
	if l.member == 0 {
		return fault.New(fault.MemberUnknown).At("/member")
	}
	return l.by.ActsFor(l.member)
}

// candidates are the codes that the text may be: a word, generated, imported.
func (l *codeLook) candidates(tx store.Tx) ([]entered, error) {
	guess, ok := code.ReadGuess(l.in.Text)
	formats, err := tx.Codes().Formats()
	if err != nil {
		return nil, err
	}
	keys := []string{code.WordKey(guess.Word)}
	type read struct {
		format code.Format
		place  code.Place
	}
	var reads []read
	for _, key := range formats {
		f, known := code.ParseKey(key)
		if !known || !ok {
			continue
		}
		for _, p := range l.Codes.Series(f, code.KeyVersion).Read(guess) {
			reads, keys = append(reads, read{f, p}), append(keys, code.SerialKey(p.Serial))
		}
	}
	batches, err := tx.CodeBatches().ByCode(keys)
	if err != nil {
		return nil, err
	}
	pool, err := tx.Codes().Pooled([]string{app.CodeHash(l.Vault, guess.Imported)})
	if err != nil {
		return nil, err
	}
	pooled := []string{id.Format(id.CodeBatch, 1)}
	if len(pool) > 0 {
		pooled[0] = id.Format(id.CodeBatch, pool[0].Batch)
	}
	imported, err := tx.CodeBatches().Get(pooled)
	if err != nil || !ok {
		return nil, err
	}
	var all []entered
	for i := range batches {
		b := &batches[i]
		if b.Kind == code.Word {
			all = append(all, entered{batch: b})
			continue
		}
		for _, r := range reads {
			if r.place.Serial == b.Serial && b.Holds(r.format, r.place.Number) {
				all = append(all, entered{b, r.place.Number})
			}
		}
	}
	if len(imported) > 0 {
		all = append(all, entered{&imported[0], pool[0].Number})
	}
	return all, nil
}

func (l *codeLook) isGood(e *entered, uses []store.CodeUse, taken []limit.Counter) bool {
	if slices.ContainsFunc(uses, func(u store.CodeUse) bool { return u.Batch == e.batch.ID && u.Number == e.number }) {
		return false
	}
	for _, c := range taken {
		if c.Subject == e.batch.ID && !limit.Room(c, e.take().Cap, 1) {
			return false
		}
	}
	return e.batch.OpenAt(l.Clock())
}

// take is what a use of the code counts as.
func (e *entered) take() *issue.Code {
	c := &issue.Code{Batch: e.batch.ID, Template: e.batch.Template, Cap: e.batch.Size}
	if e.batch.Kind == code.Imported {
		c.Cap = limit.Unlimited
	}
	return c
}

// readCodes reads, under the locks, the batches and uses of the codes of a slice.
func (b *batch) readCodes(tx store.Tx) error {
	b.batches, b.used = map[id.ID]*code.Batch{}, map[store.CodePlace]bool{}
	var keys []string
	var places []store.CodePlace
	var bounded, members []id.ID // batches with a limit a member, and who uses them
	for i, a := range b.acts {
		if a.code == nil || b.outcomes[i].Err != nil || b.outcomes[i].Receipt != nil {
			continue
		}
		if key := id.Format(id.CodeBatch, a.code.batch.ID); !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
		places = append(places, a.code.place())
		if a.code.batch.PerMember > 0 {
			bounded, members = append(bounded, a.code.batch.ID), append(members, b.members[i])
		}
	}
	if len(places) == 0 {
		return nil
	}
	rows, err := tx.CodeBatches().Get(keys)
	if err != nil {
		return err
	}
	for n := range rows {
		b.batches[rows[n].ID] = &rows[n]
	}
	uses, err := tx.Codes().Uses(places)
	if err != nil {
		return err
	}
	for _, u := range uses {
		b.used[u.CodePlace] = true
	}
	b.usedBy, err = tx.Codes().UsedBy(bounded, members)
	return err
}

func (e *entered) place() store.CodePlace {
	return store.CodePlace{Batch: e.batch.ID, Number: e.number}
}

// refuseCode looks at the code again, as it is under the locks.
func (b *batch) refuseCode(i int) *fault.Fault {
	e := b.acts[i].code
	if e == nil {
		return nil
	}
	row := b.batches[e.batch.ID]
	switch {
	case row == nil || !row.OpenAt(b.Clock()) || b.used[e.place()]:
		return invalidCode()
	case row.PerMember > 0 && b.usedBy[store.CodeUser{Batch: row.ID, Member: b.members[i]}] >= row.PerMember:
		return fault.New(fault.MemberLimit, "cap", row.PerMember, "period", string(limit.Ever), "what", string(limit.IssueCount))
	}
	return nil
}

// useCode notes the use of an act's code. A word's number is how often it was used.
func (b *batch) useCode(i int, receipt *Receipt, locked *store.Locked) {
	e := b.acts[i].code
	if e == nil {
		return
	}
	place := e.place()
	if e.batch.Kind == code.Word {
		place.Number = locked.Counters[e.take().Key()].Taken
	} else {
		b.used[place] = true
	}
	b.usedBy[store.CodeUser{Batch: e.batch.ID, Member: receipt.Member}]++
	c := receipt.Coupons[0]
	b.out.uses = append(b.out.uses, store.CodeUse{CodePlace: place, Template: e.batch.Template, Member: receipt.Member, Coupon: c.ID, At: c.IssuedAt})
}
