package membership_test

import (
	"testing"

	"quan/internal/app/apptest"
	"quan/internal/app/membership"
	"quan/internal/domain/member"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// A number with its country and without it, as files and people write it, names one
// member, whoever is asked: the feed, a list, the page of a member, the sign-in.
func TestAPhoneNumberNamesOneMember(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s, ctx, by := use(w), w.Ctx(), w.By
		feed := func(values ...string) []membership.FactsOutcome {
			t.Helper()
			rows := make([]membership.FactsInput, len(values))
			for i, v := range values {
				rows[i] = membership.FactsInput{Kind: "phone", Value: member.Secret(v), AddTags: []string{"vip"}}
			}
			out, err := s.SetFacts(ctx, by, rows, membership.FactsWay{Create: true})
			w.Must(err)
			return out
		}
		who := feed("13800000001")[0]
		if who.Status != membership.FactsCreated {
			t.Fatalf("the first file: %+v", who)
		}
		for i, o := range feed("+8613800000001", "8613800000001", "0086 138-0000-0001", "１３８００００００１", "13800000001") {
			if same := i != 3; (o.Member == who.Member) != same { // the fourth lacks a digit
				t.Errorf("row %d of the second file is member %d, want %d", i, o.Member, who.Member)
			}
		}
		for _, value := range []member.Secret{"13800000001", "+86 138 0000 0001", "008613800000001"} {
			card, err := s.FindMember(ctx, by, "phone", value)
			if err != nil || card.Member.ID != who.Member || len(card.Identities) != 1 {
				t.Errorf("%s is %+v, %v", value.Reveal(), card, err)
			}
			_, _, err = s.PutMember(ctx, by, membership.PutMemberInput{Kind: "phone", Value: value})
			wants(t, "make it again", err, fault.IfMatchMissing)
			if signed, err := s.Enrol(ctx, "phone", value); err != nil || signed != who.Member {
				t.Errorf("%s signs in as %d, %v", value.Reveal(), signed, err)
			}
		}
		if n, err := s.Enrol(ctx, "phone", "0912345678"); err != nil || feed("+886 912 345 678")[0].Member != n {
			t.Errorf("of Taiwan: member %d, %v", n, err)
		}
		w.Clean()
	})
}

// What an older version hashed as it was written comes into the form at a start.
func TestFormPhones(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s, ctx, by := use(w), w.Ctx(), w.By
		old := func(who id.ID, hash string, value member.Secret) member.Identity {
			sealed := w.Vault.Seal("phone", value)
			if value == "" {
				sealed = "not ours"
			}
			return member.Identity{Key: member.Key{Kind: "phone", Hash: hash}, Member: who, Sealed: sealed, KeyVersion: 1, CreatedAt: w.Clock()}
		}
		made := func(kind, value string) id.ID {
			card, _, err := s.PutMember(ctx, by, membership.PutMemberInput{Kind: kind, Value: member.Secret(value)})
			w.Must(err)
			return card.Member.ID
		}
		a, b, c := made("email", "a@x.test"), made("phone", "13800000002"), made("email", "c@x.test")
		w.Must(w.Store.Update(ctx, store.Admin, func(tx store.Tx) error {
			return tx.Members().InsertIdentities([]member.Identity{
				old(a, "01", "13800000001"), // nobody has the number in the form
				old(a, "02", "13800000001"), // nor under a third form
				old(c, "03", "13800000002"), // b has it
				old(b, "04", "13800000002"), // and had it twice
				old(c, "05", ""),            // sealed by other keys
			})
		}))
		done, err := s.FormPhones(ctx)
		if want := (membership.Formed{Done: 4, Twins: 1, Shut: 1}); err != nil || done != want {
			t.Errorf("it did %+v, %v, want %+v", done, err, want)
		}
		for value, want := range map[member.Secret]id.ID{"13800000001": a, "+8613800000001": a, "+8613800000002": b} {
			if card, err := s.FindMember(ctx, by, "phone", value); err != nil || card.Member.ID != want {
				t.Errorf("%s is member %d, %v, want %d", value.Reveal(), card.Member.ID, err, want)
			}
		}
		for who, want := range map[id.ID]int{a: 2, b: 1, c: 3} {
			card, err := s.GetMember(ctx, by, who)
			if err != nil || len(card.Identities) != want {
				t.Errorf("member %d has %+v, %v, want %d identities", who, card.Identities, err, want)
			}
		}
		if again, err := s.FormPhones(ctx); err != nil || again != (membership.Formed{Shut: 1}) {
			t.Errorf("again it did %+v, %v", again, err)
		}
	})
}
