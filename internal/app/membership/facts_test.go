package membership_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quan/internal/app/apptest"
	"quan/internal/app/membership"
	"quan/internal/domain/condition"
	"quan/internal/domain/member"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

func TestTags(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s, ctx, by := use(w), w.Ctx(), w.By
		in := membership.PutMemberInput{Kind: "phone", Value: "13800000001", Tags: []string{"vip", "a b"}}
		_, _, err := s.PutMember(ctx, by, in)
		wants(t, "create", err, "")
		in.IfRev, in.Tags = 1, nil
		card, _, err := s.PutMember(ctx, by, in)
		wants(t, "leave", err, "")
		if diff := cmp.Diff([]string{"a b", "vip"}, card.Member.Tags); diff != "" || card.Member.Rev != 1 {
			t.Errorf("%+v %s", card.Member, diff)
		}
		in.Tags = []string{}
		if card, _, err = s.PutMember(ctx, by, in); err != nil || len(card.Member.Tags) != 0 || card.Member.Rev != 2 {
			t.Errorf("cleared = %+v, %v", card.Member, err)
		}
		many := make([]string, 65)
		for i := range many {
			many[i] = fmt.Sprint(i)
		}
		for at, c := range map[string]struct {
			tags []string
			code fault.Code
		}{
			"/tags": {many, fault.TooLong}, "/tags/0": {[]string{" x"}, fault.InvalidValue}, "/tags/1": {[]string{"x", "x"}, fault.DuplicateValue},
		} {
			in.IfRev, in.Tags = 2, c.tags
			_, _, err := s.PutMember(ctx, by, in)
			wants(t, at, err, c.code)
			if f := fault.From(err); f == nil || f.Pointer != at {
				t.Errorf("%v, want it at %s", err, at)
			}
		}
		in.Tags, in.Attributes = nil, map[string]string{condition.AttributeChurn: "very high"}
		_, _, err = s.PutMember(ctx, by, in)
		wants(t, "a band that is none", err, fault.InvalidValue)
		w.Clean()
	})
}

func TestSetFacts(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s, ctx, by := use(w), w.Ctx(), w.By
		old, _, err := s.PutMember(ctx, by, membership.PutMemberInput{Kind: "phone", Value: "13800000001",
			Attributes: map[string]string{"tier": "gold", "city": "x"}, Tags: []string{"a", "b"}})
		w.Must(err)
		rows := []membership.FactsInput{
			{Kind: "phone", Value: "138 0000 0001", Attributes: map[string]string{"tier": "silver", "city": ""}, RemoveTags: []string{"a"}},
			{Member: old.Member.ID, AddTags: []string{"c"}},
			{Kind: "phone", Value: "13800000002", Attributes: map[string]string{"churn": "high"}},
			{Kind: "phone", Value: "13800000002", Tags: []string{"new"}},
			{Kind: "phone", Value: "x"}, {Member: 7}, {Kind: "phone", Value: "13800000003", Attributes: map[string]string{"churn": "?"}},
		}
		status := func(create bool) string {
			t.Helper()
			out, err := s.SetFacts(ctx, by, rows, membership.FactsWay{Create: create})
			w.Must(err)
			var all string
			for _, o := range out {
				all += string(o.Status) + " "
				if (o.Err != nil) != (o.Status == membership.FactsRefused) {
					t.Errorf("%+v", o)
				}
			}
			return all
		}
		if got := status(false); got != "updated updated refused refused refused refused refused " {
			t.Error(got)
		}
		if got := status(true); got != "unchanged unchanged created updated refused refused refused " {
			t.Error(got)
		}
		if got := status(true); got != "unchanged unchanged unchanged unchanged refused refused refused " {
			t.Error(got)
		}
		card, err := s.GetMember(ctx, by, old.Member.ID)
		w.Must(err)
		if m := card.Member; m.Rev != 2 || len(m.Attributes) != 1 || m.Attributes["tier"] != "silver" || !slices.Equal(m.Tags, []string{"b", "c"}) {
			t.Errorf("%+v", m)
		}
		card, err = s.FindMember(ctx, by, "phone", "13800000002")
		w.Must(err)
		if m := card.Member; m.Rev != 1 || m.Attributes["churn"] != "high" || !slices.Equal(m.Tags, []string{"new"}) {
			t.Errorf("%+v", m)
		}
		_, err = s.SetFacts(ctx, by, make([]membership.FactsInput, membership.MostFacts+1), membership.FactsWay{})
		wants(t, "too many", err, fault.TooLong)
		w.Clean()
	})
}

