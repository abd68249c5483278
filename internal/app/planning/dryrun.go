package planning

import (
	"context"
	"encoding/json"
	"hash/fnv"
	"math"
	"math/bits"
	"strconv"

	"quan/internal/domain/access"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/order"
	"quan/internal/domain/pricing"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/money"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

// Bounds of a dry run.
const (
	DryDays      = 30     // past days, where the request doesn't say
	DryDaysMost  = 366    //
	DryOrders    = 10_000 // orders that are priced, where the request doesn't say
	DryMost      = 100_000
	dryCallItems = 500   // items of a call
	dryCallRows  = 5_000 // orders that a call reads; those of the sample are priced
	dryPage      = 500
	dryEvery     = 12
)

// DryRunInput asks what a template would have done.
type DryRunInput struct {
	Template id.ID
	Version  int64 // 0: the draft, or the newest version
	Days     int64 // past days; 0: DryDays
	Orders   int64 // of which at most about so many are priced; 0: DryOrders
	Cursor   string
}

// DryRun 试算 is what is known so far. The whole is known when Cursor is "".
type DryRun struct {
	Market  *market.Market
	Version int64
	Items   ItemForecast
	Orders  pricing.Forecast
	Known   int64 // orders of these days, by the statistics
	Read    int64 // of them, read
	Every   int64 // one of so many is priced, by a hash of its id
	Days    int64
	Limits  []LimitForecast
	Cursor  string
}

// ItemForecast is what the template alone makes of the catalogue.
type ItemForecast struct {
	Looked  int64 `json:"looked"`
	InScope int64 `json:"in_scope"`
	Floored int64 `json:"floored"` // of those, with a floor
	Below   int64 `json:"below"`   // of those, a unit can cost less than it
	Zero    int64 `json:"zero"`    // a unit can cost no more than the market's floor
	// WorstBps is the least share of its list price that a unit can cost, of WorstSKU.
	WorstBps int64  `json:"worst_bps"`
	WorstSKU string `json:"worst_sku"`
}

// LimitForecast compares a limit of the template with what the days would need.
type LimitForecast struct {
	Limit  limit.Limit
	Amount int64 // forecast for its period: minor units, or uses
	Over   bool
}

// dryState is what a cursor carries.
type dryState struct {
	Template id.ID            `json:"t"`
	Rev      int64            `json:"r"`
	Version  int64            `json:"v"`
	From     calendar.Date    `json:"f"`
	To       calendar.Date    `json:"u"`
	Days     int64            `json:"d"`
	Every    int64            `json:"e"`
	Known    int64            `json:"k"`
	Read     int64            `json:"n"`
	After    string           `json:"a"` // SKU
	ItemsEnd bool             `json:"i"`
	Before   id.ID            `json:"b"` // order
	End      bool             `json:"x"`
	Items    ItemForecast     `json:"c"`
	Orders   pricing.Forecast `json:"o"`
}

// DryRun prices the catalogue, then past orders of the market in its own currency, newest first, with
// one coupon of the template alone: orders as they were listed, at their place, the
// coupon held and its conditions on members taken to hold. Where the days have more
// orders than are asked for, one of Every is priced: those whose id's FNV-1a hash is
// divisible by it, so the same orders are taken each time.
func (p *Planning) DryRun(ctx context.Context, by access.Principal, in DryRunInput) (*DryRun, error) {
	if err := by.May(access.TemplateWrite); err != nil {
		return nil, err
	}
	var s *subject
	var st dryState
	err := p.Store.View(ctx, func(tx store.Tx) (err error) {
		if s, err = subjectOf(tx, by, in.Template, in.Version); err != nil {
			return err
		}
		if in.Cursor != "" {
			st, err = resume(in.Cursor, s)
			return err
		}
		st, err = p.begin(tx, by, s, &in)
		return err
	})
	if err != nil {
		return nil, wrap("dry run", err)
	}
	if err := p.dryItems(ctx, by, s, &st); err != nil {
		return nil, wrap("dry run", err)
	}
	if st.ItemsEnd && !st.End {
		if err := p.dryOrders(ctx, by, s, &st); err != nil {
			return nil, wrap("dry run", err)
		}
	}
	return st.tell(s)
}

// begin chooses the days and the sample.
func (p *Planning) begin(tx store.Tx, by access.Principal, s *subject, in *DryRunInput) (dryState, error) {
	days, most := in.Days, in.Orders
	if days == 0 {
		days = DryDays
	}
	if most == 0 {
		most = DryOrders
	}
	st := dryState{Template: s.template.ID, Rev: s.template.Rev, Version: s.version, Days: days, To: s.market.Day(p.Clock())}
	st.From = st.To.AddDays(1 - int(days))
	cells, err := tx.Metrics().Read(store.MetricQuery{Market: s.market.Code, From: st.From, To: st.To, AllOrders: true, Scope: by.Scope})
	for _, c := range cells {
		st.Known += c.Orders
	}
	st.Every = max((st.Known+most-1)/most, 1)
	return st, err
}

// resume reads a cursor; one of another template, or of a draft that has changed
// since, is refused.
func resume(cursor string, s *subject) (st dryState, err error) {
	if json.Unmarshal([]byte(cursor), &st) != nil || st.Template != s.template.ID || st.Rev != s.template.Rev ||
		st.Version != s.version || st.Every < 1 || st.Days < 1 || st.Days > DryDaysMost || !text.Clean(st.After) {
		return st, fault.New(fault.InvalidCursor).At("/cursor")
	}
	return st, nil
}

// candidate is one coupon of the subject at its places.
func (s *subject) candidate() pricing.Candidate {
	return pricing.Held(s.template.ID, s.version, pricing.Anytime(&s.doc.Terms), s.market.Currency, schedule.Interval{})
}

// dryItems looks at one piece of the catalogue.
func (p *Planning) dryItems(ctx context.Context, by access.Principal, s *subject, st *dryState) error {
	if st.ItemsEnd {
		return nil
	}
	var rows []store.Item
	err := p.Store.View(ctx, func(tx store.Tx) (err error) {
		rows, err = tx.Items().List(store.Filter{Market: s.market.Code, After: st.After, Limit: dryCallItems,
			Scope: access.Scope{Merchants: by.Scope.Merchants}})
		return err
	})
	if err != nil {
		return err
	}
	c := anyones(s.template.ID, s.version, s.doc, s.market)
	rules := rulesOf(s.market, "")
	for i := range rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		it := &rows[i]
		st.After = it.SKU
		st.Items.Looked++
		if it.PriceMinor == 0 || !speaksOf(&s.doc.Terms, it) {
			continue
		}
		l := pricing.LowestOf(&pricing.Cart{}, lineOf(it), []pricing.Candidate{c}, rules, pricing.Quantities{Every: dryEvery, Most: LowestUnits})
		st.Items.add(it, &l, rules.FloorMinor)
	}
	st.ItemsEnd = len(rows) < dryCallItems
	return nil
}

