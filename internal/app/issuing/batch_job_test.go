package issuing_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"quan/internal/app"
	"quan/internal/app/apptest"
	"quan/internal/app/checkout"
	"quan/internal/app/issuing"
	"quan/internal/domain/access"
	"quan/internal/domain/change"
	"quan/internal/domain/coupon"
	"quan/internal/domain/job"
	"quan/internal/domain/order"
	"quan/internal/domain/pricing"
	"quan/internal/domain/schedule"
	"quan/internal/domain/stock"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

func claimFrom(w *apptest.World, member int, template, batch id.ID) issuing.Outcome {
	w.Helper()
	return w.Claim(issuing.ClaimInput{Template: template, Member: w.Key(member), Batch: batch, Channel: "app"})
}

// Coupons come from the first open batch with room, with its dates; a batch's change
// is seen at once, also by a process that did not make it.
func TestClaimsDrawFromBatches(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(6)
		template := w.Publish(apptest.Limits(testkit.Doc()))
		w.Must(claimFrom(w, 0, template, 0).Err) // the template's own stock
		tomorrow := schedule.Validity{Kind: schedule.ValiditySameDay, DelayDays: 1}
		one := w.Batch(template, func(b *stock.Batch) { b.Size, b.Validity = 1, &tomorrow })
		two := w.Batch(template, func(b *stock.Batch) { b.Size = 2 })
		first := claimFrom(w, 1, template, 0)
		w.Must(first.Err)
		if c := first.Receipt.Coupons[0]; c.Batch != one || c.ValidFrom != w.Market.Day(w.Clock()).AddDays(1).Start(w.Market.Location()) {
			t.Errorf("the first batch: %+v", c)
		}
		if got := claimFrom(w, 2, template, one); !fault.Has(got.Err, fault.SoldOut) {
			t.Errorf("a full batch that is named: %v", got.Err)
		}
		if got := claimFrom(w, 2, template, w.IDs.New(0)); !fault.Has(got.Err, fault.UnknownReference) {
			t.Errorf("a batch that nobody knows: %v", got.Err)
		}
		second := claimFrom(w, 2, template, 0)
		w.Must(second.Err)
		if second.Receipt.Coupons[0].Batch != two {
			t.Errorf("the second batch: %+v", second.Receipt.Coupons[0])
		}
		w.Must(claimFrom(w, 3, template, 0).Err)
		if got := claimFrom(w, 4, template, 0); !fault.Has(got.Err, fault.SoldOut) {
			t.Errorf("all are full: %v", got.Err)
		}
		w.Batch(template, func(b *stock.Batch) { b.Reserved = true })
		if got := claimFrom(w, 4, template, 0); !fault.Has(got.Err, fault.SoldOut) {
			t.Errorf("one that is reserved: %v", got.Err)
		}
		page := w.By
		page.Kind, page.Member = access.KindBrowser, first.Receipt.Member
		out, err := w.Issuing.Claim(w.Ctx(), page, []issuing.ClaimInput{{Template: template, MemberID: page.Member, Batch: two}})
		w.Must(err)
		if !fault.Has(out[0].Err, fault.PermissionDeny) {
			t.Errorf("a page names a batch: %v", out[0].Err)
		}
		w.Clean()
	})
}

