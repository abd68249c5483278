package sqlrepo_test

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"quan/internal/domain/change"
	"quan/internal/domain/condition"
	"quan/internal/domain/coupon"
	"quan/internal/domain/member"
	"quan/internal/domain/order"
	"quan/internal/domain/redemption"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

var start = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// filler gives every field of a value a different one, so that a column that is
// forgotten, or swapped with its neighbour, shows.
type filler struct {
	n     int64
	maker *id.Maker
}

func newFiller() *filler { return &filler{maker: id.NewMaker(3, func() time.Time { return start })} }

func (f *filler) fill(v reflect.Value) {
	f.n++
	switch v.Interface().(type) {
	case id.ID:
		v.SetInt(int64(f.maker.New(7)))
		return
	case calendar.Instant:
		v.SetInt(1_700_000_000_000 + f.n)
		return
	case calendar.Date:
		v.SetInt(20240101 + f.n%28)
		return
	case condition.Tree:
		v.Set(reflect.ValueOf(condition.Tree{Any: []condition.Tree{{Leaf: &condition.Weekday{In: []condition.Day{"sun"}}}}}))
		return
	case time.Weekday:
		v.SetInt(f.n % 7)
		return
	}
	switch v.Kind() {
	case reflect.Int64:
		v.SetInt(f.n)
	case reflect.String:
		v.SetString(fmt.Sprintf("券%d", f.n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		f.fill(v.Index(0))
		f.fill(v.Index(1))
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		f.fill(key)
		f.fill(value)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				f.fill(v.Field(i))
			}
		}
	default:
		panic("no filling for " + v.Type().String())
	}
}

func filled[T any](f *filler) T {
	var v T
	f.fill(reflect.ValueOf(&v).Elem())
	return v
}

func same[T any](t *testing.T, what string, want, got []T) {
	t.Helper()
	if diff := gocmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(store.Market{})); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// noun writes two filled rows of a reference noun, reads them in every way, and
// updates one.
func noun[T any](t *testing.T, s store.Store, what string, rows func(store.Tx) store.Reference[T], key, code func(*T) string, rev func(*T) *int64) {
	t.Helper()
	f := newFiller()
	want := []T{filled[T](f), filled[T](f)}
	*rev(&want[0]), *rev(&want[1]) = 1, 1
	byKey := func(a, b T) int { return cmp.Compare(key(&a), key(&b)) }
	slices.SortFunc(want, byKey)
	update(t, s, func(tx store.Tx) error { return rows(tx).Insert(want) })
	view(t, s, func(tx store.Tx) error {
		got, err := rows(tx).Get([]string{key(&want[1]), key(&want[0]), "absent"})
		slices.SortFunc(got, byKey)
		same(t, what+".Get", want, got)
		if err != nil {
			return err
		}
		got, err = rows(tx).List(store.Filter{Archived: true, Limit: 10})
		same(t, what+".List", want, got)
		if err != nil {
			return err
		}
		if got, err = rows(tx).List(store.Filter{Limit: 10}); len(got) != 0 {
			t.Errorf("%s.List gives archived rows", what)
		}
		if code == nil || err != nil {
			return err
		}
		got, err = rows(tx).ByCode([]string{code(&want[0])})
		same(t, what+".ByCode", want[:1], got)
		return err
	})
	*rev(&want[0]) = 2
	update(t, s, func(tx store.Tx) error { return rows(tx).Update(want[:1]) })
	view(t, s, func(tx store.Tx) error {
		got, err := rows(tx).Get([]string{key(&want[0])})
		same(t, what+" after Update", want[:1], got)
		return err
	})
}

