package bench

import (
	"fmt"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"quan/internal/app"
	"quan/internal/app/checkout"
	"quan/internal/app/issuing"
	"quan/internal/domain/order"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/id"
	"quan/internal/testkit"
)

// pieces of work that callers take one after the other.
type pieces struct {
	*stage
	next atomic.Int64
}

// run lets callers do size pieces at a time until the time is over.
func (p *pieces) run(callers, size int, d time.Duration, do func(first int64, size int) error) turn {
	began := time.Now()
	turns := make(chan turn, callers)
	for range callers {
		go func() {
			var t turn
			for time.Since(began) < d {
				start := time.Now()
				if err := do(p.next.Add(int64(size))-int64(size), size); err != nil {
					p.Error(err)
					break
				}
				t.each = append(t.each, time.Since(start))
				t.done += int64(size)
			}
			turns <- t
		}()
	}
	var sum turn
	for range callers {
		t := <-turns
		sum.done, sum.each = sum.done+t.done, append(sum.each, t.each...)
	}
	sum.took = time.Since(began)
	return sum
}

// cart of three lines, 70.00 in all.
func cart() *pricing.Cart {
	return &pricing.Cart{Channel: "app", City: "shanghai", Lines: []pricing.Line{
		{SKU: "apple", Category: "fresh/fruit", Quantity: 2, UnitMinor: 1000},
		{SKU: "milk", Category: "dairy", Quantity: 1, UnitMinor: 2000},
		{SKU: "rice", Category: "dry", Quantity: 1, UnitMinor: 3000}}}
}

// stock gives n coupons to the members in turn and returns them.
func (st *stage) stock(n int) []id.ID {
	coupons := make([]id.ID, 0, n)
	for from := 0; from < n; from += batchSize {
		in := make([]issuing.ClaimInput, min(batchSize, n-from))
		for i := range in {
			in[i] = issuing.ClaimInput{Template: st.template, MemberID: st.ids[(from+i)%members], Channel: "app"}
		}
		out, err := st.Issuing.Claim(st.Ctx(), st.By, in)
		st.Must(err)
		for _, o := range out {
			st.Must(o.Err)
			coupons = append(coupons, o.Receipt.Coupons[0].ID)
		}
	}
	return coupons
}

// usesASecond is more than all contestants together use in a second of a turn each.
const usesASecond = 24_000

// BenchmarkUse is a lock and the redemption of what it holds: two requests on
// an order of three lines with one coupon.
func BenchmarkUse(b *testing.B) {
	stocked := int64(usesASecond * roundLength.Seconds() * float64(*roundCount))
	for _, engine := range engines {
		b.Run(engine, func(b *testing.B) {
			st := newStage(b, engine)
			p, coupons := &pieces{stage: st}, st.stock(int(stocked))
			inputs := func(first int64, size int) ([]checkout.LockInput, []checkout.RedeemInput, error) {
				locks, uses := make([]checkout.LockInput, size), make([]checkout.RedeemInput, size)
				for i := range locks {
					n := first + int64(i)
					if n >= stocked {
						return nil, nil, fmt.Errorf("%d coupons are used up: raise usesASecond", stocked)
					}
					basis := checkout.Basis{Once: app.Once{Key: "lock-" + strconv.FormatInt(n, 10), Body: bodyHash}, Order: order.Key{Source: "shop", Ref: strconv.FormatInt(n, 10)},
						Who: checkout.Who{ID: st.ids[n%members]}, Cart: cart(), Coupons: []id.ID{coupons[n]}}
					locks[i].Basis = basis
					basis.Once.Key, basis.Cart, basis.Coupons = "use-"+strconv.FormatInt(n, 10), nil, nil
					uses[i].Basis = basis
				}
				return locks, uses, nil
			}
			use := func(first int64, size int) error {
				locks, uses, err := inputs(first, size)
				if err != nil {
					return err
				}
				held, err := st.Checkout.Lock(st.Ctx(), st.By, locks)
				for i := 0; err == nil && i < size; i++ {
					err = held[i].Err
				}
				if err != nil {
					return err
				}
				done, err := st.Checkout.Redeem(st.Ctx(), st.By, uses)
				for i := 0; err == nil && i < size; i++ {
					err = done[i].Err
				}
				return err
			}
			gathered := func(first int64, _ int) error {
				locks, uses, err := inputs(first, 1)
				if err != nil {
					return err
				}
				held, err := st.Checkout.LockGathered(st.Ctx(), st.By, locks[0])
				if err == nil {
					err = held.Err
				}
				if err != nil {
					return err
				}
				done, err := st.Checkout.RedeemGathered(st.Ctx(), st.By, uses[0])
				if err == nil {
					err = done.Err
				}
				return err
			}
			compete(b, fmt.Sprintf("Lock and redeem in process, %s; %d coupons of %d members stored", engine, stocked, members),
				contestant{name: "lock + redeem", note: "64 callers, one at a time", run: func(d time.Duration) turn { return p.run(64, 1, d, use) }},
				contestant{name: "lock + redeem", note: "64 callers, gathered", run: func(d time.Duration) turn { return p.run(64, 1, d, gathered) }},
				contestant{name: "lock + redeem", note: "4 callers, slices of 64", run: func(d time.Duration) turn { return p.run(4, 64, d, use) }})
		})
	}
}

// BenchmarkQuote is the price of a cart of 20 lines with the best of 30 coupons.
func BenchmarkQuote(b *testing.B) {
	const lines, held = 20, 30
	for _, engine := range engines {
		b.Run(engine, func(b *testing.B) {
			st := newStage(b, engine)
			templates := make([]id.ID, held)
			for i := range templates {
				doc := testkit.Doc()
				doc.Terms.AmountMinor, doc.Terms.ThresholdMinor = int64(100+i), int64(1000+500*i)
				templates[i] = st.Publish(doc)
			}
			const owners = 64
			for _, m := range st.ids[:owners] {
				out, err := st.Issuing.Grant(st.Ctx(), st.By, []issuing.GrantInput{{Templates: templates, MemberID: m}})
				st.Must(err)
				st.Must(out[0].Err)
			}
			full := pricing.Cart{Channel: "app", City: "shanghai"}
			for i := range lines {
				full.Lines = append(full.Lines, pricing.Line{SKU: fmt.Sprintf("sku-%d", i), Category: "fresh/fruit", Quantity: 1, UnitMinor: int64(100 + 50*i)})
			}
			p := &pieces{stage: st}
			quote := func(n int64, _ int) error {
				q, err := st.Checkout.Quote(st.Ctx(), st.By, checkout.QuoteInput{Market: st.Market.Code, Who: checkout.Who{ID: st.ids[n%owners]}, Cart: full})
				if err == nil && (len(q.Coupons) != held || len(q.Result.Uses) == 0) {
					err = fmt.Errorf("%d coupons seen, %d used", len(q.Coupons), len(q.Result.Uses))
				}
				return err
			}
			compete(b, fmt.Sprintf("Quote of %d lines with %d coupons in process, %s", lines, held, engine),
				contestant{name: "quote", note: "1 caller", run: func(d time.Duration) turn { return p.run(1, 1, d, quote) }},
				contestant{name: "quote", note: "16 callers", run: func(d time.Duration) turn { return p.run(16, 1, d, quote) }})
		})
	}
}