// Many at once never take more of a batch than it has, and together all of it.
func TestBatchesUnderLoad(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		const members, sizes = 60, 13
		who := w.Members(members)
		template := w.Publish(apptest.Limits(testkit.Doc()))
		batches := []id.ID{}
		for range 3 {
			batches = append(batches, w.Batch(template, func(b *stock.Batch) { b.Size = sizes }))
		}
		var all sync.WaitGroup
		codes := make([]error, members)
		for i := range members {
			all.Go(func() {
				o, err := w.Issuing.ClaimGathered(w.Ctx(), w.By, issuing.ClaimInput{Template: template, MemberID: who[i], Channel: "app"})
				if codes[i] = err; err == nil {
					codes[i] = o.Err
				}
			})
		}
		all.Wait()
		issued := 0
		for _, err := range codes {
			if err == nil {
				issued++
			} else if !fault.Has(err, fault.SoldOut) {
				t.Error(err)
			}
		}
		if issued != 3*sizes {
			t.Errorf("issued %d of %d", issued, 3*sizes)
		}
		w.Must(w.Store.View(w.Ctx(), func(tx store.Tx) error {
			for _, b := range batches {
				rows, err := tx.Coupons().OfBatch(b, 0, 100)
				if err != nil || len(rows) != sizes {
					t.Errorf("batch of %d: %v", len(rows), err)
				}
			}
			return nil
		}))
		w.Clean()
	})
}

// holders claims n coupons of a batch.
func holders(w *apptest.World, template id.ID, n int) []coupon.Coupon {
	w.Helper()
	var in []issuing.ClaimInput
	for _, m := range w.Members(n) {
		in = append(in, issuing.ClaimInput{Template: template, MemberID: m, Channel: "app"})
	}
	var all []coupon.Coupon
	for from := 0; from < n; from += 256 {
		out, err := w.Issuing.Claim(w.Ctx(), w.By, in[from:min(n, from+256)])
		w.Must(err)
		for _, o := range out {
			w.Must(o.Err)
			all = append(all, o.Receipt.Coupons...)
		}
	}
	return all
}

func couponsNow(w *apptest.World, rows []coupon.Coupon) map[id.ID]coupon.Coupon {
	w.Helper()
	now := map[id.ID]coupon.Coupon{}
	w.Must(w.Store.View(w.Ctx(), func(tx store.Tx) error {
		ids := make([]id.ID, len(rows))
		for i := range rows {
			ids[i] = rows[i].ID
		}
		got, err := tx.Coupons().Get(ids)
		for _, c := range got {
			now[c.ID] = c
		}
		return err
	}))
	return now
}

// An extension goes over a batch in pieces, resumes where it was stopped, repeats
// nothing, and leaves what is over as it is. Expiry is right afterwards.
func TestExtendCoupons(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		const most = 300 // more than a piece
		template := w.Publish(apptest.Limits(testkit.Doc()))
		batch := w.Batch(template, func(b *stock.Batch) { b.Size = most })
		rows := holders(w, template, most)
		gone, later := rows[0], rows[1].ValidTo.Add(48*time.Hour)
		_, _, err := w.Issuing.Withdraw(w.Ctx(), w.By, issuing.WithdrawInput{Coupon: gone.ID, Reason: "test"})
		w.Must(err)
		in := issuing.BatchJobInput{Once: app.Once{Key: "extend", Body: "b"}, Batch: batch, To: later, Reason: "storm"}
		row, _, err := w.Issuing.ExtendCoupons(w.Ctx(), w.By, in)
		w.Must(err)
		again, replayed, err := w.Issuing.ExtendCoupons(w.Ctx(), w.By, in)
		if err != nil || !replayed || again.ID != row.ID {
			t.Errorf("again: %v %v", replayed, err)
		}
		pieces := 0
		done := w.Run(row, func(ctx context.Context, run job.Job) (job.Job, error) {
			if pieces++; pieces == 2 { // a twin of the run, as after a rescue: it writes nothing
				stale := run
				stale.Rev--
				if _, err := w.Issuing.BatchPiece(ctx, stale); err == nil {
					t.Error("a run that was lost writes")
				}
			}
			return w.Issuing.BatchPiece(ctx, run)
		})
		if done.State != job.Completed || done.Done != most || done.Refused != 1 || done.Total != most || pieces != 2 {
			t.Errorf("in %d pieces: %+v", pieces, done)
		}
		for _, c := range couponsNow(w, rows) {
			if want := map[bool]coupon.State{true: coupon.Withdrawn, false: coupon.Usable}[c.ID == gone.ID]; c.State != want || c.ID != gone.ID && (c.ValidTo != later || c.Rev != 2) {
				t.Fatalf("%+v", c)
			}
		}
		history, err := w.Issuing.History(w.Ctx(), w.By, rows[1].ID)
		w.Must(err)
		if len(history) != 2 || history[1].Type != change.CouponExtended || history[1].Facts != fmt.Sprintf(`{"from":%d,"to":%d,"job":%q}`, rows[1].ValidTo, later, id.Format(id.Job, row.ID)) {
			t.Errorf("history: %+v", history)
		}
		in.Once.Key = "once more"
		row, _, err = w.Issuing.ExtendCoupons(w.Ctx(), w.By, in)
		w.Must(err)
		w.Run(row, w.Issuing.BatchPiece)
		if c := couponsNow(w, rows)[rows[1].ID]; c.Rev != 2 {
			t.Errorf("extended twice to one moment: %+v", c)
		}
		w.Time.Advance(time.Duration(later-1-w.Clock()) * time.Millisecond)
		if n, err := w.Checkout.ExpireCoupons(w.Ctx(), 1_000); err != nil || n != 0 {
			t.Errorf("a moment before the new end %d expire: %v", n, err)
		}
		w.Time.Advance(time.Millisecond)
		if n, err := w.Checkout.ExpireCoupons(w.Ctx(), 1_000); err != nil || n != most-1 {
			t.Errorf("at the new end %d expire: %v", n, err)
		}
		in.Once.Key, in.To = "too late", w.Clock()
		if _, _, err := w.Issuing.ExtendCoupons(w.Ctx(), w.By, in); !fault.Has(err, fault.OutOfRange) {
			t.Errorf("an end that is no future: %v", err)
		}
		w.Clean()
	})
}

