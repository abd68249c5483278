package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/schollz/progressbar/v3"

	"quan/internal/app/catalog"
	"quan/internal/domain/access"
	tables "quan/internal/edge/sheet"
	"quan/internal/kernel/id"
	"quan/internal/server"
)

type codesCmd struct {
	Export exportCodesCmd `cmd:"" help:"Write the codes of a batch into a CSV or Excel file, with progress."`
}

type exportCodesCmd struct {
	where
	Batch  string `arg:"" help:"Id of the batch, cbt_…"`
	File   string `arg:"" help:"File to write: .csv or .xlsx."`
	From   int64  `help:"Number of the first code." default:"1"`
	Limit  int64  `help:"Codes at most; 0: all." default:"0"`
	Resume bool   `help:"Go on behind the last whole row of a CSV file that was broken off."`
}

// Run writes the file. Numbers that were written before are not written again.
func (c *exportCodesCmd) Run(ctx context.Context, log *slog.Logger) (err error) {
	batch, err := id.Parse(id.CodeBatch, c.Batch)
	if err != nil {
		return fmt.Errorf("%q is no id of a batch of codes (cbt_…)", c.Batch)
	}
	kind := filepath.Ext(c.File)
	if kind != ".csv" && (kind != ".xlsx" || c.Resume) {
		return errors.New("the file's name ends in .csv or .xlsx; only CSV can be resumed")
	}
	q, err := server.Open(ctx, c.config(), server.WallClock, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, q.Close()) }()
	flags := os.O_RDWR | os.O_CREATE | os.O_EXCL // a file that is there is not overwritten
	if c.Resume {
		flags = os.O_RDWR | os.O_CREATE
	}
	file, err := os.OpenFile(c.File, flags, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	last := int64(0)
	if c.Resume {
		if last, err = lastRow(file); err != nil {
			return err
		}
	}
	run, err := q.Catalog.ListCodes(ctx, access.System("cli"), batch, max(c.From, last+1), c.Limit)
	if err != nil {
		return err
	}
	table, err := tableIn(file, kind, last > 0)
	if err != nil {
		return err
	}
	return writeRun(ctx, table, run)
}

func tableIn(file *os.File, kind string, behind bool) (tables.Writer, error) {
	if behind {
		return tables.Continue(file), nil
	}
	table := tables.NewCSV(file)
	if kind == ".xlsx" {
		var err error
		if table, err = tables.NewExcel(file, "codes", tables.MostRows); err != nil {
			return nil, err
		}
	}
	return table, table.Row("number", "code")
}

// writeRun writes codes until all are there or the program is to stop.
func writeRun(ctx context.Context, table tables.Writer, run *catalog.CodeRun) error {
	bar := progressbar.NewOptions64(run.To-run.From+1, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription("codes"),
		progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionThrottle(100_000_000), progressbar.OptionOnCompletion(func() { fmt.Fprintln(os.Stderr) }))
	const step = 10_000
	stopped := run.Each(func(k catalog.ListedCode) error {
		if k.Number%step == 0 {
			_ = bar.Set64(k.Number - run.From)
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		return table.Row(strconv.FormatInt(k.Number, 10), k.Code)
	})
	if stopped == nil {
		_ = bar.Finish()
	}
	return errors.Join(stopped, table.Close())
}

// lastRow returns the number of the last whole row of a CSV file, and cuts off
// what stands behind it; zero where the file has none and begins anew.
func lastRow(file *os.File) (int64, error) {
	const tail = 4096 // holds more than two rows
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, err
	}
	from := max(size-tail, 0)
	text := make([]byte, size-from)
	if _, err := file.ReadAt(text, from); err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	end := strings.LastIndex(string(text), "\n") + 1
	rows := strings.Split(strings.TrimSpace(string(text[:end])), "\n")
	number, _, _ := strings.Cut(rows[len(rows)-1], ",")
	last, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		end, last, from = 0, 0, 0 // the heading at most
		if size > tail {
			return 0, errors.New("the file to resume is no export of codes")
		}
	}
	if err := file.Truncate(from + int64(end)); err != nil {
		return 0, err
	}
	_, err = file.Seek(0, io.SeekEnd)
	return last, err
}
