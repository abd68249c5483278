package membership_test

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"quan/internal/app"
	"quan/internal/app/apptest"
	"quan/internal/app/membership"
	"quan/internal/domain/access"
	"quan/internal/domain/change"
	"quan/internal/domain/member"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

func use(w *apptest.World) *membership.Membership { return &membership.Membership{App: w.App} }

func wants(t *testing.T, what string, err error, code fault.Code) {
	t.Helper()
	if code == "" && err != nil || code != "" && !fault.Has(err, code) {
		t.Errorf("%s: got %v, want %q", what, err, code)
	}
}

func changesOf(w *apptest.World, who id.ID) (rows []store.StoredChange) {
	w.Helper()
	w.Must(w.Store.View(w.Ctx(), func(tx store.Tx) (err error) {
		rows, err = tx.Changes().Of(who)
		return err
	}))
	return rows
}

func TestPutMember(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s, ctx, by := use(w), w.Ctx(), w.By
		in := membership.PutMemberInput{Kind: "phone", Value: " 138-0000 0001", Attributes: map[string]string{"city": "上海"}}
		card, created, err := s.PutMember(ctx, by, in)
		wants(t, "create", err, "")
		if !created || card.Member.Rev != 1 || card.Member.Slot != card.Member.ID.Slot() || card.Member.Slot != card.Identities[0].Key.Slot() {
			t.Errorf("created = %v, card = %+v", created, card)
		}
		if strings.Contains(card.Identities[0].Sealed, "138") {
			t.Error("the value is not sealed")
		}
		in.Value = "13800000001"
		_, _, err = s.PutMember(ctx, by, in)
		wants(t, "the same phone, written otherwise, without a revision", err, fault.IfMatchMissing)
		in.IfRev = 5
		_, _, err = s.PutMember(ctx, by, in)
		wants(t, "at another revision", err, fault.StaleRevision)
		in.IfRev, in.Attributes = 1, map[string]string{"city": "北京"}
		card, created, err = s.PutMember(ctx, by, in)
		wants(t, "update", err, "")
		if created || card.Member.Rev != 2 || !maps.Equal(card.Member.Attributes, in.Attributes) {
			t.Errorf("updated = %+v", card)
		}
		in.IfRev, in.Attributes = 2, nil
		card, _, err = s.PutMember(ctx, by, in)
		wants(t, "leave the attributes", err, "")
		if card.Member.Rev != 2 || card.Member.Attributes["city"] != "北京" {
			t.Errorf("a put of nothing made %+v", card.Member)
		}
		in.Value, in.IfRev = "13800000002", 1
		_, _, err = s.PutMember(ctx, by, in)
		wants(t, "a revision of nobody", err, fault.StaleRevision)
		log := changesOf(w, card.Member.ID)
		if len(log) != 2 || log[0].Type != change.MemberCreated || log[1].Type != change.MemberUpdated || log[1].Seq != 2 {
			t.Errorf("changes = %+v", log)
		}
		for _, c := range log {
			if strings.Contains(c.Facts, "上海") || strings.Contains(c.Facts, "138") {
				t.Errorf("facts tell of the person: %s", c.Facts)
			}
		}
		found, err := s.FindMember(ctx, by, "phone", "138 0000 0001")
		if err != nil || found.Member.ID != card.Member.ID {
			t.Errorf("found = %+v, %v", found, err)
		}
		_, err = s.FindMember(ctx, by, "phone", "\xff")
		wants(t, "find what can't exist", err, fault.MemberUnknown)
		_, err = s.GetMember(ctx, by, 12345)
		wants(t, "get nobody", err, fault.MemberUnknown)
		w.Clean()
	})
}

