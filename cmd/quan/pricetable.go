package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"quan/internal/domain/pricing"
	"quan/internal/kernel/i18n"
)

// priceWords are the words around the figures of quan price.
type priceWords struct {
	list, discount, toPay, proved, bound string
	lines, uses, coupons                 []string // headings
	ofLine, benefit                      string
	verdicts                             map[pricing.Verdict]string
}

var priceWordsOf = map[i18n.Lang]priceWords{
	i18n.EN: {"list", "discount", "to pay", "no legal set of coupons pays less", "not proved: a set might pay as little as ",
		[]string{"LINE", "SKU", "LIST", "DISCOUNT"}, []string{"USED", "TEMPLATE", "TAKES OFF", "UNITS", "GIVES"}, []string{"COUPON", "VERDICT", "ALONE", "WHY NOT"},
		"%d × line %d", "%d %s",
		map[pricing.Verdict]string{pricing.Applied: "applied", pricing.Skipped: "skipped", pricing.Inapplicable: "inapplicable"}},
	i18n.ZhCN: {"原价", "优惠", "应付", "没有更省的可用组合", "未证明最优：最低可能为 ",
		[]string{"行", "商品", "原价", "优惠"}, []string{"已用", "券模板", "优惠", "作用商品", "赠送或权益"}, []string{"券", "判定", "单独使用", "原因"},
		"%d 件（第 %d 行）", "%d %s",
		map[pricing.Verdict]string{pricing.Applied: "已用", pricing.Skipped: "可用未选", pricing.Inapplicable: "不可用"}},
	i18n.ZhTW: {"原價", "折抵", "應付", "沒有更省的可用組合", "未證明最省：最低可能為 ",
		[]string{"行", "商品", "原價", "折抵"}, []string{"已使用", "券範本", "折抵", "適用商品", "贈送或權益"}, []string{"券", "判定", "單獨使用", "原因"},
		"%d 件（第 %d 行）", "%d %s",
		map[pricing.Verdict]string{pricing.Applied: "已使用", pricing.Skipped: "可用未選", pricing.Inapplicable: "不可用"}},
}

func (a *priceAnswer) print(w io.Writer, asJSON bool, lang i18n.Lang) error {
	if asJSON {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(a)
	}
	money := func(minor int64) string { return lang.Money(minor, a.Currency) }
	words := priceWordsOf[lang]
	proof := words.proved
	if !a.Optimal {
		proof = words.bound + money(a.BoundMinor)
	}
	sums := table{{words.list, money(a.ListMinor)}, {words.discount, money(a.DiscountMinor)}, {words.toPay, money(a.PayableMinor), proof}}
	lines, uses, coupons := table{words.lines}, table{words.uses}, table{words.coupons}
	for i, l := range a.Lines {
		lines = append(lines, []string{fmt.Sprint(i), l.SKU, money(l.ListMinor), money(l.DiscountMinor)})
	}
	for _, u := range a.Uses {
		uses = append(uses, []string{u.Coupon, u.Template, money(u.DiscountMinor), a.units(u.Units, words), u.gives(words)})
	}
	for _, j := range a.Coupons {
		coupons = append(coupons, []string{j.Coupon, words.verdicts[j.Verdict], money(j.DiscountMinor), j.why()})
	}
	_, err := fmt.Fprint(w, sums, "\n", lines, "\n", uses, "\n", coupons)
	return err
}

// units names the discounted units by their SKU, or by their line.
func (a *priceAnswer) units(units []pricing.Units, words priceWords) string {
	named := make([]string, len(units))
	for i, u := range units {
		if sku := a.Lines[u.Line].SKU; sku != "" {
			named[i] = fmt.Sprintf("%d × %s", u.Quantity, sku)
		} else {
			named[i] = fmt.Sprintf(words.ofLine, u.Quantity, u.Line)
		}
	}
	return strings.Join(named, ", ")
}

// gives is what a use hands over, or lets the caller apply.
func (u priceUse) gives(words priceWords) string {
	switch {
	case u.Gift != nil:
		return fmt.Sprintf("%d × %s", u.Gift.Quantity, u.Gift.SKU)
	case u.Benefit != nil:
		return fmt.Sprintf(words.benefit, u.Benefit.Value, u.Benefit.Unit)
	}
	return ""
}

// why is the first reason with the coupon, or the condition, that it speaks of.
func (j priceJudge) why() string {
	if len(j.Reasons) == 0 {
		return ""
	}
	r := j.Reasons[0]
	for _, name := range []string{"other", "rule"} {
		if of, ok := r.Params[name].(string); ok {
			return fmt.Sprintf("%s (%s: %s)", r.Detail, r.Code, of)
		}
	}
	return fmt.Sprintf("%s (%s)", r.Detail, r.Code)
}

// table is rows of cells, printed below each other.
type table [][]string

// String pads cells to the widest of their column; a Chinese character is two wide.
func (t table) String() string {
	var wide []int
	for _, row := range t {
		for i, cell := range row {
			if i == len(wide) {
				wide = append(wide, 0)
			}
			wide[i] = max(wide[i], width(cell))
		}
	}
	var b strings.Builder
	for _, row := range t {
		line := ""
		for i, cell := range row {
			line += cell + strings.Repeat(" ", wide[i]-width(cell)+2)
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}

func width(text string) (n int) {
	for _, r := range text {
		n++
		if r >= 0x1100 && r <= 0xffe6 && (r < 0x2000 || r >= 0x2e80) {
			n++
		}
	}
	return n
}