func TestReferenceNounsKeepEveryField(t *testing.T) {
	onBoth(t, func(t *testing.T, s store.Store) {
		noun(t, s, "markets", store.Tx.Markets, func(m *store.Market) string { return m.Code }, nil, func(m *store.Market) *int64 { return &m.Rev })
		noun(t, s, "merchants", store.Tx.Merchants, func(m *store.Merchant) string { return m.Code }, nil, func(m *store.Merchant) *int64 { return &m.Rev })
		noun(t, s, "stores", store.Tx.Stores, func(m *store.Place) string { return m.Code }, nil, func(m *store.Place) *int64 { return &m.Rev })
		noun(t, s, "items", func(tx store.Tx) store.Reference[store.Item] { return tx.Items() }, func(m *store.Item) string { return m.SKU }, nil, func(m *store.Item) *int64 { return &m.Rev })
		noun(t, s, "templates", func(tx store.Tx) store.Reference[store.Template] { return tx.Templates() }, func(m *store.Template) string { return id.Format(id.Template, m.ID) },
			func(m *store.Template) string { return m.Code }, func(m *store.Template) *int64 { return &m.Rev })
		noun(t, s, "placements", store.Tx.Placements, func(m *store.Placement) string { return id.Format(id.Placement, m.ID) },
			func(m *store.Placement) string { return m.Code }, func(m *store.Placement) *int64 { return &m.Rev })
		noun(t, s, "api_keys", store.Tx.Keys, func(m *store.Key) string { return id.Format(id.Key, m.ID) },
			func(m *store.Key) string { return m.SecretHash }, func(m *store.Key) *int64 { return &m.Rev })
		noun(t, s, "people", store.Tx.People, func(m *store.Person) string { return id.Format(id.Person, m.ID) },
			func(m *store.Person) string { return m.Login }, func(m *store.Person) *int64 { return &m.Rev })
	})
}

// testRows are filled rows that hold what the schema's guards ask for.
type testRows struct {
	versions    []coupon.Version
	members     []member.Member
	identities  []member.Identity
	coupons     []coupon.Coupon
	locks       []redemption.Lock
	orders      []order.Order
	refunds     []order.Refund
	redemptions []redemption.Redemption
	jobs        []store.Job
	audit       []store.AuditEntry
	changes     []change.Change
	outside     []store.OutsideRow
	replies     []store.Reply
}

func newRows() testRows {
	f := newFiller()
	r := testRows{
		versions: filled[[]coupon.Version](f), members: filled[[]member.Member](f), identities: filled[[]member.Identity](f),
		coupons: filled[[]coupon.Coupon](f), locks: filled[[]redemption.Lock](f), orders: filled[[]order.Order](f), refunds: filled[[]order.Refund](f),
		redemptions: filled[[]redemption.Redemption](f), jobs: filled[[]store.Job](f), audit: filled[[]store.AuditEntry](f),
		changes: filled[[]change.Change](f), outside: filled[[]store.OutsideRow](f), replies: filled[[]store.Reply](f),
	}
	for i := range 2 {
		r.members[i].Slot = 7
		r.coupons[i].State, r.coupons[i].Member = coupon.Locked, r.members[0].ID
		r.locks[i].State = redemption.LockReleased
		o := &r.orders[i]
		o.ListMinor, o.DiscountMinor, o.PaidMinor, o.RefundedMinor = 900, 100, 800, 300+int64(i)
		for n := range o.Lines {
			l := &o.Lines[n]
			l.No, l.Quantity, l.ListMinor, l.DiscountMinor, l.RefundedQuantity, l.RefundedMinor = int64(n), 9, 450, 50, 3, 150
		}
		r.refunds[i].Order = r.orders[0].ID
		for n := range r.refunds[i].Lines {
			r.refunds[i].Lines[n].Line = int64(n)
		}
		r.redemptions[i].Order, r.redemptions[i].Coupon = r.orders[0].ID, r.coupons[1].ID
		for n := range r.redemptions[i].Cells {
			r.redemptions[i].Cells[n].Minor, r.redemptions[i].Cells[n].ReturnedMinor = 50, 20+int64(n)
		}
		r.outside[i].Slot = id.SlotOf(r.outside[i].Kind, r.outside[i].Source, r.outside[i].Ref)
		r.replies[i].Day = 20260301
	}
	r.changes[1].Aggregate, r.changes[0].Seq, r.changes[1].Seq = r.changes[0].Aggregate, 1, 2
	return r
}

