package issue_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quan/internal/domain/issue"
	"quan/internal/kernel/id"
)

func TestFacts(t *testing.T) {
	for _, f := range []issue.Facts{
		{},
		{Version: 3, Policy: 9, Placement: 1 << 40, Channel: "小程序", City: `a"b\c` + "\n", Segment: "s", Seen: []int64{0, 12, 7}},
	} {
		got, err := issue.DecodeFacts(f.Encode())
		if err != nil {
			t.Fatalf("%s: %v", f.Encode(), err)
		}
		if f.Seen == nil {
			f.Seen = []int64{}
		}
		if diff := cmp.Diff(f, got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestFactsStaySmall(t *testing.T) {
	long := strings.Repeat("上海市\x01\"", 100)
	f := issue.Facts{Version: math.MaxInt64, Policy: math.MaxInt64, Placement: id.ID(math.MaxInt64),
		Channel: long, City: long, Segment: long, Seen: make([]int64, 500)}
	for i := range f.Seen {
		f.Seen[i] = math.MaxInt64
	}
	text := f.Encode()
	if len(text) > issue.FactsMax {
		t.Errorf("%d bytes", len(text))
	}
	if _, err := issue.DecodeFacts(text); err != nil {
		t.Errorf("%s: %v", text, err)
	}
}

func BenchmarkEncode(b *testing.B) {
	f := issue.Facts{Version: 3, Policy: 9, Placement: 1 << 40, Channel: "app", City: "shanghai", Seen: []int64{10, 12, 7}}
	b.ReportAllocs()
	for b.Loop() {
		_ = f.Encode()
	}
}