func TestLists(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s, ctx, by := use(w), w.Ctx(), w.By
		members := w.Members(2_500)
		w.Must(w.Store.Update(ctx, store.Admin, func(tx store.Tx) error {
			return tx.Lists().Insert([]store.List{{Code: "vip", Name: "VIP", Rev: 1}, {Code: "old", Name: "Old", Rev: 1, ArchivedAt: 1}})
		}))
		all := []membership.Who{{Member: 7}, {Key: member.Key{Kind: "phone", Hash: "none"}}}
		for i := range members {
			if i%2 == 0 {
				all = append(all, membership.Who{Member: members[i]})
			} else {
				all = append(all, membership.Who{Key: w.Key(i)})
			}
		}
		all = append(all, all[2])
		sum, err := s.Relist(ctx, by, "vip", all, membership.ListWay{Dry: true})
		w.Must(err)
		if diff := cmp.Diff(membership.ListedCount{Changed: 2_500, Unchanged: 1, Unknown: []int{0, 1}}, sum); diff != "" {
			t.Errorf("tried: %s", diff)
		}
		if rows, err := s.ListedMembers(ctx, by, "vip", 0, 1); err != nil || len(rows) != 0 {
			t.Errorf("trying put %v in, %v", rows, err)
		}
		sum, err = s.Relist(ctx, by, "vip", all, membership.ListWay{})
		w.Must(err)
		if diff := cmp.Diff(membership.ListedCount{Changed: 2_500, Unchanged: 1, Unknown: []int{0, 1}}, sum); diff != "" {
			t.Error(diff)
		}
		sum, err = s.Relist(ctx, by, "vip", all[:12], membership.ListWay{Dry: true})
		if want := (membership.ListedCount{Unchanged: 10, Unknown: []int{0, 1}}); err != nil || !cmp.Equal(want, sum) {
			t.Errorf("tried again: %+v, %v", sum, err)
		}
		sum, err = s.Relist(ctx, by, "vip", append(all[:12:12], all[2]), membership.ListWay{Remove: true, Dry: true})
		if want := (membership.ListedCount{Changed: 10, Unchanged: 1, Unknown: []int{0, 1}}); err != nil || !cmp.Equal(want, sum) {
			t.Errorf("tried to take out: %+v, %v", sum, err)
		}
		sum, err = s.Relist(ctx, by, "vip", all[:12], membership.ListWay{Remove: true})
		w.Must(err)
		if sum.Changed != 10 {
			t.Errorf("%+v", sum)
		}
		seen, after := 0, id.ID(0)
		for {
			rows, err := s.ListedMembers(ctx, by, "vip", after, 500)
			w.Must(err)
			if len(rows) == 0 {
				break
			}
			seen, after = seen+len(rows), rows[len(rows)-1]
		}
		if seen != 2_490 {
			t.Errorf("%d listed", seen)
		}
		_, err = s.Relist(ctx, by, "none", all, membership.ListWay{Dry: true})
		wants(t, "no such list", err, fault.Absent)
		_, err = s.Relist(ctx, by, "old", all, membership.ListWay{})
		wants(t, "an archived list", err, fault.WrongState)
		_, err = s.Relist(ctx, by, "old", all, membership.ListWay{Dry: true})
		wants(t, "an archived list, tried", err, fault.WrongState)
		_, err = s.Relist(ctx, by, "old", all, membership.ListWay{Remove: true})
		wants(t, "out of an archived list", err, "")
		_, err = s.ListedMembers(ctx, by, "none", 0, 0)
		wants(t, "who is in no such list", err, fault.Absent)
		w.Clean()
	})
}

func TestCountSegment(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s, ctx, by := use(w), w.Ctx(), w.By
		w.Members(3)
		_, _, err := s.PutMember(ctx, by, membership.PutMemberInput{Kind: "external", Value: "a", Tags: []string{"vip"}})
		w.Must(err)
		vip := condition.Tree{Leaf: &condition.MemberTag{In: []string{"vip"}}}
		got, err := s.CountSegment(ctx, by, vip, w.Market.Code)
		if err != nil || got != (membership.Segment{Count: 1, Members: 4}) {
			t.Errorf("%+v, %v", got, err)
		}
		if got, err = s.CountSegment(ctx, by, condition.Tree{}, w.Market.Code); err != nil || got.Count != 4 {
			t.Errorf("everyone: %+v, %v", got, err)
		}
		_, err = s.CountSegment(ctx, by, condition.Tree{All: []condition.Tree{vip, {Leaf: &condition.Channel{In: []string{"app"}}}}}, w.Market.Code)
		if f := fault.From(err); f == nil || f.Code != fault.InvalidValue || f.Pointer != "/tree/all/1/type" {
			t.Errorf("a leaf of the moment: %v", err)
		}
		_, err = s.CountSegment(ctx, by, condition.Tree{Leaf: &condition.MemberTag{}}, w.Market.Code)
		wants(t, "a bad leaf", err, fault.MissingValue)
		limited := by
		limited.Scope.Merchants = []string{"m1"}
		if _, err = s.CountSegment(ctx, limited, vip, w.Market.Code); !fault.Has(err, fault.PermissionDeny) {
			t.Errorf("a merchant counts everybody's members: %v", err)
		}
		_, err = s.CountSegment(ctx, by, vip, "none")
		wants(t, "no market", err, fault.Absent)
	})
}

