package helpdesk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"quan/internal/app"
	"quan/internal/app/apptest"
	"quan/internal/app/checkout"
	"quan/internal/app/helpdesk"
	"quan/internal/app/issuing"
	"quan/internal/app/membership"
	"quan/internal/app/upkeep"
	"quan/internal/domain/access"
	"quan/internal/domain/desk"
	"quan/internal/domain/limit"
	"quan/internal/domain/member"
	"quan/internal/domain/order"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

// scene is a member with an identity of each kind, a coupon that was used on an
// order, and another one.
type scene struct {
	*apptest.World
	*helpdesk.Helpdesk
	who      id.ID
	template id.ID
	coupons  []id.ID
	order    id.ID
	agent    access.Principal
}

func newScene(t *testing.T, w *apptest.World) *scene {
	s := &scene{World: w, Helpdesk: &helpdesk.Helpdesk{App: w.App}}
	s.agent = access.Principal{Kind: access.KindPerson, ID: "psn_0000000000001", Permissions: access.Permissions([]access.Role{access.Service})}
	m := membership.Membership{App: w.App}
	card, _, err := m.PutMember(w.Ctx(), w.By, membership.PutMemberInput{Kind: "phone", Value: "+8613800000001"})
	w.Must(err)
	s.who = card.Member.ID
	_, err = m.AddIdentity(w.Ctx(), w.By, membership.AddIdentityInput{Member: s.who, Kind: "wechat", Value: "oX1"})
	w.Must(err)
	s.template = w.Publish(apptest.Limits(testkit.Doc(), limit.Limit{What: limit.IssueCount, Period: limit.Ever, Per: limit.PerMember, Cap: 2}))
	for range 2 {
		w.Time.Advance(time.Minute)
		got := w.Claim(issuing.ClaimInput{Template: s.template, MemberID: s.who})
		w.Must(got.Err)
		s.coupons = append(s.coupons, got.Receipt.Coupons[0].ID)
	}
	w.Time.Advance(time.Minute)
	out, err := w.Checkout.Redeem(w.Ctx(), w.By, []checkout.RedeemInput{{Basis: checkout.Basis{Order: order.Key{Source: "shop", Ref: "A-1"}, Coupons: s.coupons[:1],
		Cart: &pricing.Cart{Lines: []pricing.Line{{SKU: "a", Quantity: 1, UnitMinor: 5000}}}}}})
	w.Must(err)
	w.Must(out[0].Err)
	w.Must(w.Store.View(w.Ctx(), func(tx store.Tx) error {
		rows, err := tx.Orders().List(store.OrderFilter{Member: s.who, Limit: 1})
		s.order = rows[0].ID
		return err
	}))
	return s
}

func TestFind(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s := newScene(t, w)
		identity := func(kind string) helpdesk.Hit {
			return helpdesk.Hit{By: helpdesk.ByIdentity, Kind: kind, Member: s.who}
		}
		ofCoupon := helpdesk.Hit{By: helpdesk.ByCoupon, Member: s.who, Coupon: s.coupons[1]}
		ofOrder := helpdesk.Hit{By: helpdesk.ByOrder, Member: s.who, Order: s.order}
		for _, c := range []struct {
			in   helpdesk.FindInput
			want []helpdesk.Hit
		}{
			{helpdesk.FindInput{Text: "+86 138-0000 0001"}, []helpdesk.Hit{identity("phone")}},
			{helpdesk.FindInput{Text: "13800000001"}, []helpdesk.Hit{identity("phone")}}, // said without the country
			{helpdesk.FindInput{Text: " oX1 "}, []helpdesk.Hit{identity("wechat")}},
			{helpdesk.FindInput{Text: "oX1", Kind: "wechat"}, []helpdesk.Hit{identity("wechat")}},
			{helpdesk.FindInput{Text: "oX1", Kind: "phone"}, nil},
			{helpdesk.FindInput{Text: member.Secret(id.Format(id.Member, s.who))}, []helpdesk.Hit{{By: helpdesk.ByMember, Member: s.who}}},
			{helpdesk.FindInput{Text: member.Secret(w.Numbers.Of(s.coupons[1]))}, []helpdesk.Hit{ofCoupon}},
			{helpdesk.FindInput{Text: member.Secret(id.Format(id.Coupon, s.coupons[1]))}, []helpdesk.Hit{ofCoupon}},
			{helpdesk.FindInput{Text: "shop A-1"}, []helpdesk.Hit{ofOrder}},
			{helpdesk.FindInput{Text: "shop/A-1"}, []helpdesk.Hit{ofOrder}},
			{helpdesk.FindInput{Text: "A-1", Source: "shop"}, []helpdesk.Hit{ofOrder}},
			{helpdesk.FindInput{Text: "A-1", Source: "pos"}, nil},
			{helpdesk.FindInput{Text: "13900000000"}, nil},
			{helpdesk.FindInput{Text: "%' OR 1=1 --"}, nil},
		} {
			got, err := s.Find(w.Ctx(), s.agent, c.in)
			w.Must(err)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%q: %s", c.in.Text.Reveal(), diff)
			}
		}
		narrow := s.agent
		narrow.Scope = access.Scope{Merchants: []string{"other"}}
		if got, err := s.Find(w.Ctx(), narrow, helpdesk.FindInput{Text: "shop A-1"}); err != nil || got != nil {
			t.Errorf("an order outside the scope: %v, %v", got, err)
		}
		for text, want := range map[member.Secret]fault.Code{" ": fault.MissingValue, "\xff": fault.InvalidValue, member.Secret(strings.Repeat("x", 301)): fault.TooLong} {
			if _, err := s.Find(w.Ctx(), s.agent, helpdesk.FindInput{Text: text}); !fault.Has(err, want) {
				t.Errorf("%q: %v, want %s", text.Reveal(), err, want)
			}
		}
		if _, err := s.Find(w.Ctx(), access.Principal{Kind: access.KindBrowser, Permissions: access.All}, helpdesk.FindInput{Text: "x"}); !fault.Has(err, fault.PermissionDeny) {
			t.Errorf("a page of a member: %v", err)
		}
	})
}

