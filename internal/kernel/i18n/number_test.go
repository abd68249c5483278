package i18n

import (
	"math"
	"testing"
)

func TestMoney(t *testing.T) {
	for _, c := range []struct {
		minor        int64
		currency     string
		en, cn, tw   string
		face, faceCN string
	}{
		{3000, "CNY", "¥30", "30元", "30元", "30", "30"},
		{990, "CNY", "¥9.90", "9.9元", "9.9元", "9.90", "9.9"},
		{1, "CNY", "¥0.01", "0.01元", "0.01元", "0.01", "0.01"},
		{0, "CNY", "¥0", "0元", "0元", "0", "0"},
		{-50, "CNY", "-¥0.50", "-0.5元", "-0.5元", "-0.50", "-0.5"},
		{-500, "CNY", "-¥5", "-5元", "-5元", "-5", "-5"},
		{123456789, "TWD", "NT$1,234,567.89", "1234567.89元", "1,234,567.89元", "1,234,567.89", "1234567.89"},
		{3000, "JPY", "¥3,000", "3000日元", "3,000日圓", "3,000", "3000"},
		{1500, "KWD", "KWD 1.500", "1.5 KWD", "1.5 KWD", "1.500", "1.5"},
		{250, "", "2.50", "2.5", "2.5", "2.50", "2.5"},
	} {
		for lang, want := range map[Lang]string{EN: c.en, ZhCN: c.cn, ZhTW: c.tw} {
			if got := lang.Money(c.minor, c.currency); c.currency != "" && got != want {
				t.Errorf("%s: %d %s is %q, want %q", lang, c.minor, c.currency, got, want)
			}
		}
		if got := EN.Amount(c.minor, c.currency); got != c.face {
			t.Errorf("en: %d %s is %q on a face, want %q", c.minor, c.currency, got, c.face)
		}
		if got := ZhCN.Amount(c.minor, c.currency); got != c.faceCN {
			t.Errorf("zh-CN: %d %s is %q on a face, want %q", c.minor, c.currency, got, c.faceCN)
		}
	}
}

func TestNumber(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0", 999: "999", 1000: "1,000", -1000: "-1,000", -999: "-999", 1234567: "1,234,567",
		math.MinInt64: "-9,223,372,036,854,775,808", math.MaxInt64: "9,223,372,036,854,775,807",
	} {
		if got := EN.Number(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
	if got := ZhCN.Number(12345); got != "12345" {
		t.Errorf("zh-CN parts thousands: %s", got)
	}
}

func TestPercentAndTenths(t *testing.T) {
	for _, c := range []struct {
		bps             int64
		percent, tenths string
	}{
		{1500, "15%", "8.5"}, {1000, "10%", "9"}, {1250, "12.5%", "8.75"}, {1, "0.01%", "9.999"},
		{9999, "99.99%", "0.001"}, {10000, "100%", "0"}, {9500, "95%", "0.5"},
	} {
		if got := EN.Percent(c.bps); got != c.percent {
			t.Errorf("%d bps are %s, want %s", c.bps, got, c.percent)
		}
		if got := ZhCN.Tenths(c.bps); got != c.tenths {
			t.Errorf("%d bps off leave %s, want %s", c.bps, got, c.tenths)
		}
	}
}

func TestList(t *testing.T) {
	four := []string{"a", "b", "c", "d"}
	for _, c := range []struct {
		lang  Lang
		items []string
		want  string
	}{
		{EN, nil, ""}, {EN, four[:1], "a"}, {EN, four[:2], "a and b"}, {EN, four[:3], "a, b and c"},
		{EN, four, "a, b, c and 1 more"}, {ZhCN, four[:3], "a、b、c"}, {ZhCN, four, "a、b、c等4项"}, {ZhTW, four, "a、b、c等4項"},
	} {
		if got := c.lang.List(c.items, 3); got != c.want {
			t.Errorf("%s: %v is %q, want %q", c.lang, c.items, got, c.want)
		}
	}
	if got := EN.AnyOf(four[:3], 3); got != "a, b or c" {
		t.Errorf("any of three is %q", got)
	}
}