// A row finds its member by any of its identities and brings the others; one whose
// identities name two members is refused, whatever else stands in the file.
func TestFactsBringIdentities(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s, ctx, by := use(w), w.Ctx(), w.By
		put := func(kind, value string) id.ID {
			card, _, err := s.PutMember(ctx, by, membership.PutMemberInput{Kind: kind, Value: member.Secret(value)})
			w.Must(err)
			return card.Member.ID
		}
		ann, ben := put("phone", "13800000001"), put("email", "ben@example.com")
		also := func(kind, value string) []membership.IdentityInput {
			return []membership.IdentityInput{{Kind: kind, Value: member.Secret(value)}}
		}
		rows := []membership.FactsInput{
			{Kind: "phone", Value: "138 0000 0001", Identities: also("wechat", "oAnn")},                       // ann gets one
			{Kind: "phone", Value: "13800000002", Identities: also("email", "ben@example.com")},               // found by the second
			{Kind: "phone", Value: "13800000003", Identities: also("wechat", "oCid"), AddTags: []string{"x"}}, // new, with two
			{Kind: "wechat", Value: "oCid", AddTags: []string{"y"}},                                           // the same, in the same piece
			{Kind: "phone", Value: "13800000001", Identities: also("email", "ben@example.com"), AddTags: []string{"no"}},
			{Member: ben, Identities: also("phone", "13800000001"), AddTags: []string{"no"}},
			{Kind: "phone", Value: "13800000004", Identities: also("person", "310101")},
			{Member: ann, Identities: also("email", "")},
			{Kind: "phone", Value: "13800000005", Identities: also("email", "new@example.com"), Attributes: map[string]string{"churn": "?"}},
		}
		feed := func(dry bool) string {
			t.Helper()
			out, err := s.SetFacts(ctx, by, rows, membership.FactsWay{Create: true, Dry: dry})
			w.Must(err)
			var all string
			for _, o := range out {
				all += string(o.Status)
				if f := fault.From(o.Err); f != nil {
					all += ":" + string(f.Code) + f.Pointer
				}
				all += " "
			}
			return all
		}
		refused := "refused:identity_taken/identities/0/value refused:identity_taken/identities/0/value " +
			"refused:invalid_value/identities/0/kind refused:missing_value/identities/0/value refused:invalid_value/attributes/churn "
		before := map[id.ID]int{ann: len(changesOf(w, ann)), ben: len(changesOf(w, ben))}
		for range 2 { // trying leaves nothing
			if got, want := feed(true), "updated updated created updated "+refused; got != want {
				t.Errorf("tried: %s", got)
			}
		}
		if _, err := s.FindMember(ctx, by, "phone", "13800000003"); !fault.Has(err, fault.MemberUnknown) {
			t.Errorf("a trial made somebody: %v", err)
		}
		if got, want := feed(false), "updated updated created updated "+refused; got != want {
			t.Errorf("done: %s", got)
		}
		if got, want := feed(false), "unchanged unchanged unchanged unchanged "+refused; got != want {
			t.Errorf("again: %s", got)
		}
		for who, n := range before {
			if got := len(changesOf(w, who)); got != n+1 {
				t.Errorf("%d changes, want one more than %d", got, n)
			}
		}
		for key, want := range map[string]id.ID{"oAnn": ann} {
			card, err := s.FindMember(ctx, by, "wechat", member.Secret(key))
			if err != nil || card.Member.ID != want || len(card.Identities) != 2 || card.Member.Rev != 2 {
				t.Errorf("%s names %+v, %v", key, card, err)
			}
		}
		card, err := s.FindMember(ctx, by, "phone", "13800000002")
		if err != nil || card.Member.ID != ben || len(card.Member.Tags) != 0 {
			t.Errorf("ben is %+v, %v", card, err)
		}
		card, err = s.FindMember(ctx, by, "wechat", "oCid")
		if err != nil || len(card.Identities) != 2 || !slices.Equal(card.Member.Tags, []string{"x", "y"}) || card.Member.Rev != 1 {
			t.Errorf("cid is %+v, %v", card, err)
		}
		if _, err := s.FindMember(ctx, by, "email", "new@example.com"); !fault.Has(err, fault.MemberUnknown) {
			t.Errorf("a refused row brought an identity: %v", err)
		}
		w.Clean()
	})
}
