package issuing_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"quan/internal/app"
	"quan/internal/app/apptest"
	"quan/internal/app/issuing"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/testkit"
)

func issueLimit(per limit.Per, most int64) limit.Limit {
	return limit.Limit{What: limit.IssueCount, Period: limit.Ever, Per: per, Cap: most}
}

func TestClaimOnce(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		who := w.Members(1)[0]
		tpl := w.Publish(testkit.Doc())
		in := issuing.ClaimInput{Once: app.Once{Key: "k", Body: "b"}, Template: tpl, Member: w.Key(0), Channel: "app", City: "shanghai"}
		first := w.Claim(in)
		if first.Err != nil || first.Replayed || len(first.Receipt.Coupons) != 1 {
			t.Fatalf("first claim: %+v", first)
		}
		c := first.Receipt.Coupons[0]
		if c.Member != who || c.Template != tpl || c.State != coupon.Usable {
			t.Fatalf("coupon %+v", c)
		}
		again := w.Claim(in)
		if again.Err != nil || !again.Replayed || again.Receipt.Coupons[0].ID != c.ID || again.Receipt.Origin != first.Receipt.Origin {
			t.Fatalf("same key, same body: %+v", again)
		}
		in.Once.Body = "other"
		if got := w.Claim(in); !fault.Has(got.Err, fault.KeyReusedBody) {
			t.Fatalf("same key, other body: %+v", got)
		}
		in.Once.Key = "k2"
		if got := w.Claim(in); !fault.Has(got.Err, fault.MemberLimit) {
			t.Fatalf("second claim of a limit of one: %+v", got.Err)
		}
		w.Clean()
	})
}

func TestClaimUnknown(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(1)
		tpl := w.Publish(testkit.Doc())
		if got := w.Claim(issuing.ClaimInput{Template: tpl, Member: w.Key(7)}); !fault.Has(got.Err, fault.MemberUnknown) {
			t.Errorf("unknown member: %v", got.Err)
		}
		if got := w.Claim(issuing.ClaimInput{Template: tpl + 1, Member: w.Key(0)}); !fault.Has(got.Err, fault.Absent) {
			t.Errorf("unknown template: %v", got.Err)
		}
		w.Clean()
	})
}

func TestBatchKeepsFatesApart(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(3)
		tpl := w.Publish(apptest.Limits(testkit.Doc(), issueLimit(limit.PerTemplate, 2)))
		var in []issuing.ClaimInput
		for i := range 3 {
			in = append(in, issuing.ClaimInput{Once: app.Once{Key: fmt.Sprint(i), Body: "b"}, Template: tpl, Member: w.Key(i)})
		}
		in = append(in, in[0])
		out, err := w.Issuing.Claim(w.Ctx(), w.By, in)
		w.Must(err)
		if out[0].Err != nil || out[1].Err != nil || !fault.Has(out[2].Err, fault.SoldOut) {
			t.Errorf("two of three: %v %v %v", out[0].Err, out[1].Err, out[2].Err)
		}
		if out[3].Err != nil || !out[3].Replayed || out[3].Receipt.Coupons[0].ID != out[0].Receipt.Coupons[0].ID {
			t.Errorf("a twin in the batch: %+v", out[3])
		}
		w.Clean()
	})
}

func TestPackIsOneAct(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(2)
		newcomer := testkit.Doc()
		newcomer.Claim.Newcomer = true
		one := w.Publish(apptest.Limits(newcomer))
		two := w.Publish(apptest.Limits(newcomer, issueLimit(limit.PerTemplate, 1)))
		grant := func(n int, templates ...id.ID) issuing.Outcome {
			out, err := w.Issuing.Grant(w.Ctx(), w.By, []issuing.GrantInput{{Templates: templates, Member: w.Key(n)}})
			w.Must(err)
			return out[0]
		}
		pack := grant(0, one, two)
		if pack.Err != nil || len(pack.Receipt.Coupons) != 2 || pack.Receipt.Coupons[0].Origin != pack.Receipt.Coupons[1].Origin {
			t.Fatalf("pack: %+v", pack)
		}
		if got := grant(0, one); !fault.Has(got.Err, fault.NewcomerHeld) {
			t.Errorf("a further newcomer issue: %v", got.Err)
		}
		refused := grant(1, one, two)
		if !fault.Has(refused.Err, fault.SoldOut) {
			t.Errorf("a pack whose second part is sold out: %v", refused.Err)
		}
		if got := grant(1, one); got.Err != nil {
			t.Errorf("after the refused pack nothing may be held: %v", got.Err)
		}
		w.Clean()
	})
}

