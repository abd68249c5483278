package issuing

import (
	"context"
	"fmt"
	"sync"
	"time"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/member"
	"quan/internal/domain/waiting"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// TakePlaceInput is who comes to a waiting room. The claim has to name the member in
// the same way: a place is the identity's, and needs no look at the store.
type TakePlaceInput struct {
	Template id.ID
	Member   member.Key
	MemberID id.ID // instead of Member
}

// TakenPlace is a place with the token that the claim shows.
type TakenPlace struct {
	waiting.Place
	Token string
}

// rooms are the waiting rooms of this process: what is left of its pieces of their
// rows, and who has a place.
type rooms struct {
	mu  sync.Mutex
	all map[id.ID]*room
}

type room struct {
	mu     sync.Mutex
	rate   waiting.Room
	piece  waiting.Piece
	places map[string]TakenPlace // by holder, that are not over
	swept  int                   // places that were left when those over were dropped
}

// fewestSwept is how many places a room remembers at least before it looks for those
// that are over.
const fewestSwept = 1024

// TakePlace gives the next place in the row, or again the one that the member has.
// Refusals: not_found, wrong_state (the template has no waiting room), claim_ended, and
// when claiming has been stopped, claiming_stopped. One transaction serves a piece of
// places, a fifth of a second's.
func (s *Issuing) TakePlace(ctx context.Context, by access.Principal, in TakePlaceInput) (TakenPlace, error) {
	if err := by.May(access.CouponClaim); err != nil {
		return TakenPlace{}, err
	}
	if in.MemberID != 0 {
		if err := by.ActsFor(in.MemberID); err != nil {
			return TakenPlace{}, err
		}
	}
	offers, err := s.Cache.Offers(ctx, []id.ID{in.Template})
	if err != nil {
		return TakenPlace{}, err
	}
	o := offers[in.Template]
	switch {
	case o == nil || o.Version == nil || o.Template.Merchant() != "" && !by.Scope.Merchant(o.Template.Merchant()):
		return TakenPlace{}, fault.New(fault.Absent, "what", "template")
	case o.Template.Room == nil:
		return TakenPlace{}, fault.New(fault.WrongState, "state", "no_waiting_room")
	case !o.Template.Claiming:
		return TakenPlace{}, fault.New(fault.ClaimingStopped)
	}
	m, err := s.Cache.Market(ctx, o.Template.Market)
	if err != nil {
		return TakenPlace{}, err
	}
	claim := &o.Version.Doc.Claim
	now := s.Clock()
	openings := claim.Window.Openings(claim.Sessions, now, m.Location(), 1)
	if len(openings) == 0 {
		return TakenPlace{}, fault.New(fault.ClaimEnded, "to", claim.Window.To)
	}
	p, err := s.rooms.of(in.Template).take(holder(in.Member, in.MemberID), *o.Template.Room, now, func() (waiting.Piece, error) {
		return s.takePiece(ctx, in.Template, *o.Template.Room, max(now, openings[0].From))
	}, func(p waiting.Place) TakenPlace {
		p.Template = in.Template
		return TakenPlace{p, s.Places.Sign(p, now)}
	})
	if err != nil {
		return TakenPlace{}, fmt.Errorf("issuing: take a place: %w", err)
	}
	if p.From >= openings[0].To {
		return TakenPlace{}, fault.New(fault.ClaimEnded, "to", openings[0].To)
	}
	return p, nil
}

// takePiece takes places off the room's counter, which all processes share.
func (s *Issuing) takePiece(ctx context.Context, template id.ID, r waiting.Room, from calendar.Instant) (p waiting.Piece, err error) {
	key := waiting.Key(template)
	err = s.Store.Update(context.WithoutCancel(ctx), store.Issue, func(tx store.Tx) error {
		locked, err := tx.Lock(store.LockSet{Counters: []limit.Key{key}})
		if err != nil {
			return err
		}
		p = r.Take(locked.Counters[key], from)
		return tx.Counters().Write([]limit.Counter{*locked.Counters[key]})
	})
	return p, err
}

func (r *rooms) of(template id.ID) *room {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.all == nil {
		r.all = map[id.ID]*room{}
	}
	if r.all[template] == nil {
		r.all[template] = &room{places: map[string]TakenPlace{}}
	}
	return r.all[template]
}

// take gives the holder a place. Who comes while a piece is being taken waits for it:
// that is the order of arrival.
func (r *room) take(who string, rate waiting.Room, now calendar.Instant, more func() (waiting.Piece, error), made func(waiting.Place) TakenPlace) (TakenPlace, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.rate != rate { // the room was changed: what is left of a piece was of the old rate
		r.rate, r.piece = rate, waiting.Piece{}
	}
	if p, ok := r.places[who]; ok && now < p.To {
		return p, nil
	}
	r.sweep(now)
	at, ok := r.piece.Next(now)
	if !ok {
		var err error
		if r.piece, err = more(); err != nil {
			return TakenPlace{}, err
		}
		if at, ok = r.piece.Next(now); !ok {
			return TakenPlace{}, fault.New(fault.Overloaded)
		}
	}
	p := made(waiting.Place{Holder: who, From: at, To: at.Add(time.Duration(rate.LifeSeconds) * time.Second)})
	r.places[who] = p
	return p, nil
}

// sweep drops places that are over, once there are twice as many as were left last time.
func (r *room) sweep(now calendar.Instant) {
	if len(r.places) < max(2*r.swept, fewestSwept) {
		return
	}
	for who, p := range r.places {
		if now >= p.To {
			delete(r.places, who)
		}
	}
	r.swept = len(r.places)
}

// holder is the member as the caller names it.
func holder(key member.Key, known id.ID) string {
	if known != 0 {
		return id.Format(id.Member, known)
	}
	return key.Kind + "\x00" + key.Hash
}

// early refuses a claim without a place before it costs a transaction, by what is
// remembered of the template. One that is late may be the repetition of a claim that
// was made: that is seen under the locks, where the decision looks again.
func (s *Issuing) early(ctx context.Context, a *act) error {
	offers, err := s.Cache.Offers(ctx, a.templates)
	if err != nil {
		return err
	}
	if f := s.admits(a, offers[a.templates[0]], s.Clock()); f != nil && f.Code != fault.PlaceLate {
		return f
	}
	return nil
}

// refusePlace looks at an act's place as the template is under the locks.
func (b *batch) refusePlace(a act, now calendar.Instant) *fault.Fault {
	return b.admits(&a, b.offers[a.templates[0]], now)
}

// admits asks a claim for its place in the template's waiting room. What a claim gets
// by a pack or a code is not asked.
func (s *Issuing) admits(a *act, o *app.Offer, now calendar.Instant) *fault.Fault {
	if o == nil || o.Template.Room == nil || a.form != coupon.FormClaim || a.pack != 0 {
		return nil
	}
	if f := s.Places.Check(a.place, o.Template.ID, holder(a.member, a.memberID), now); f != nil {
		return f.At("/place")
	}
	return nil
}
