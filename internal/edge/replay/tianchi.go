package replay

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"quan/internal/app/catalog"
	"quan/internal/app/issuing"
	"quan/internal/domain/coupon"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

const tianchiFile = "ccf_offline_stage1_test_revised.csv.gz"

var tianchiColumns = []string{"User_id", "Merchant_id", "Coupon_id", "Discount_rate", "Distance", "Date_received"}

// received is a row of the tianchi set: a member got a coupon of a merchant.
type received struct {
	line                           int
	user, merchant, coupon, reduce string
	terms                          coupon.Terms
	at                             calendar.Instant
}

// Tianchi brings in one month of real claims on an online-to-offline platform:
// merchants, a template for each coupon, members, and every claim at its day.
// The set names no end of validity, so the coupons have none.
func (d Deps) Tianchi(ctx context.Context, dir string, progress Progress) (*Result, error) {
	r := d.start("tianchi", progress)
	f, err := openFile(dir, tianchiFile)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		return nil, fmt.Errorf("replay: %w", err)
	}
	var rows []received
	first := map[string]received{} // by coupon
	err = f.each(tianchiColumns, func(in row) error {
		out, err := readReceived(in, zone)
		if err == nil {
			err = out.agrees(first)
		}
		if err == nil {
			rows = append(rows, out)
		} else {
			r.bad(Malformed{f.name, in.line, err.Error()})
		}
		return nil
	}, r.bad)
	if err != nil {
		return nil, err
	}
	market := catalog.PutMarketInput{Code: "tianchi", Name: "Tianchi O2O", Currency: "CNY", Zone: "Asia/Shanghai", WeekStart: int64(time.Monday)}
	if _, err := r.Catalog.EnsureMarket(ctx, r.by, market); err != nil {
		return nil, err
	}
	templates, err := r.tianchiTemplates(ctx, first)
	if err != nil {
		return nil, err
	}
	people := map[string]person{}
	for _, in := range rows {
		if p, ok := people[in.user]; !ok || in.at < p.at {
			people[in.user] = person{at: in.at}
		}
	}
	members, err := r.members(ctx, "tianchi", people)
	if err != nil {
		return nil, err
	}
	if err := r.tianchiClaims(ctx, f, rows, templates, members); err != nil {
		return nil, err
	}
	return r.finish(ctx)
}

func readReceived(in row, zone *time.Location) (out received, err error) {
	out.line = in.line
	if out.user, err = in.word("User_id"); err != nil {
		return out, err
	}
	if out.merchant, err = in.word("Merchant_id"); err != nil {
		return out, err
	}
	if out.coupon, err = in.word("Coupon_id"); err != nil {
		return out, err
	}
	out.reduce = in.fields["Discount_rate"]
	if out.terms, err = tianchiTerms(out.reduce); err != nil {
		return out, err
	}
	if d := in.fields["Distance"]; d != "null" {
		if _, err := in.number("Distance", 0, 10); err != nil {
			return out, err
		}
	}
	day, err := time.ParseInLocation("20060102", in.fields["Date_received"], zone)
	if err != nil {
		return out, fmt.Errorf("Date_received %q is no day yyyymmdd", in.fields["Date_received"])
	}
	out.at = calendar.Of(day)
	return out, nil
}

// tianchiTerms reads "30:5" (5 off from 30 yuan) or "0.9" (10 % off).
func tianchiTerms(text string) (coupon.Terms, error) {
	t := coupon.Terms{UsesPerCoupon: 1, Funders: platform(), Validity: schedule.Validity{Kind: schedule.ValidityForever}}
	bad := fmt.Errorf("Discount_rate %q is neither from:off in yuan nor a share like 0.9", text)
	if from, off, ok := strings.Cut(text, ":"); ok {
		least, err1 := strconv.ParseInt(from, 10, 32)
		minus, err2 := strconv.ParseInt(off, 10, 32)
		if err1 != nil || err2 != nil || minus <= 0 || least < minus {
			return t, bad
		}
		t.Kind, t.ThresholdMinor, t.AmountMinor = coupon.KindAmountOff, least*100, minus*100
		return t, nil
	}
	whole, part, _ := strings.Cut(text, ".")
	if whole != "0" || part == "" || len(part) > 4 {
		return t, bad
	}
	pays, err := strconv.ParseUint((part + "000")[:4], 10, 32)
	if err != nil || pays == 0 {
		return t, bad
	}
	t.Kind, t.DiscountBps = coupon.KindPercentOff, 10_000-int64(pays)
	return t, nil
}

// agrees notes the first row of a coupon: merchant and discount are the coupon's,
// so a row that says otherwise can't be right.
func (in received) agrees(first map[string]received) error {
	one, ok := first[in.coupon]
	if !ok {
		first[in.coupon] = in
		return nil
	}
	if one.merchant != in.merchant || one.reduce != in.reduce {
		return fmt.Errorf("coupon %s has merchant %s and discount %s here, %s and %s on line %d",
			in.coupon, in.merchant, in.reduce, one.merchant, one.reduce, one.line)
	}
	return nil
}

// tianchiTemplates makes merchants and templates.
func (r *replay) tianchiTemplates(ctx context.Context, first map[string]received) (map[string]id.ID, error) {
	merchants := map[string]string{}
	for _, in := range first {
		merchants["tianchi-"+in.merchant] = "Merchant " + in.merchant
	}
	if err := r.Catalog.EnsureMerchants(ctx, r.by, merchants); err != nil {
		return nil, err
	}
	out := make(map[string]id.ID, len(first))
	for n, name := range sortedKeys(first) {
		in := first[name]
		in.terms.Scope.Include.Merchants = []string{"tianchi-" + in.merchant}
		t, err := r.Catalog.EnsureTemplate(ctx, r.by, catalog.CreateTemplateInput{Code: "tianchi-" + name, Market: "tianchi",
			InternalName: "Tianchi coupon " + name, CustomerName: coupon.Names{"zh-CN": in.reduce},
			Issuer: coupon.Issuer{Kind: coupon.IssuerMerchant, Code: "tianchi-" + in.merchant}, Doc: coupon.Doc{Terms: in.terms}})
		if err != nil {
			return nil, err
		}
		out[name] = t.ID
		r.progress("templates", n+1, len(first))
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("replay: stopped; run it again to go on: %w", err)
		}
	}
	return out, nil
}

func (r *replay) tianchiClaims(ctx context.Context, f *file, rows []received, templates, members map[string]id.ID) error {
	done := 0
	b := &bulk[received]{ctx: ctx, write: func(part []received) error {
		inputs := make([]issuing.ClaimInput, len(part))
		for i, in := range part {
			inputs[i] = issuing.ClaimInput{Template: templates[in.coupon], MemberID: members[in.user], Channel: "o2o", At: in.at, Slip: slip(f, in.line)}
		}
		out, err := r.Issuing.Claim(ctx, r.by, inputs)
		if err != nil {
			return err
		}
		for i, o := range out {
			if err := r.fate(f, part[i].line, o.Err); err != nil {
				return err
			}
		}
		done += len(part)
		r.progress("claims", done, len(rows))
		return nil
	}}
	for _, in := range rows {
		if err := b.add(in); err != nil {
			return err
		}
	}
	return b.flush()
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