func (r testRows) insert(tx store.Tx) error {
	for _, step := range []func() error{
		func() error { return tx.Versions().Insert(r.versions) },
		func() error { return tx.Members().Insert(r.members) },
		func() error { return tx.Members().InsertIdentities(r.identities) },
		func() error { return tx.Coupons().Insert(r.coupons) },
		func() error { return tx.Locks().Insert(r.locks) },
		func() error { return tx.Orders().Insert(r.orders) },
		func() error { return tx.Orders().InsertRefunds(r.refunds, []id.ID{r.orders[0].ID, r.orders[0].ID}) },
		func() error { return tx.Redemptions().Insert(r.redemptions) },
		func() error { return tx.Jobs().Insert(r.jobs) },
		func() error { return tx.Audit().Append(r.audit) },
		func() error { return tx.Changes().Append(r.changes) },
		func() error { return tx.Outside().Insert(r.outside) },
		func() error { return tx.Replies().Insert(r.replies) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func TestRowsKeepEveryField(t *testing.T) {
	onBoth(t, func(t *testing.T, s store.Store) {
		r := newRows()
		update(t, s, r.insert)
		view(t, s, func(tx store.Tx) error { return r.compare(t, tx) })
		for i := range 2 {
			r.coupons[i].State, r.coupons[i].Lock, r.coupons[i].EndedDay = coupon.Used, 0, 20260302
			r.coupons[i].Rev++
			r.locks[i].State = redemption.LockRedeemed
			r.locks[i].Rev++
			r.orders[i].RefundedMinor, r.orders[i].Lines[0].RefundedMinor = 400, 250
			r.orders[i].Rev++
			r.redemptions[i].ReturnedDay, r.redemptions[i].CouponBack, r.redemptions[i].Cells[1].ReturnedMinor = 20260303, false, 50
			r.redemptions[i].Rev++
			r.members[i].Blocked, r.members[i].Attributes = false, nil
			r.members[i].Rev++
			r.jobs[i].State, r.jobs[i].Done = "completed", 99
			r.jobs[i].Rev++
			r.outside[i].Target = r.coupons[0].ID
		}
		update(t, s, func(tx store.Tx) error {
			for _, step := range []func() error{
				func() error { return tx.Members().Update(r.members) },
				func() error { return tx.Orders().Update(r.orders) },
				func() error { return tx.Coupons().Update(r.coupons) },
				func() error { return tx.Locks().Update(r.locks) },
				func() error { return tx.Redemptions().Update(r.redemptions) },
				func() error { return tx.Jobs().Update(r.jobs) },
				func() error { return tx.Outside().Point(r.outside) },
			} {
				if err := step(); err != nil {
					return err
				}
			}
			return nil
		})
		view(t, s, func(tx store.Tx) error { return r.compare(t, tx) })
	})
}

func (r testRows) compare(t *testing.T, tx store.Tx) error {
	t.Helper()
	ids := func(n int, of func(i int) id.ID) []id.ID {
		var out []id.ID
		for i := range n {
			out = append(out, of(n-1-i)) // not in order
		}
		return append(out, out[0], 1)
	}
	var failure error
	check := func(err error) {
		if failure == nil {
			failure = err
		}
	}
	versions, err := tx.Versions().Get([]store.VersionKey{
		{Template: r.versions[0].Template, Number: r.versions[0].Number}, {Template: r.versions[1].Template, Number: r.versions[1].Number},
		{Template: r.versions[0].Template, Number: r.versions[1].Number}})
	check(err)
	slices.SortFunc(versions, func(a, b coupon.Version) int { return cmp.Compare(a.Template, b.Template) })
	same(t, "Versions.Get", r.versions, versions)
	members, err := tx.Members().Get(ids(2, func(i int) id.ID { return r.members[i].ID }))
	check(err)
	slices.SortFunc(members, func(a, b member.Member) int { return cmp.Compare(a.ID, b.ID) })
	same(t, "Members.Get", r.members, members)
	identities, err := tx.Members().Find([]member.Key{r.identities[1].Key, r.identities[0].Key, {Kind: r.identities[0].Kind, Hash: "absent"}})
	check(err)
	slices.SortFunc(identities, func(a, b member.Identity) int { return cmp.Compare(a.Member, b.Member) })
	same(t, "Members.Find", r.identities, identities)
	coupons, err := tx.Coupons().Get(ids(2, func(i int) id.ID { return r.coupons[i].ID }))
	check(err)
	slices.SortFunc(coupons, func(a, b coupon.Coupon) int { return cmp.Compare(a.ID, b.ID) })
	same(t, "Coupons.Get", r.coupons, coupons)
	wallet, err := tx.Coupons().List(store.CouponFilter{Member: r.members[0].ID, Limit: 10})
	check(err)
	same(t, "Coupons.List newest first", []coupon.Coupon{r.coupons[1], r.coupons[0]}, wallet)
	locks, err := tx.Locks().Get(ids(2, func(i int) id.ID { return r.locks[i].ID }))
	check(err)
	slices.SortFunc(locks, func(a, b redemption.Lock) int { return cmp.Compare(a.ID, b.ID) })
	same(t, "Locks.Get", r.locks, locks)
	orders, err := tx.Orders().Get(ids(2, func(i int) id.ID { return r.orders[i].ID }))
	check(err)
	slices.SortFunc(orders, func(a, b order.Order) int { return cmp.Compare(a.ID, b.ID) })
	same(t, "Orders.Get", r.orders, orders)
	mine, err := tx.Orders().List(store.OrderFilter{Member: r.orders[1].Member, Limit: 10})
	check(err)
	same(t, "Orders.List of a member", []id.ID{r.orders[1].ID}, []id.ID{mine[0].ID})
	refunds, err := tx.Orders().Refunds([]id.ID{r.orders[0].ID})
	check(err)
	same(t, "Orders.Refunds", r.refunds, refunds)
	redemptions, err := tx.Redemptions().OfOrders([]id.ID{r.orders[0].ID})
	check(err)
	same(t, "Redemptions.OfOrders", r.redemptions, redemptions)
	redemptions, err = tx.Redemptions().OfCoupons([]id.ID{r.coupons[1].ID})
	check(err)
	same(t, "Redemptions.OfCoupons", r.redemptions, redemptions)
	jobs, err := tx.Jobs().List(store.JobFilter{Limit: 10})
	check(err)
	same(t, "Jobs.List newest first", []store.Job{r.jobs[1], r.jobs[0]}, jobs)
	audit, err := tx.Audit().List(store.AuditFilter{Limit: 10})
	check(err)
	same(t, "Audit.List newest first", []store.AuditEntry{r.audit[1], r.audit[0]}, audit)
	changes, err := tx.Changes().Of(r.changes[0].Aggregate)
	check(err)
	same(t, "Changes.Of", []store.StoredChange{{Change: r.changes[0]}, {Change: r.changes[1]}}, changes)
	outside, err := tx.Outside().Find([]store.OutsideKey{r.outside[0].OutsideKey, r.outside[1].OutsideKey})
	check(err)
	same(t, "Outside.Find", r.outside, outside)
	replies, err := tx.Replies().Find(r.replies, calendar.Date(20260308))
	check(err)
	slices.SortFunc(replies, func(a, b store.Reply) int { return cmp.Compare(a.Slot, b.Slot) })
	same(t, "Replies.Find", r.replies, replies)
	late, err := tx.Replies().Find(r.replies, calendar.Date(20260309))
	check(err)
	same(t, "Replies.Find after the kept days", nil, late)
	return failure
}
