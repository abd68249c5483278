package membership_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"quan/internal/app/apptest"
	"quan/internal/app/catalog"
	"quan/internal/app/membership"
	"quan/internal/domain/access"
	"quan/internal/domain/condition"
	"quan/internal/domain/member"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

func TestFilterMembers(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s, ctx, by := use(w), w.Ctx(), w.By
		names := map[id.ID]string{}
		for i, m := range []struct {
			phone string
			tags  []string
			tier  string
		}{{"13800000001", []string{"vip"}, "gold"}, {"13800000002", []string{"student", "vip"}, ""}, {"13800000003", nil, "gold"}, {"13800000004", []string{"vip"}, "gold"}} {
			card, _, err := s.PutMember(ctx, by, membership.PutMemberInput{Kind: "phone", Value: member.Secret(m.phone), Tags: m.tags, Attributes: map[string]string{"tier": m.tier}})
			w.Must(err)
			names[card.Member.ID] = string(rune('a' + i))
			w.Time.Advance(24 * time.Hour)
		}
		c := catalog.Catalog{App: w.App}
		_, _, err := c.PutSegment(ctx, by, catalog.PutSegmentInput{Code: "gold", Name: "Gold", Tree: condition.Tree{Leaf: &condition.MemberTier{In: []string{"gold"}}}})
		w.Must(err)
		all := func(in membership.FilterInput, size int) (got []string) {
			in.Limit = size
			for {
				page, err := s.FilterMembers(ctx, by, in)
				w.Must(err)
				for _, m := range page.Members {
					got = append(got, names[m.ID])
				}
				if page.Next == (store.Behind{}) {
					return got
				}
				in.Behind = page.Next
			}
		}
		today := w.Market.Day(testkit.Start)
		for _, c := range []struct {
			in   membership.FilterInput
			want []string
		}{
			{membership.FilterInput{}, []string{"d", "c", "b", "a"}},
			{membership.FilterInput{From: today.AddDays(1)}, []string{"d", "c", "b"}},
			{membership.FilterInput{From: today.AddDays(1), To: today.AddDays(2)}, []string{"c", "b"}},
			{membership.FilterInput{Tag: "vip"}, []string{"d", "b", "a"}},
			{membership.FilterInput{Tag: "vip", To: today.AddDays(1)}, []string{"b", "a"}},
			{membership.FilterInput{Tag: "nobody"}, nil},
			{membership.FilterInput{Segment: "gold"}, []string{"d", "c", "a"}},
			{membership.FilterInput{Segment: "gold", Tag: "vip"}, []string{"d", "a"}},
			{membership.FilterInput{Segment: "gold", From: today.AddDays(2), To: today.AddDays(2)}, []string{"c"}},
		} {
			for _, size := range []int{1, 2, 50} {
				got := all(c.in, size)
				want := slices.Clone(c.want)
				if c.in.Tag != "" || c.in.Segment != "" { // by id, of which members of one moment have no promised order
					slices.Sort(got)
					slices.Sort(want)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%+v in pages of %d: %s", c.in, size, diff)
				}
			}
		}
		_, err = s.FilterMembers(ctx, by, membership.FilterInput{Segment: "none"})
		wants(t, "a segment that is none", err, fault.Absent)
		narrow := by
		narrow.Scope = access.Scope{Merchants: []string{"a"}}
		_, err = s.FilterMembers(ctx, narrow, membership.FilterInput{Segment: "gold"})
		wants(t, "a segment, limited to a scope", err, fault.PermissionDeny)
		_, _, err = c.PutSegment(ctx, by, catalog.PutSegmentInput{Code: "x", Name: "X", Tree: condition.Tree{Leaf: &condition.Channel{In: []string{"app"}}}})
		wants(t, "what only the moment can answer", err, fault.InvalidValue)
		w.Clean()
	})
}