// A withdrawal takes back what no use was made of and no lock holds.
func TestWithdrawUnused(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		template := w.Publish(apptest.Limits(testkit.Doc()))
		batch := w.Batch(template)
		rows := holders(w, template, 3)
		in := issuing.BatchJobInput{Batch: batch, Reason: "wrong threshold"}
		if _, _, err := w.Issuing.WithdrawUnused(w.Ctx(), w.By, in); !fault.Has(err, fault.WrongState) {
			t.Errorf("of a batch that is open: %v", err)
		}
		locked := rows[0]
		w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error {
			got, err := tx.Batches().Get([]string{id.Format(id.Batch, batch)})
			if err != nil {
				return err
			}
			got[0].Open, got[0].Rev = false, 2
			return tx.Batches().Update(got)
		}))
		lockFor(w, locked)
		row, _, err := w.Issuing.WithdrawUnused(w.Ctx(), w.By, in)
		w.Must(err)
		if done := w.Run(row, w.Issuing.BatchPiece); done.Done != 3 || done.Refused != 1 {
			t.Errorf("%+v", done)
		}
		for _, c := range couponsNow(w, rows) {
			if want := map[bool]coupon.State{true: coupon.Locked, false: coupon.Withdrawn}[c.ID == locked.ID]; c.State != want {
				t.Errorf("%s is %s", id.Format(id.Coupon, c.ID), c.State)
			}
		}
		w.Clean()
	})
}

// lockFor holds a coupon for an order.
func lockFor(w *apptest.World, c coupon.Coupon) {
	w.Helper()
	out, err := w.Checkout.Lock(w.Ctx(), w.By, []checkout.LockInput{{Basis: checkout.Basis{Who: checkout.Who{ID: c.Member}, Order: order.Key{Source: "shop", Ref: "1"},
		Coupons: []id.ID{c.ID}, Cart: &pricing.Cart{Channel: "app", Lines: []pricing.Line{{SKU: "a", Quantity: 1, UnitMinor: 5_000}}}}}})
	w.Must(err)
	w.Must(out[0].Err)
}