func TestIdentityInput(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		many := map[string]string{}
		for i := range 65 {
			many[strings.Repeat("k", i+1)] = "v"
		}
		for _, c := range []struct {
			kind       string
			value      member.Secret
			attributes map[string]string
			want       fault.Code
			at         string
		}{
			{"phone", "+8613800000001", nil, "", ""},
			{"wechat", "微信👩‍👩‍👧", nil, "", ""},
			{"external", member.Secret(strings.Repeat("x", 256)), nil, "", ""},
			{"external", member.Secret(strings.Repeat("x", 257)), nil, fault.TooLong, "path:value"},
			{"external", "  ", nil, fault.MissingValue, "path:value"},
			{"external", "a\x00b", nil, fault.InvalidValue, "path:value"},
			{"external", "a\n", nil, fault.InvalidValue, "path:value"},
			{"external", "a\xff", nil, fault.InvalidValue, "path:value"},
			{"phone", "1.38E+10", nil, fault.InvalidValue, "path:value"},
			{"phone", "12", nil, fault.InvalidValue, "path:value"},
			{"Phone", "13800000001", nil, fault.InvalidValue, "path:kind"},
			{"1x", "a", nil, fault.InvalidValue, "path:kind"},
			{"", "a", nil, fault.InvalidValue, "path:kind"},
			{strings.Repeat("k", 33), "a", nil, fault.InvalidValue, "path:kind"},
			{"external", "a", many, fault.TooLong, "/attributes"},
			{"external", "a", map[string]string{"a/b~": "x\x00"}, fault.InvalidValue, "/attributes/a~1b~0"},
			{"external", "a", map[string]string{"k": strings.Repeat("v", 513)}, fault.TooLong, "/attributes/k"},
		} {
			_, _, err := use(w).PutMember(w.Ctx(), w.By, membership.PutMemberInput{Kind: c.kind, Value: c.value, Attributes: c.attributes})
			wants(t, c.kind+" "+string(c.want), err, c.want)
			if f := fault.From(err); f != nil {
				if f.Pointer != c.at {
					t.Errorf("%s %s: pointer %s, want %s", c.kind, c.want, f.Pointer, c.at)
				}
				if plain := strings.TrimSpace(c.value.Reveal()); len(plain) > 1 && strings.Contains(f.Error(), plain) {
					t.Errorf("the fault repeats the value: %v", f)
				}
			}
		}
	})
}

func TestTwinsAreOneMember(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		var group sync.WaitGroup
		errs := make([]error, 8)
		for i := range errs {
			group.Go(func() {
				_, _, errs[i] = use(w).PutMember(w.Ctx(), w.By, membership.PutMemberInput{Kind: "external", Value: "same"})
			})
		}
		group.Wait()
		made := 0
		for _, err := range errs {
			if err == nil {
				made++
			} else if !fault.Has(err, fault.IfMatchMissing) {
				t.Errorf("twin: %v", err)
			}
		}
		rows, err := use(w).ListMembers(w.Ctx(), w.By, 0, 0)
		if made != 1 || len(rows) != 1 || err != nil {
			t.Errorf("%d puts made a member, %d members exist, %v; want one", made, len(rows), err)
		}
	})
}

func TestAddIdentity(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s, ctx, by := use(w), w.Ctx(), w.By
		one, _, err := s.PutMember(ctx, by, membership.PutMemberInput{Kind: "phone", Value: "13800000001"})
		w.Must(err)
		_, _, err = s.PutMember(ctx, by, membership.PutMemberInput{Kind: "phone", Value: "13800000002"})
		w.Must(err)
		in := membership.AddIdentityInput{Once: app.Once{Key: "k", Body: "b"}, Member: one.Member.ID, Kind: "wechat", Value: "open-1"}
		for range 2 {
			card, err := s.AddIdentity(ctx, by, in)
			wants(t, "add", err, "")
			if len(card.Identities) != 2 || card.Member.Rev != 2 {
				t.Errorf("card = %+v", card)
			}
		}
		in.Once.Body = "other"
		_, err = s.AddIdentity(ctx, by, in)
		wants(t, "another body", err, fault.KeyReusedBody)
		in.Once, in.Kind, in.Value = app.Once{}, "phone", "13800000002"
		_, err = s.AddIdentity(ctx, by, in)
		wants(t, "another member's", err, fault.IdentityTaken)
		in.Member = 99
		_, err = s.AddIdentity(ctx, by, in)
		wants(t, "nobody", err, fault.MemberUnknown)
		found, err := s.FindMember(ctx, by, "wechat", "open-1")
		if err != nil || found.Member.ID != one.Member.ID {
			t.Errorf("found by the second identity: %+v, %v", found, err)
		}
		w.Clean()
	})
}

