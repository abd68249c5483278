package catalog

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/rule"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Published is a template with the version that was made.
type Published struct {
	Template store.Template
	Version  coupon.Version
}

// Publish makes the draft the next version. The first publication turns both
// switches on; a further one leaves them. ifRev is required, so a repetition is
// refused as stale. Faults: every fault of the content (pointers from /draft),
// unknown_reference, wrong_state (archived, or no draft), stale_revision.
func (c *Catalog) Publish(ctx context.Context, by access.Principal, template id.ID, ifRev int64) (Published, error) {
	var done Published
	if err := by.May(access.TemplatePublish); err != nil {
		return done, err
	}
	row, err := c.changeTemplate(ctx, by, templateChange{template: template, ifRev: ifRev, action: "publish", class: store.Admin,
		edit: func(tx store.Tx, t *store.Template) (err error) {
			done.Version, err = c.publish(tx, by, t)
			return err
		}})
	done.Template = row
	return done, err
}

// publish turns the row into that of its next version and writes what goes with it.
func (c *Catalog) publish(tx store.Tx, by access.Principal, t *store.Template) (v coupon.Version, err error) {
	if t.Status == coupon.StatusArchived {
		return v, archivedTemplate()
	}
	if t.Draft == nil {
		return v, fault.New(fault.WrongState, "state", "no_draft")
	}
	if err := checkContent(tx, by, t); err != nil {
		return v, err
	}
	v = coupon.Version{Template: t.ID, Number: t.Version + 1, Hash: contentHash(t.Draft), Doc: *t.Draft,
		PublishedAt: c.Clock(), PublishedBy: by.ID}
	err = raise(tx, t.ID, func(stock *limit.Counter) { stock.Ceiling = max(StockCap(&v.Doc), stock.Taken) })
	if err != nil {
		return v, err
	}
	if err := tx.Versions().Insert([]coupon.Version{v}); err != nil {
		return v, err
	}
	if t.Version == 0 {
		t.Claiming, t.Use = true, true
	}
	drawn(t, &v.Doc)
	t.Status, t.Version, t.Draft, t.Automatic = coupon.StatusPublished, v.Number, nil, t.Automatic || v.Doc.Claim.Automatic
	return v, nil
}

// contentHash is the hex SHA-256 of the content's canonical JSON: fields in the
// order of the type, keys of maps sorted, no spaces.
func contentHash(d *coupon.Doc) string {
	sum := sha256.Sum256([]byte(app.JSON(d)))
	return hex.EncodeToString(sum[:])
}

// StockCap is how many coupons the content allows in all; limit.Unlimited where
// it names no number.
func StockCap(d *coupon.Doc) int64 {
	for _, l := range d.Claim.Limits {
		if l.What == limit.IssueCount && l.Per == limit.PerTemplate && l.Period == limit.Ever {
			return l.Cap
		}
	}
	return limit.Unlimited
}

// checkContent gathers every fault of a draft that is to be published. A merchant
// outside of the principal's scope is not there to bear a cost.
func checkContent(tx store.Tx, by access.Principal, t *store.Template) error {
	rows, err := tx.Markets().Get([]string{t.Market})
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return fault.New(fault.UnknownReference, "what", "market").At("/market")
	}
	var l fault.List
	if err := t.Draft.Validate(&rows[0], t); err != nil {
		f := fault.From(err)
		if f == nil {
			return err
		}
		addUnder(&l, f, "/draft")
	} else if f := fault.From(t.Draft.Consistent()); f != nil {
		addUnder(&l, f, "/draft")
	}
	var refs references
	referContent(&refs, t.Draft, "/draft")
	if err := refs.check(tx, &l); err != nil {
		return err
	}
	if err := checkAlternative(tx, t, &l); err != nil {
		return err
	}
	if err := checkBudgets(tx, by, t, &l); err != nil {
		return err
	}
	if err := checkBatchBudgets(tx, t, &l); err != nil {
		return err
	}
	for i, f := range t.Draft.Terms.Funders {
		if f.Kind == coupon.FunderMerchant && !by.Scope.Merchant(f.Code) {
			l.Add(fault.New(fault.UnknownReference, "what", "merchant").At("/draft/terms/funders/" + strconv.Itoa(i) + "/code"))
		}
	}
	return l.Err()
}

// addUnder adds a fault and those beside it, with their pointers put below a prefix.
func addUnder(l *fault.List, f *fault.Fault, prefix string) {
	for _, one := range append([]*fault.Fault{f}, f.Also...) {
		moved := *one
		moved.Also, moved.Pointer = nil, prefix+one.Pointer
		l.Add(&moved)
	}
}

// referContent names the merchants and stores that the content speaks of. Goods
// are not looked up: a cart may hold what the catalogue doesn't.
func referContent(refs *references, d *coupon.Doc, at string) {
	for i, f := range d.Terms.Funders {
		if f.Kind == coupon.FunderMerchant {
			refer(&refs.merchants, f.Code, at+"/terms/funders/"+strconv.Itoa(i)+"/code")
		}
	}
	referScope(refs, d.Terms.Scope, at+"/terms/scope")
	for i, contain := range d.Terms.Contains {
		referScope(refs, contain.Scope, at+"/terms/contains/"+strconv.Itoa(i)+"/scope")
	}
	for i, part := range d.Terms.Buy {
		referScope(refs, part.Scope, at+"/terms/buy/"+strconv.Itoa(i)+"/scope")
	}
	for i, part := range d.Terms.Get {
		referScope(refs, part.Scope, at+"/terms/get/"+strconv.Itoa(i)+"/scope")
	}
}

func referScope(refs *references, s rule.Scope, at string) {
	for _, side := range []struct {
		rule.Selector
		at string
	}{{s.Include, at + "/include"}, {s.Exclude, at + "/exclude"}} {
		for i, code := range side.Merchants {
			refer(&refs.merchants, code, side.at+"/merchants/"+strconv.Itoa(i))
		}
		for i, code := range side.Stores {
			refer(&refs.stores, code, side.at+"/stores/"+strconv.Itoa(i))
		}
	}
}