func TestNotes(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s := newScene(t, w)
		in := helpdesk.AddNoteInput{Once: app.Once{Key: "k", Body: "b"}, Member: s.who, Text: " 来电：①  13800000001 ", Coupon: s.coupons[0], Order: s.order}
		first, again, err := s.AddNote(w.Ctx(), s.agent, in)
		if err != nil || again {
			t.Fatalf("%+v, %v", first, err)
		}
		w.Time.Advance(time.Hour)
		twin, again, err := s.AddNote(w.Ctx(), s.agent, in)
		if twin.Text != in.Text { // to the letter: full-width signs and blanks too
			t.Errorf("read as %q", twin.Text.Reveal())
		}
		if diff := cmp.Diff(first, twin); diff != "" || !again || err != nil {
			t.Errorf("again: %v, %v %s", again, err, diff)
		}
		in.Once.Body = "other"
		if _, _, err := s.AddNote(w.Ctx(), s.agent, in); !fault.Has(err, fault.KeyReusedBody) {
			t.Errorf("another body: %v", err)
		}
		in.Once = app.Once{}
		for want, change := range map[fault.Code]func(*helpdesk.AddNoteInput){
			fault.MemberUnknown: func(in *helpdesk.AddNoteInput) { in.Member = 5 },
			fault.CouponUnknown: func(in *helpdesk.AddNoteInput) { in.Coupon = 5 },
			fault.OrderUnknown:  func(in *helpdesk.AddNoteInput) { in.Order = 5 },
			fault.MissingValue:  func(in *helpdesk.AddNoteInput) { in.Text = " " },
		} {
			bad := in
			change(&bad)
			if _, _, err := s.AddNote(w.Ctx(), s.agent, bad); !fault.Has(err, want) {
				t.Errorf("%v, want %s", err, want)
			}
		}
		var rows []member.Note
		var audit []store.AuditEntry
		w.Must(w.Store.View(w.Ctx(), func(tx store.Tx) (err error) {
			if rows, err = tx.Notes().OfMember(s.who, store.Behind{}, 9); err == nil {
				audit, err = tx.Audit().List(store.AuditFilter{Limit: 9})
			}
			return err
		}))
		if len(rows) != 1 || strings.Contains(rows[0].Sealed, "138") {
			t.Errorf("notes: %+v", rows)
		}
		if len(audit) != 1 || audit[0].Actor != s.agent.ID || audit[0].Action != "member.note" || strings.Contains(audit[0].After, "138") {
			t.Errorf("audit: %+v", audit)
		}
		w.Clean()
	})
}