func TestSetBlocked(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s, ctx, by := use(w), w.Ctx(), w.By
		one, _, err := s.PutMember(ctx, by, membership.PutMemberInput{Kind: "phone", Value: "13800000001"})
		w.Must(err)
		for range 2 {
			card, err := s.SetBlocked(ctx, by, membership.SetBlockedInput{Member: one.Member.ID, Blocked: true, Reason: "fraud"})
			if err != nil || !card.Member.Blocked || card.Member.Rev != 2 {
				t.Errorf("blocked = %+v, %v", card.Member, err)
			}
		}
		_, err = s.SetBlocked(ctx, by, membership.SetBlockedInput{Member: one.Member.ID, IfRev: 1})
		wants(t, "at an old revision", err, fault.StaleRevision)
		browser := by
		browser.Kind, browser.Member = access.KindBrowser, one.Member.ID
		_, err = s.SetBlocked(ctx, browser, membership.SetBlockedInput{Member: one.Member.ID})
		wants(t, "a browser ends its own block", err, fault.PermissionDeny)
		browser.Member = 1
		_, err = s.GetMember(ctx, browser, one.Member.ID)
		wants(t, "a browser reads another member", err, fault.MemberUnknown)
		w.Clean()
	})
}

func TestEnsure(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s, ctx, by := use(w), w.Ctx(), w.By
		inputs := make([]membership.EnsureInput, membership.MostEnsure)
		for i := range inputs {
			inputs[i] = membership.EnsureInput{Key: w.Key(i), Sealed: "sealed", At: 1_000_000_000_000}
		}
		inputs[5] = inputs[4]
		inputs[5].Attributes = map[string]string{"a": "5"}
		first, err := s.Ensure(ctx, by, inputs)
		wants(t, "ensure", err, "")
		if first[4] != first[5] || first[0] == first[1] || first[0].Slot() != w.Key(0).Slot() {
			t.Errorf("ids = %v", first[:6])
		}
		inputs[0].Attributes = map[string]string{"a": "0"}
		second, err := s.Ensure(ctx, by, inputs)
		wants(t, "again", err, "")
		for i := range first {
			if first[i] != second[i] {
				t.Fatalf("member %d changed from %d to %d", i, first[i], second[i])
			}
		}
		for n, want := range map[int]int64{0: 2, 1: 1, 4: 1} {
			card, err := s.GetMember(ctx, by, first[n])
			if err != nil || card.Member.Rev != want || card.Member.CreatedAt != 1_000_000_000_000 {
				t.Errorf("member %d = %+v, %v, want revision %d", n, card.Member, err, want)
			}
		}
		if card, _ := s.GetMember(ctx, by, first[4]); card.Member.Attributes["a"] != "5" {
			t.Errorf("the last attributes of a new member are not kept: %+v", card.Member)
		}
		seen := 0
		for after := id.ID(0); ; {
			rows, err := s.ListMembers(ctx, by, after, 100)
			w.Must(err)
			if len(rows) == 0 {
				break
			}
			seen, after = seen+len(rows), rows[len(rows)-1].ID
		}
		if seen != len(inputs)-1 {
			t.Errorf("%d members, want %d", seen, len(inputs)-1)
		}
		_, err = s.Ensure(ctx, by, slices.Concat(inputs, inputs[:1]))
		wants(t, "too many", err, fault.TooLong)
		w.Clean()
	})
}
