package checkout

import (
	"context"

	"quan/internal/app/gather"
	"quan/internal/domain/access"
)

// asking is what distinguishes the use cases outside: what they demand, how a deal
// is made of an input and an outcome of a deal.
type asking[I, O any] struct {
	may    access.Permission
	counts bool // refusals are counted by the coupons' templates
	begin  func(*I) *deal
	tell   func(*deal) (O, error)
}

// each serves a slice of requests of one principal; outcomes are parallel.
func each[I, O any](ctx context.Context, c *Checkout, by access.Principal, a asking[I, O], inputs []I) ([]O, error) {
	if err := by.May(a.may); err != nil {
		return nil, err
	}
	deals := make([]*deal, len(inputs))
	for i := range inputs {
		deals[i] = a.deal(by, &inputs[i])
	}
	if err := c.serve(ctx, deals); err != nil {
		return nil, err
	}
	out := make([]O, len(inputs))
	for i, d := range deals {
		var err error
		if out[i], err = a.tell(d); err != nil {
			return nil, err
		}
	}
	if a.counts {
		c.countRefusals(deals)
	}
	return out, nil
}

func (a *asking[I, O]) deal(by access.Principal, in *I) *deal {
	d := a.begin(in)
	d.by, d.asked = by, d.Coupons
	return d
}

// lane is the one of all that use coupons (hot-path P1): a lock, the redemption of
// what another locked and a release share a round, whoever asks for them.
type lane struct{}

// gathered serves one request together with those that arrive at the same time. A
// round's transaction is the batch; who needs another round joins the next batch.
func gathered[I, O any](ctx context.Context, c *Checkout, by access.Principal, a asking[I, O], in I) (out O, err error) {
	if err := by.May(a.may); err != nil {
		return out, err
	}
	d, err := c.gather.Do(ctx, lane{}, a.deal(by, &in), gather.Way[*deal, *deal]{
		Run:    func(ctx context.Context, deals []*deal, _ func()) ([]*deal, error) { return deals, c.round(ctx, deals) },
		Undone: func(d *deal) bool { return !d.done }, Meter: c.Uses})
	if err != nil {
		return out, err
	}
	if out, err = a.tell(d); err == nil && a.counts {
		c.countRefusals([]*deal{d})
	}
	return out, err
}
