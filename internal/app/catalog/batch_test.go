package catalog_test

import (
	"testing"

	"quan/internal/app"
	"quan/internal/app/apptest"
	"quan/internal/app/catalog"
	"quan/internal/app/issuing"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	batches "quan/internal/domain/stock"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/testkit"
)

// A batch's life: made, claimed from, enlarged, stopped, let go on, archived. Every
// step is seen by the next claim.
func TestBatchLife(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c := &catalog.Catalog{App: w.App}
		w.Members(5)
		template := w.Publish(apptest.Limits(testkit.Doc()))
		claim := func(member int) error {
			return w.Claim(issuing.ClaimInput{Template: template, Member: w.Key(member), Channel: "app"}).Err
		}
		in := catalog.CreateBatchInput{Once: app.Once{Key: "make", Body: "b"}, Batch: batches.Batch{Market: "main", Template: template, Name: "first", Size: 1, BudgetMinor: 900, Open: true}}
		made, _, err := c.CreateBatch(w.Ctx(), w.By, in)
		w.Must(err)
		again, replayed, err := c.CreateBatch(w.Ctx(), w.By, in)
		if err != nil || !replayed || again.ID != made.ID || made.Most != 1 {
			t.Errorf("again: %v %v %+v", err, replayed, again)
		}
		w.Must(claim(0))
		if err := claim(1); !fault.Has(err, fault.SoldOut) {
			t.Errorf("full: %v", err)
		}
		add := catalog.AddStockInput{Once: app.Once{Key: "add", Body: "b"}, Batch: made.ID, Add: 4}
		grown, _, err := c.AddStock(w.Ctx(), w.By, add)
		if err != nil || grown.Size != 5 || grown.Most != 5 || grown.Issued != 1 || grown.ReservedMinor != 500 {
			t.Errorf("%+v, %v", grown, err)
		}
		if kept, replayed, err := c.AddStock(w.Ctx(), w.By, add); err != nil || !replayed || kept.Size != 5 || kept.Rev != grown.Rev {
			t.Errorf("added twice: %+v %v %v", kept, replayed, err)
		}
		if err := claim(1); !fault.Has(err, fault.BudgetExhausted) {
			t.Errorf("400 are left for 500: %v", err)
		}
		row := grown.Batch
		row.BudgetMinor, row.Size = 5_000, 0
		small, err := c.UpdateBatch(w.Ctx(), w.By, catalog.UpdateBatchInput{Batch: made.ID, IfRev: grown.Rev, Row: row})
		if err != nil || small.Size != 0 || small.Most != 5 {
			t.Errorf("a size below what is out: %+v, %v", small, err)
		}
		if err := claim(1); !fault.Has(err, fault.SoldOut) {
			t.Errorf("lowered below what is out: %v", err)
		}
		if _, err := c.UpdateBatch(w.Ctx(), w.By, catalog.UpdateBatchInput{Batch: made.ID, IfRev: grown.Rev, Row: row}); !fault.Has(err, fault.StaleRevision) {
			t.Errorf("an old revision: %v", err)
		}
		row.BudgetMinor = 0
		if _, err := c.UpdateBatch(w.Ctx(), w.By, catalog.UpdateBatchInput{Batch: made.ID, IfRev: small.Rev, Row: row}); !fault.Has(err, fault.WrongState) {
			t.Errorf("the budget ends: %v", err)
		}
		add.Once.Key = "add more"
		_, _, err = c.AddStock(w.Ctx(), w.By, add)
		w.Must(err)
		_, err = c.SwitchBatch(w.Ctx(), w.By, catalog.SwitchBatchInput{Batch: made.ID, Reason: "pause"})
		w.Must(err)
		if err := claim(1); !fault.Has(err, fault.BatchClosed) {
			t.Errorf("stopped: %v", err)
		}
		open, err := c.SwitchBatch(w.Ctx(), w.By, catalog.SwitchBatchInput{Batch: made.ID, Open: true})
		w.Must(err)
		w.Must(claim(1))
		figures, err := c.GetBatch(w.Ctx(), w.By, made.ID)
		if err != nil || figures.Issued != 2 || figures.States[coupon.Usable] != 2 || figures.Uses.Uses != 0 {
			t.Errorf("%+v, %v", figures, err)
		}
		_, err = c.ArchiveBatch(w.Ctx(), w.By, made.ID, open.Rev)
		w.Must(err)
		if err := claim(2); !fault.Has(err, fault.BatchClosed) {
			t.Errorf("the end of the last batch opens the template's stock: %v", err)
		}
		page := w.By
		page.Kind = access.KindBrowser
		if _, err := c.GetBatch(w.Ctx(), page, made.ID); !fault.Has(err, fault.PermissionDeny) {
			t.Errorf("a page reads stock: %v", err)
		}
		w.Clean()
	})
}

func TestBatchesThatDontFit(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c := &catalog.Catalog{App: w.App}
		template := w.Publish(apptest.Limits(testkit.Doc()))
		unbounded := apptest.Limits(testkit.Doc())
		unbounded.Terms.Kind, unbounded.Terms.AmountMinor, unbounded.Terms.DiscountBps = coupon.KindPercentOff, 0, 1500
		percent := w.Publish(unbounded)
		for name, test := range map[string]struct {
			edit func(b *batches.Batch)
			code fault.Code
			at   string
		}{
			"no template":             {func(b *batches.Batch) { b.Template = 0 }, fault.MissingValue, "/template"},
			"an unknown template":     {func(b *batches.Batch) { b.Template = w.IDs.New(0) }, fault.UnknownReference, "/template"},
			"another market":          {func(b *batches.Batch) { b.Market = "tw" }, fault.UnknownReference, "/template"},
			"an unknown placement":    {func(b *batches.Batch) { b.Placements = []id.ID{w.IDs.New(0)} }, fault.UnknownReference, "/placements"},
			"one placement twice":     {func(b *batches.Batch) { b.Placements = []id.ID{7, 7} }, fault.DuplicateValue, "/placements/1"},
			"a negative size":         {func(b *batches.Batch) { b.Size = -1 }, fault.OutOfRange, "/size"},
			"an end before the start": {func(b *batches.Batch) { b.From, b.To = testkit.Start, testkit.Start }, fault.Conflicting, "/to"},
			"a budget of no bound":    {func(b *batches.Batch) { b.Template, b.BudgetMinor = percent, 5 }, fault.UnboundedAmount, "/budget_minor"},
		} {
			b := batches.Batch{Market: "main", Template: template, Name: "first", Size: 1, Open: true}
			test.edit(&b)
			_, _, err := c.CreateBatch(w.Ctx(), w.By, catalog.CreateBatchInput{Batch: b})
			if f := fault.From(err); f == nil || f.Code != test.code || f.Pointer != test.at {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
