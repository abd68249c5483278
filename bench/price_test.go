package bench

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"quan/internal/app/issuing"
	"quan/internal/domain/coupon"
	"quan/internal/domain/item"
	"quan/internal/domain/market"
	"quan/internal/domain/pricing"
	"quan/internal/domain/rule"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

// offers are the promotions that a cart is priced with; bench/rivals/cart.mjs
// describes them, and the cart, for the other shops.
type offers struct {
	n    int
	all  bool // all of them match; else only the middle one
	dear bool // those that don't match ask for more than the cart costs; else for another product
}

func (o offers) String() string {
	switch {
	case o.all:
		return fmt.Sprintf("%d, all match", o.n)
	case o.dear:
		return fmt.Sprintf("%d, one matches, thresholds", o.n)
	}
	return fmt.Sprintf("%d, one matches", o.n)
}

// arguments say it to the other shops.
func (o offers) arguments() []string {
	matching, others := "one", "elsewhere"
	if o.all {
		matching = "all"
	}
	if o.dear {
		others = "dear"
	}
	return []string{"--promotions", strconv.Itoa(o.n), "--matching", matching, "--others", others}
}

const cartLines = 10

func cartSKU(line int) string { return fmt.Sprintf("sku-%d", line%cartLines) }

// bought is the cart: ten lines of two units, 290.00 in all.
func bought() *pricing.Cart {
	cart := &pricing.Cart{Channel: "app", City: "shanghai"}
	for i := range cartLines {
		cart.Lines = append(cart.Lines, pricing.Line{SKU: cartSKU(i), Category: "fresh/fruit", Brand: "orchard", Quantity: 2, UnitMinor: int64(1000 + 100*i)})
	}
	return cart
}

func (o offers) matches(k int) bool { return o.all || k == o.n/2 }

func (o offers) minor(k int) int64 { return int64(10 + k%10) }

// terms of the k-th: an amount off the lines of its product, in a group of its own.
func (o offers) terms(k int) coupon.Terms {
	t := testkit.Terms()
	t.AmountMinor, t.ThresholdMinor = o.minor(k), 100
	t.Stacking.Group = fmt.Sprintf("own-%d", k)
	switch product := func(sku string) rule.Scope { return rule.Scope{Include: rule.Selector{SKUs: []string{sku}}} }; {
	case o.matches(k):
		t.Scope = product(cartSKU(k))
	case o.dear:
		t.ThresholdMinor = 1_000_000
	default:
		t.Scope = product(fmt.Sprintf("elsewhere-%d", k))
	}
	return t
}

// discount of the best set of at most so many.
func (o offers) discount(most int) (sum int64) {
	var all []int64
	for k := range o.n {
		if o.matches(k) {
			all = append(all, o.minor(k))
		}
	}
	slices.Sort(all)
	for _, minor := range all[max(len(all)-most, 0):] {
		sum += minor
	}
	return sum
}

// candidates are the offers as coupons in somebody's hand.
func (o offers) candidates() []pricing.Candidate {
	all := make([]pricing.Candidate, o.n)
	for k := range all {
		t := o.terms(k)
		c := testkit.Coupon(id.ID(k+1), 1, id.ID(100_000+k))
		all[k] = pricing.Candidate{Coupon: &c, Terms: &t, Use: true}
	}
	return all
}

// timing is how long single calls took, one after the other.
type timing struct {
	Discount int64   `json:"discount_minor"`
	P50      float64 `json:"p50_us"`
	P99      float64 `json:"p99_us"`
	Mean     float64 `json:"mean_us"`
	allocs   float64 // a call; 0: not counted
}

// timed calls one again and again for a while, at least a hundred times.
func timed(d time.Duration, one func()) timing {
	var took []time.Duration
	for range 50 {
		one()
	}
	for began := time.Now(); time.Since(began) < d || len(took) < 100; {
		start := time.Now()
		one()
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	var sum time.Duration
	for _, t := range took {
		sum += t
	}
	µs := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 }
	return timing{P50: µs(took[len(took)/2]), P99: µs(took[len(took)*99/100]), Mean: µs(sum) / float64(len(took))}
}

// evaluation times the pure evaluation with at most so many coupons of a set.
func (o offers) evaluation(b *testing.B, most int) timing {
	b.Helper()
	cart, all := bought(), o.candidates()
	rules := pricing.Rules{FloorMinor: 1, MaxCoupons: int64(most), Now: testkit.Start}
	price := func() pricing.Result { return pricing.Quote(cart, all, rules) }
	r := price()
	if want := o.discount(most); r.DiscountMinor != want || !r.Optimal {
		b.Fatalf("%v: a discount of %d, optimal %v, instead of %d", o, r.DiscountMinor, r.Optimal, want)
	}
	t := timed(*roundLength, func() { price() })
	t.Discount, t.allocs = r.DiscountMinor, testing.AllocsPerRun(20, func() { price() })
	return t
}

