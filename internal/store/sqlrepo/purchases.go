package sqlrepo

import (
	"strings"

	"quan/internal/domain/condition"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// purchases answers the questions about what was bought: one statement for each
// kind of goods, over the longest window asked for.
func (l *loading) purchases() error {
	for _, kind := range []condition.Goods{condition.GoodsCategory, condition.GoodsBrand, condition.GoodsSKU} {
		var asked []condition.Purchase
		for _, p := range l.needs.Purchases {
			if p.Kind == kind && (p.Days == 0 || l.at.Zone != nil) {
				asked = append(asked, p)
			}
		}
		if len(asked) == 0 {
			continue
		}
		if err := l.bought(kind, asked); err != nil {
			return err
		}
	}
	return nil
}

// since is where the window of a purchase begins.
func (l *loading) since(days int64) calendar.Instant {
	if days == 0 {
		return always
	}
	return l.at.Since(days)
}

func (l *loading) bought(kind condition.Goods, asked []condition.Purchase) error {
	since := l.since(asked[0].Days)
	var codes []string
	for _, p := range asked {
		since = min(since, l.since(p.Days))
		codes = append(codes, p.Code)
	}
	l.each(func(m *condition.Member) {
		if m.Purchases == nil {
			m.Purchases = make(map[condition.Purchase]bool, len(l.needs.Purchases))
		}
		for _, p := range asked {
			m.Purchases[p] = false
		}
	})
	byCode := map[string][]condition.Purchase{}
	for _, p := range asked {
		byCode[p.Code] = append(byCode[p.Code], p)
	}
	return l.tx.query(factsBought[kind], []any{l.ids, int64(since), words(codes)}, func(row Scanner) error {
		var who id.ID
		var code string
		var at calendar.Instant
		if err := row.Scan(&who, &code, &at); err != nil {
			return err
		}
		for {
			for _, p := range byCode[code] {
				if at >= l.since(p.Days) {
					l.found[who].Purchases[p] = true
				}
			}
			above := strings.LastIndexByte(code, '/')
			if kind != condition.GoodsCategory || above < 0 {
				return nil
			}
			code = code[:above] // a category holds what lies below it
		}
	})
}