func (f *ItemForecast) add(it *store.Item, l *pricing.Lowest, floor int64) {
	f.InScope++
	if least := it.FloorMinor(); least > 0 {
		f.Floored++
		if l.Below(least) {
			f.Below++
		}
	}
	if l.PayableMinor <= floor {
		f.Zero++
	}
	if share, _ := money.MulDivFloor(l.UnitMinor(), money.BpsWhole, it.PriceMinor); f.WorstSKU == "" || share < f.WorstBps {
		f.WorstBps, f.WorstSKU = share, it.SKU
	}
}

// dryOrders looks at the next orders, a page a transaction.
func (p *Planning) dryOrders(ctx context.Context, by access.Principal, s *subject, st *dryState) error {
	c, rules := s.candidate(), rulesOf(s.market, "")
	for range dryCallRows / dryPage {
		if err := ctx.Err(); err != nil {
			return err
		}
		var page, sample []order.Order
		costs := map[string]int64{}
		err := p.Store.View(ctx, func(tx store.Tx) (err error) {
			page, err = tx.Orders().List(store.OrderFilter{From: st.From, To: st.To, Before: st.Before, Limit: dryPage, Scope: by.Scope})
			if err != nil {
				return err
			}
			var taken []id.ID
			for i := range page {
				if page[i].Market == s.market.Code && page[i].Currency == "" && sampled(page[i].ID, st.Every) {
					taken = append(taken, page[i].ID)
				}
			}
			if sample, err = tx.Orders().Get(taken); err != nil {
				return err
			}
			return costsOf(tx, sample, s.market.Code, costs)
		})
		if err != nil {
			return err
		}
		for i := range sample {
			st.Orders.Add(sample[i].ID, cartOf(&sample[i]), c, rules, func(sku string) int64 { return costs[sku] })
		}
		for i := range page {
			if page[i].Market == s.market.Code && page[i].Currency == "" {
				st.Read++
			}
			st.Before = page[i].ID
		}
		if len(page) < dryPage {
			st.End = true
			return nil
		}
	}
	return nil
}

