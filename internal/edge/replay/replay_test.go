package replay_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"quan/internal/app/apptest"
	"quan/internal/app/catalog"
	"quan/internal/app/membership"
	"quan/internal/app/reporting"
	"quan/internal/edge/replay"
	"quan/internal/testkit"
)

func deps(w *apptest.World) replay.Deps {
	return replay.Deps{Catalog: &catalog.Catalog{App: w.App}, Membership: &membership.Membership{App: w.App}, Issuing: w.Issuing,
		Checkout: w.Checkout, Reporting: &reporting.Reporting{App: w.App}, Vault: w.Vault}
}

// zipped writes a gzip file.
func zipped(t *testing.T, dir, name, text string) {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

const tianchiName = "ccf_offline_stage1_test_revised.csv.gz"

const tianchiText = "\ufeffUser_id,Merchant_id,Coupon_id,Discount_rate,Distance,Date_received\r\n" +
	"1,10,100,30:5,1,20160712\r\n" + // 2
	"1,10,100,30:5,1,20160712\r\n" + // 3: the same again is a claim too
	"2,10,100,30:5,null,20160713\r\n" + // 4
	"2,11,101,0.95,0,20160714\r\n" + // 5
	"3,11,101,0.95\r\n" + // 6: too few fields
	"\r\n" + // 7: empty
	"3,11,101,five,1,20160714\r\n" + // 8: discount
	"3,11,101,0.95,11,20160714\r\n" + // 9: distance
	"3,11,101,0.95,1,20160230\r\n" + // 10: no such day
	"\xff,11,101,0.95,1,20160714\r\n" + // 11: not UTF-8
	"3,\"11,101,0.95,1,20160714\r\n" + // 12: a quote that never ends
	"3,11,101,5:30,1,20160714\r\n" + // 13: more off than the threshold
	"4,12,101,0.95,1,20160714\r\n" + // 14: another merchant for the coupon
	"4,11,101,0.95,1,20160731" // 15: the last line has no end

func TestTianchiSmall(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		dir := t.TempDir()
		zipped(t, dir, tianchiName, tianchiText)
		for run := range 2 {
			got, err := deps(w).Tianchi(w.Ctx(), dir, nil)
			if err != nil {
				t.Fatal(err)
			}
			want := reporting.Totals{Members: 3, Merchants: 2, Templates: 2, Issued: 5}
			if got.Totals != want || got.Refused != 0 {
				t.Errorf("run %d: %+v, want %+v; refused %v", run, got.Totals, want, got.Refusals)
			}
			lines := []int{6, 7, 8, 9, 10, 11, 12, 13, 14}
			if len(got.Malformed) != len(lines) {
				t.Fatalf("malformed: %v", got.Malformed)
			}
			for i, m := range got.Malformed {
				if m.Line != lines[i] || m.File != tianchiName || m.Reason == "" {
					t.Errorf("malformed %d: %v, want line %d", i, m, lines[i])
				}
			}
		}
		w.Clean()
	})
}

func TestWrongFiles(t *testing.T) {
	w := apptest.Postgres(t)
	for name, text := range map[string]string{"another header": "a,b,c\n1,2,3\n", "empty": ""} {
		dir := t.TempDir()
		zipped(t, dir, tianchiName, text)
		if _, err := deps(w).Tianchi(w.Ctx(), dir, nil); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	dir := t.TempDir()
	if _, err := deps(w).Tianchi(w.Ctx(), dir, nil); err == nil {
		t.Error("missing file: no error")
	}
	zipped(t, dir, tianchiName, tianchiText)
	whole, err := os.ReadFile(filepath.Join(dir, tianchiName))
	w.Must(err)
	w.Must(os.WriteFile(filepath.Join(dir, tianchiName), whole[:len(whole)-12], 0o600))
	if _, err := deps(w).Tianchi(w.Ctx(), dir, nil); err == nil {
		t.Error("a file cut off: no error")
	}
	totals, err := deps(w).Reporting.Totals(w.Ctx(), w.By)
	w.Must(err)
	if totals != (reporting.Totals{}) {
		t.Errorf("a refused file changed the store: %+v", totals)
	}
}

func TestStoppedAndResumed(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		dir := testkit.Shared(t, "data", "dunnhumby")
		ctx, stop := context.WithCancel(w.Ctx())
		_, err := deps(w).Dunnhumby(ctx, dir, func(step string, done, _ int) {
			if step == "sends" && done > 3000 {
				stop()
			}
		})
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("a stopped replay: %v", err)
		}
		for range 2 {
			got, err := deps(w).Dunnhumby(w.Ctx(), dir, nil)
			if err != nil {
				t.Fatal(err)
			}
			want := reporting.Totals{Members: 1584, Merchants: 1, Templates: 30, Issued: 7208, Redeemed: 2318}
			if got.Totals != want || got.Refused != 0 || len(got.Malformed) != 0 {
				t.Errorf("%+v, want %+v; refused %v; malformed %v", got.Totals, want, got.Refusals, got.Malformed)
			}
		}
		w.Clean()
	})
}

func TestTianchi(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		dir := testkit.Shared(t, "data", "tianchi-o2o")
		got, err := deps(w).Tianchi(w.Ctx(), dir, nil)
		if err != nil {
			t.Fatal(err)
		}
		want := reporting.Totals{Members: 76_309, Merchants: 1_559, Templates: 2_050, Issued: 113_640}
		if got.Totals != want || got.Refused != 0 || len(got.Malformed) != 0 {
			t.Errorf("%+v, want %+v; refused %v; malformed %v", got.Totals, want, got.Refusals, got.Malformed)
		}
		w.Clean()
	})
}
