package catalog

import (
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/code"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

const (
	// MostImported is how many rows one import may have.
	MostImported = 100_000
	// mostProblems is how many rows a report names.
	mostProblems = 10_000
	// importPiece is how many codes one transaction stores (hot-path S6).
	importPiece = 256
	// importStride is how many it stores where nobody else writes.
	importStride = 2048
)

// ImportCodesInput are the codes of a pool as the text of a CSV file: the first
// column, separated by commas, or by semicolons where the first line has only
// these; a first row "code" is a heading.
type ImportCodesInput struct {
	Once  app.Once
	Batch id.ID
	CSV   string
	Dry   bool // it is told what would be done, and nothing is written
}

// CodeProblem is a row that was not imported, and why.
type CodeProblem struct {
	Row  int64      `json:"row"` // line of the file
	Code fault.Code `json:"code"`
}

// ImportReport says what became of each row.
type ImportReport struct {
	Rows     int64         `json:"rows"`
	Added    int64         `json:"added"`
	Known    int64         `json:"known"` // in this batch before
	Refused  int64         `json:"refused"`
	Problems []CodeProblem `json:"problems"` // the first ten thousand
}

func (r *ImportReport) refuse(row int64, why fault.Code) {
	r.Refused++
	r.Problems = append(r.Problems, CodeProblem{row, why})
}

// end puts the problems into the order of the file and keeps the first.
func (r *ImportReport) end() {
	slices.SortFunc(r.Problems, func(a, b CodeProblem) int { return cmp.Compare(a.Row, b.Row) })
	r.Problems = r.Problems[:min(len(r.Problems), mostProblems)]
}

// pooled is a row that can be imported.
type pooled struct {
	row  int64
	hash string
}

// ImportCodes adds codes that were made elsewhere to a batch, of which only keyed
// hashes are kept. It goes in pieces, each durable: after an interruption the same
// file is sent again, and what is there already is known. Faults of the whole:
// not_found, wrong_state (the batch is of another kind, or revoked), and of the file
// at /csv. A row's own are invalid_value, too_long, duplicate_value, and name_taken
// where another batch has the code.
func (c *Catalog) ImportCodes(ctx context.Context, by access.Principal, in ImportCodesInput) (report ImportReport, replayed bool, err error) {
	if err := by.May(access.CodeWrite); err != nil {
		return report, false, err
	}
	rows, err := c.readPool(in.CSV, &report)
	if err != nil {
		return report, false, err
	}
	// In the order of their index each piece fills a page after the other of it.
	slices.SortFunc(rows, func(a, b pooled) int { return strings.Compare(a.hash, b.hash) })
	if in.Dry {
		err := c.tryImport(ctx, by, in.Batch, rows, &report)
		report.end()
		return report, false, codeBatches.wrap(err)
	}
	err = c.Store.Update(ctx, store.Admin, func(tx store.Tx) error {
		var old ImportReport
		if replayed, err = recalled(tx, by, in.Once, &old); err != nil {
			return err
		}
		if replayed {
			report = old
			return nil
		}
		return poolOpen(tx, by, in.Batch)
	})
	if err != nil || replayed {
		return report, replayed, codeBatches.wrap(err)
	}
	size, urgent := importPiece, c.Store.Urgent(store.Background)
	for len(rows) > 0 {
		n := min(size, len(rows))
		if err := c.importPiece(ctx, by, in.Batch, rows[:n], &report); err != nil {
			return report, false, codeBatches.wrap(err)
		}
		rows = rows[n:]
		size = min(2*size, importStride)
		if now := c.Store.Urgent(store.Background); now != urgent {
			size, urgent = importPiece, now // somebody waited for that one
		}
	}
	report.end()
	err = c.Store.Update(ctx, store.Admin, func(tx store.Tx) error {
		replayed, err = recalled(tx, by, in.Once, &report) // a twin may have been faster
		if err != nil || replayed {
			return err
		}
		if err := c.Audit(tx, by, "code_batch.import", codeBatchKey(in.Batch), "",
			fmt.Sprintf(`{"rows":%d,"added":%d,"known":%d,"refused":%d}`, report.Rows, report.Added, report.Known, report.Refused), ""); err != nil {
			return err
		}
		return app.Remember(tx, by, in.Once, app.JSON(report))
	})
	return report, replayed, codeBatches.wrap(err)
}

// recalled reads the answer of a request that was done before.
func recalled(tx store.Tx, by access.Principal, once app.Once, report *ImportReport) (bool, error) {
	kept, hit, err := app.Remembered(tx, by, once)
	if err != nil || !hit {
		return false, err
	}
	if err := json.Unmarshal([]byte(kept), report); err != nil {
		return false, fmt.Errorf("read kept report: %w", err)
	}
	return true, nil
}

func poolOpen(tx store.Tx, by access.Principal, batch id.ID) error {
	b, err := seenBatch(tx, by, codeBatchKey(batch))
	switch {
	case err != nil:
		return err
	case b.Kind != code.Imported:
		return fault.New(fault.WrongState, "state", string(b.Kind))
	case b.Revoked:
		return fault.New(fault.WrongState, "state", "revoked")
	}
	return nil
}

func (c *Catalog) importPiece(ctx context.Context, by access.Principal, batch id.ID, rows []pooled, report *ImportReport) error {
	var known []store.PooledCode
	err := c.Store.Update(ctx, store.Background, func(tx store.Tx) (err error) {
		if err := poolOpen(tx, by, batch); err != nil {
			return err
		}
		known, err = tx.Codes().Import(batch, hashesOf(rows))
		return err
	})
	if err != nil {
		return err
	}
	report.tell(batch, rows, known)
	return nil
}

// tryImport says what importing would do.
func (c *Catalog) tryImport(ctx context.Context, by access.Principal, batch id.ID, rows []pooled, report *ImportReport) error {
	for from := 0; from == 0 || from < len(rows); from += importPiece {
		piece := rows[from:min(len(rows), from+importPiece)]
		var known []store.PooledCode
		err := c.Store.View(ctx, func(tx store.Tx) (err error) {
			if err := poolOpen(tx, by, batch); err != nil {
				return err
			}
			known, err = tx.Codes().Pooled(hashesOf(piece))
			return err
		})
		if err != nil {
			return err
		}
		report.tell(batch, piece, known)
	}
	return nil
}

func hashesOf(rows []pooled) []string {
	hashes := make([]string, len(rows))
	for i, r := range rows {
		hashes[i] = r.hash
	}
	return hashes
}

// tell adds the fates of a piece, of whose codes these were known before.
func (r *ImportReport) tell(batch id.ID, rows []pooled, known []store.PooledCode) {
	owner := map[string]id.ID{}
	for _, k := range known {
		owner[k.Hash] = k.Batch
	}
	for _, row := range rows {
		switch owner[row.hash] {
		case 0:
			r.Added++
		case batch:
			r.Known++
		default:
			r.refuse(row.row, fault.NameTaken)
		}
	}
}

// readPool reads the file, blinds its codes and reports rows that are none.
func (c *Catalog) readPool(file string, report *ImportReport) ([]pooled, error) {
	file = strings.TrimPrefix(file, "\ufeff")
	r := csv.NewReader(strings.NewReader(file))
	r.FieldsPerRecord, r.ReuseRecord = -1, true
	if first, _, _ := strings.Cut(file, "\n"); strings.Contains(first, ";") && !strings.Contains(first, ",") {
		r.Comma = ';'
	}
	var rows []pooled
	seen := map[string]bool{}
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fault.New(fault.InvalidValue).At("/csv")
		}
		line, _ := r.FieldPos(0)
		if report.Rows == 0 && len(seen) == 0 && strings.EqualFold(strings.TrimSpace(record[0]), "code") && line == 1 {
			continue
		}
		if report.Rows++; report.Rows > MostImported {
			return nil, fault.New(fault.OutOfRange, "min", 1, "max", MostImported).At("/csv")
		}
		normal, refusal := code.CheckImported(record[0])
		if refusal != nil {
			report.refuse(int64(line), refusal.Code)
			continue
		}
		hash := app.CodeHash(c.Vault, normal)
		if seen[hash] {
			report.refuse(int64(line), fault.DuplicateValue)
			continue
		}
		seen[hash] = true
		rows = append(rows, pooled{int64(line), hash})
	}
	if report.Rows == 0 {
		return nil, fault.New(fault.MissingValue).At("/csv")
	}
	return rows, nil
}
