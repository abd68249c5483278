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
			out, err := s.SetFacts(ctx, by, rows, create)
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
		_, err = s.SetFacts(ctx, by, make([]membership.FactsInput, membership.MostFacts+1), false)
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
		sum, err := s.AddToList(ctx, by, "vip", all)
		w.Must(err)
		if diff := cmp.Diff(membership.ListedCount{Changed: 2_500, Unchanged: 1, Unknown: []int{0, 1}}, sum); diff != "" {
			t.Error(diff)
		}
		sum, err = s.RemoveFromList(ctx, by, "vip", all[:12])
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
		_, err = s.AddToList(ctx, by, "none", all)
		wants(t, "no such list", err, fault.Absent)
		_, err = s.AddToList(ctx, by, "old", all)
		wants(t, "an archived list", err, fault.WrongState)
		_, err = s.RemoveFromList(ctx, by, "old", all)
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