// application times the pure application of all offers: what a shop does that
// doesn't search. The reasons and amounts of each are part of it, as of evaluation.
func (o offers) application(b *testing.B) timing {
	b.Helper()
	cart, all := bought(), o.candidates()
	rules := pricing.Rules{FloorMinor: 1, MaxCoupons: int64(o.n), Now: testkit.Start}
	price := func() pricing.Result {
		r, refusal := pricing.Apply(cart, all, rules)
		if refusal != nil {
			b.Fatal(refusal)
		}
		return r
	}
	if got := price().DiscountMinor; got != o.discount(o.n) {
		b.Fatalf("%v: a discount of %d instead of %d", o, got, o.discount(o.n))
	}
	t := timed(*roundLength, func() { price() })
	t.Discount, t.allocs = o.discount(o.n), testing.AllocsPerRun(20, func() { price() })
	return t
}

// till is a member with coupons in front of the API of a store.
type till struct {
	address string
	request []byte
}

// tills opens one till for each of the offers: a member of its own, who holds
// one coupon of each.
func (st *stage) tills(b *testing.B, all []offers) []*till {
	b.Helper()
	goods := make([]item.Item, cartLines)
	for i, l := range bought().Lines {
		goods[i] = testkit.Item(l.SKU)
		goods[i].Category, goods[i].Brand, goods[i].PriceMinor = l.Category, l.Brand, l.UnitMinor
	}
	st.Must(st.Store.Update(st.Ctx(), store.Admin, func(tx store.Tx) error { return tx.Items().Insert(goods) }))
	address, secret := st.serve(b)
	out := make([]*till, len(all))
	for n, o := range all {
		for k := range o.n {
			doc := testkit.Doc()
			doc.Terms = o.terms(k)
			given, err := st.Issuing.Grant(st.Ctx(), st.By, []issuing.GrantInput{{Templates: []id.ID{st.Publish(doc)}, MemberID: st.ids[n]}})
			st.Must(err)
			st.Must(given[0].Err)
		}
		out[n] = &till{address: address, request: quoteRequest(n, secret, bought())}
	}
	return out
}

// quoteRequest asks for the cart of the n-th member, with what a shop would send.
func quoteRequest(n int, secret string, cart *pricing.Cart) []byte {
	var lines []string
	for _, l := range cart.Lines {
		lines = append(lines, fmt.Sprintf(`{"sku":%q,"quantity":%d,"unit_minor":%d}`, l.SKU, l.Quantity, l.UnitMinor))
	}
	body := fmt.Sprintf(`{"member":{"kind":"phone","value":"138%08d"},"cart":{"channel":"app","city":"shanghai","lines":[%s]}}`, n, strings.Join(lines, ","))
	return fmt.Appendf(nil, "POST /v1/quotes HTTP/1.1\r\nHost: quan.test\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		secret, len(body), body)
}

// quotes times quotes over HTTP on one connection.
func (t *till) quotes(b *testing.B, o offers) timing {
	b.Helper()
	conn, err := net.Dial("tcp", t.address)
	must(b, err)
	defer conn.Close()
	in := bufio.NewReader(conn)
	ask := func() []byte {
		_, err := conn.Write(t.request)
		must(b, err)
		answer, err := http.ReadResponse(in, nil) // the answer is long, so it comes in chunks
		must(b, err)
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		must(b, err)
		if answer.StatusCode != http.StatusOK {
			b.Fatalf("%s: %s", answer.Status, body)
		}
		return body
	}
	var got struct {
		Discount int64             `json:"discount_minor"`
		Optimal  bool              `json:"optimal"`
		Coupons  []json.RawMessage `json:"coupons"`
	}
	must(b, json.Unmarshal(ask(), &got))
	if want := o.discount(int(market.Defaults().MaxCouponsOrder)); got.Discount != want || !got.Optimal || len(got.Coupons) != o.n {
		b.Fatalf("%v: a discount of %d with %d coupons, optimal %v, instead of %d", o, got.Discount, len(got.Coupons), got.Optimal, want)
	}
	out := timed(*roundLength, func() { ask() })
	out.Discount = got.Discount
	return out
}