// scaled is a × b / c, or the most that there is: a caller may have written its
// cursor itself.
func scaled(a, b, c int64) int64 {
	high, low := bits.Mul64(uint64(a), uint64(b))
	if high >= uint64(c) {
		return math.MaxInt64
	}
	whole, _ := bits.Div64(high, low, uint64(c))
	return int64(min(whole, math.MaxInt64))
}

func sampled(o id.ID, every int64) bool {
	h := fnv.New64a()
	h.Write([]byte(strconv.FormatInt(int64(o), 10)))
	return h.Sum64()%uint64(every) == 0
}

func costsOf(tx store.Tx, orders []order.Order, market string, costs map[string]int64) error {
	var skus []string
	seen := map[string]bool{}
	for i := range orders {
		for _, l := range orders[i].Lines {
			if l.SKU != "" && !seen[l.SKU] {
				seen[l.SKU] = true
				skus = append(skus, l.SKU)
			}
		}
	}
	rows, err := tx.Items().Get(skus)
	for _, it := range rows {
		if it.Market == market {
			costs[it.SKU] = it.CostMinor
		}
	}
	return err
}

// cartOf is the cart of an order as it was listed.
func cartOf(o *order.Order) *pricing.Cart {
	c := &pricing.Cart{Store: o.Store, City: o.City, Channel: o.Channel, Lines: make([]pricing.Line, len(o.Lines))}
	for i, l := range o.Lines {
		c.Lines[i] = pricing.Line{SKU: l.SKU, Category: l.Category, Brand: l.Brand, Merchant: l.Merchant,
			Quantity: l.Quantity, UnitMinor: l.UnitMinor, NoCoupons: l.NoCoupons, Shipping: l.Shipping}
	}
	return c
}

// tell makes the answer.
func (st *dryState) tell(s *subject) (*DryRun, error) {
	out := &DryRun{Market: s.market, Version: s.version, Items: st.Items, Orders: st.Orders, Known: st.Known, Read: st.Read,
		Every: st.Every, Days: st.Days}
	for _, l := range s.doc.Claim.Limits {
		if l.Per == limit.PerTemplate {
			out.Limits = append(out.Limits, st.against(l, out.Days))
		}
	}
	if st.End {
		return out, nil
	}
	raw, err := json.Marshal(st)
	out.Cursor = string(raw)
	return out, wrap("dry run", err)
}

// against is what the sample means for a limit: the share of the sample in the
// orders read, for as many days as its period has; for ever: the days looked at.
func (st *dryState) against(l limit.Limit, days int64) LimitForecast {
	amount := st.Orders.Applied
	if l.What.Amount() {
		amount = st.Orders.DiscountMinor
	}
	span := map[limit.Period]int64{limit.Day: 1, limit.Week: 7, limit.Month: 30}[l.Period]
	if span == 0 {
		span = days
	}
	if st.Orders.Orders > 0 {
		amount = scaled(amount, max(st.Known, st.Orders.Orders), st.Orders.Orders)
	}
	amount = scaled(amount, span, days)
	return LimitForecast{l, amount, amount > l.Cap}
}