func TestTimeline(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s := newScene(t, w)
		w.Time.Advance(time.Minute)
		_, _, err := s.AddNote(w.Ctx(), s.agent, helpdesk.AddNoteInput{Member: s.who, Text: "angry", Coupon: s.coupons[0]})
		w.Must(err)
		w.Time.Advance(time.Minute)
		for range 3 {
			w.Claim(issuing.ClaimInput{Template: s.template, MemberID: s.who, Channel: "app"})
		}
		w.Must((&upkeep.Upkeep{App: w.App}).FlushRefusals(w.Ctx()))
		read := func(by access.Principal, limit int, parts ...helpdesk.Part) (types []string) {
			t.Helper()
			in := helpdesk.TimelineInput{Member: s.who, Parts: parts, Limit: limit}
			for {
				page, err := s.Timeline(w.Ctx(), by, in)
				w.Must(err)
				for _, e := range page.Entries {
					switch {
					case e.Change != nil:
						types = append(types, string(e.Change.Type))
					case e.Note != nil:
						types = append(types, "note:"+e.Note.Text.Reveal())
					case e.Refused != nil:
						types = append(types, e.Refused.Code)
					}
				}
				if len(page.Entries) < limit {
					return types
				}
				in.Behind = page.Entries[len(page.Entries)-1].At()
			}
		}
		want := []string{"member_limit_reached", "note:angry", "order.placed.v1", "coupon.redeemed.v1", "coupon.claimed.v1", "coupon.claimed.v1", "member.updated.v1", "member.created.v1"}
		// Order and coupon changed at one moment: their ids say which stands first.
		sorted := func(list []string) []string { return slices.Sorted(slices.Values(list)) }
		for _, limit := range []int{1, 3, 50} {
			if diff := cmp.Diff(sorted(want), sorted(read(s.agent, limit))); diff != "" {
				t.Errorf("pages of %d: %s", limit, diff)
			}
		}
		if diff := cmp.Diff([]string{"member_limit_reached", "note:angry"}, read(s.agent, 50, helpdesk.PartNote, helpdesk.PartRefused)); diff != "" {
			t.Error(diff)
		}
		blind := s.agent
		blind.Permissions = []access.Permission{access.MemberRead}
		if diff := cmp.Diff([]string{"member_limit_reached", "note:angry", "member.updated.v1", "member.created.v1"}, read(blind, 50)); diff != "" {
			t.Errorf("without coupons and orders: %s", diff)
		}
		page, err := s.Timeline(w.Ctx(), s.agent, helpdesk.TimelineInput{Member: s.who, Limit: 1})
		w.Must(err)
		r := page.Entries[0].Refused
		if r == nil || r.Count != 3 || r.Channel != "app" || r.Template != s.template || !strings.Contains(r.Facts, `"cap":2`) {
			t.Errorf("refused: %+v", r)
		}
		if _, err := s.Timeline(w.Ctx(), s.agent, helpdesk.TimelineInput{Member: 5}); !fault.Has(err, fault.MemberUnknown) {
			t.Errorf("of nobody: %v", err)
		}
		w.Clean()
	})
}

func TestDesk(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s := newScene(t, w)
		got, err := s.GetDesk(w.Ctx(), s.agent, "main")
		if diff := cmp.Diff(desk.Default("main"), got.Desk); diff != "" || err != nil {
			t.Errorf("nobody has set it: %v %s", err, diff)
		}
		d := desk.Default("main")
		d.Templates, d.Extend.All = []id.ID{s.template, s.template}, 7
		if _, _, err := s.PutDesk(w.Ctx(), s.agent, d, 0); !fault.Has(err, fault.PermissionDeny) {
			t.Errorf("an agent sets its own quota: %v", err)
		}
		got, created, err := s.PutDesk(w.Ctx(), w.By, d, 0)
		if err != nil || !created || got.Rev != 1 || len(got.Templates) != 1 || got.Extend.All != 7 {
			t.Errorf("set: %+v, %v", got, err)
		}
		for rev, want := range map[int64]fault.Code{0: fault.IfMatchMissing, 2: fault.StaleRevision} {
			if _, _, err := s.PutDesk(w.Ctx(), w.By, d, rev); !fault.Has(err, want) {
				t.Errorf("at revision %d: %v, want %s", rev, err, want)
			}
		}
		d.Templates = []id.ID{5}
		if _, _, err := s.PutDesk(w.Ctx(), w.By, d, 1); !fault.Has(err, fault.UnknownReference) {
			t.Errorf("a template that is none: %v", err)
		}
		d.Templates, d.Compensate.Agent = nil, -1
		if _, _, err := s.PutDesk(w.Ctx(), w.By, d, 1); !fault.Has(err, fault.OutOfRange) {
			t.Errorf("a quota below zero: %v", err)
		}
		if _, err := s.GetDesk(w.Ctx(), s.agent, "none"); !fault.Has(err, fault.Absent) {
			t.Errorf("of no market: %v", err)
		}
	})
}