// A pack that is refused leaves to its neighbours in the batch what its first
// parts had taken.
func TestRefusedPackHoldsNothingBack(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(3)
		last := w.Publish(apptest.Limits(testkit.Doc(), issueLimit(limit.PerTemplate, 1)))
		gone := w.Publish(apptest.Limits(testkit.Doc(), issueLimit(limit.PerTemplate, 1)))
		out, err := w.Issuing.Grant(w.Ctx(), w.By, []issuing.GrantInput{
			{Templates: []id.ID{gone}, Member: w.Key(0)},
			{Templates: []id.ID{last, gone}, Member: w.Key(1)},
			{Templates: []id.ID{last}, Member: w.Key(2)},
		})
		w.Must(err)
		if out[0].Err != nil || !fault.Has(out[1].Err, fault.SoldOut) || out[2].Err != nil {
			t.Errorf("fates %v, %v, %v: the last coupon was there", out[0].Err, out[1].Err, out[2].Err)
		}
		w.Clean()
	})
}

// alone claims in a slice of one, gathered together with what comes at the same time.
func alone(w *apptest.World, in issuing.ClaimInput) (issuing.Outcome, error) {
	out, err := w.Issuing.Claim(w.Ctx(), w.By, []issuing.ClaimInput{in})
	if err != nil {
		return issuing.Outcome{}, err
	}
	return out[0], nil
}

func together(w *apptest.World, in issuing.ClaimInput) (issuing.Outcome, error) {
	return w.Issuing.ClaimGathered(w.Ctx(), w.By, in)
}

// race runs n claims at once, every second one gathered, and returns how many
// succeeded; every other one must carry the wanted refusal.
func race(t *testing.T, worlds []*apptest.World, n int, want fault.Code, in func(i int) issuing.ClaimInput) int {
	t.Helper()
	ways := []func(*apptest.World, issuing.ClaimInput) (issuing.Outcome, error){alone, together}
	var wins atomic.Int64
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		w := worlds[i%len(worlds)]
		wg.Go(func() {
			<-start
			out, err := ways[i/len(worlds)%2](w, in(i))
			switch {
			case err != nil:
				t.Errorf("claim %d: %v", i, err)
			case out.Err == nil:
				wins.Add(1)
			case !fault.Has(out.Err, want):
				t.Errorf("claim %d: %v, want %s", i, out.Err, want)
			}
		})
	}
	close(start)
	wg.Wait()
	return int(wins.Load())
}

func TestContentionThousandForFifty(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(1000)
		tpl := w.Publish(apptest.Limits(testkit.Doc(), issueLimit(limit.PerTemplate, 50), issueLimit(limit.PerMember, 1)))
		got := race(t, []*apptest.World{w}, 1000, fault.SoldOut, func(i int) issuing.ClaimInput {
			return issuing.ClaimInput{Once: app.Once{Key: fmt.Sprint(i), Body: "b"}, Template: tpl, Member: w.Key(i), Channel: "app"}
		})
		if got != 50 {
			t.Errorf("%d coupons of 50 were given out", got)
		}
		w.Clean()
	})
}

func TestContentionOneMember(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(1)
		tpl := w.Publish(apptest.Limits(testkit.Doc(), issueLimit(limit.PerMember, 1)))
		got := race(t, []*apptest.World{w}, 30, fault.MemberLimit, func(i int) issuing.ClaimInput {
			return issuing.ClaimInput{Once: app.Once{Key: fmt.Sprint(i), Body: "b"}, Template: tpl, Member: w.Key(0)}
		})
		if got != 1 {
			t.Errorf("one member got %d coupons of a limit of one", got)
		}
		w.Clean()
	})
}

func TestContentionTwoProcessesOneNewcomer(t *testing.T) {
	w := apptest.Postgres(t)
	w.Members(1)
	doc := apptest.Limits(testkit.Doc())
	doc.Claim.Newcomer = true
	templates := []id.ID{w.Publish(doc), w.Publish(doc)}
	got := race(t, []*apptest.World{w, w.Twin()}, 60, fault.NewcomerHeld, func(i int) issuing.ClaimInput {
		return issuing.ClaimInput{Once: app.Once{Key: fmt.Sprint(i), Body: "b"}, Template: templates[i/2%2], Member: w.Key(0)}
	})
	if got != 1 {
		t.Errorf("one member got %d newcomer coupons in two processes", got)
	}
	w.Clean()
}

func TestContentionTwinRequests(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(1)
		tpl := w.Publish(apptest.Limits(testkit.Doc()))
		got := race(t, []*apptest.World{w}, 32, "", func(int) issuing.ClaimInput {
			return issuing.ClaimInput{Once: app.Once{Key: "same", Body: "b"}, Template: tpl, Member: w.Key(0)}
		})
		if got != 32 {
			t.Errorf("%d of 32 twins were answered", got)
		}
		rows, err := w.Issuing.OfTemplate(w.Ctx(), w.By, tpl, 0, 10)
		w.Must(err)
		if len(rows) != 1 {
			t.Errorf("32 twins made %d coupons", len(rows))
		}
		w.Clean()
	})
}
