package catalog_test

import (
	"strings"
	"sync"
	"testing"

	"quan/internal/app"
	"quan/internal/app/apptest"
	"quan/internal/app/catalog"
	"quan/internal/app/issuing"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/rule"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/i18n"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

func templateInput() catalog.CreateTemplateInput {
	t := testkit.Template(1)
	return catalog.CreateTemplateInput{Market: t.Market, InternalName: t.InternalName, CustomerName: t.CustomerName,
		Issuer: t.Issuer, Doc: testkit.Doc()}
}

func makeTemplate(t *testing.T, w *apptest.World, changes ...func(*catalog.CreateTemplateInput)) store.Template {
	t.Helper()
	in := templateInput()
	for _, change := range changes {
		change(&in)
	}
	row, _, err := use(w).CreateTemplate(w.Ctx(), w.By, in)
	if err != nil {
		t.Fatalf("create template: %v", err)
	}
	return row
}

func publish(t *testing.T, w *apptest.World, row store.Template) catalog.Published {
	t.Helper()
	done, err := use(w).Publish(w.Ctx(), w.By, row.ID, row.Rev)
	if err != nil {
		t.Fatalf("publish: %v", err)
	}
	return done
}

func draftOf(t store.Template, doc coupon.Doc) catalog.UpdateDraftInput {
	return catalog.UpdateDraftInput{Template: t.ID, IfRev: t.Rev, InternalName: t.InternalName, CustomerName: t.CustomerName,
		Line: t.Line, Issuer: t.Issuer, Doc: doc}
}

// stock reads a template's stock counter; ok is false when there is none.
func stock(w *apptest.World, template id.ID) (c limit.Counter, ok bool) {
	w.Helper()
	w.Must(w.Store.View(w.Ctx(), func(tx store.Tx) error {
		rows, err := tx.Counters().Get([]limit.Key{limit.StockKey(template)})
		if len(rows) > 0 {
			c, ok = rows[0], true
		}
		return err
	}))
	return c, ok
}

func TestTemplateLife(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c, ctx, by := use(w), w.Ctx(), w.By
		row := makeTemplate(t, w)
		if row.Status != coupon.StatusDraft || row.Rev != 1 || row.Draft == nil {
			t.Fatalf("draft = %+v", row)
		}
		if _, ok := stock(w, row.ID); ok {
			t.Error("a draft has a stock counter")
		}
		_, err := c.SetSwitches(ctx, by, catalog.SetSwitchesInput{Template: row.ID})
		wants(t, "switch a draft", err, fault.TemplateNotPublished)
		_, err = c.Publish(ctx, by, row.ID, 0)
		wants(t, "publish without a revision", err, fault.IfMatchMissing)

		first := publish(t, w, row)
		if got := first.Template; got.Status != coupon.StatusPublished || got.Version != 1 || !got.Claiming || !got.Use || got.Draft != nil {
			t.Errorf("published = %+v", got)
		}
		if n, _ := stock(w, row.ID); n.Rev != 1 || n.Ceiling != 100 {
			t.Errorf("stock = %+v, want generation 1, ceiling 100", n)
		}
		_, err = c.Publish(ctx, by, row.ID, first.Template.Rev)
		wants(t, "publish without a draft", err, fault.WrongState)
		_, err = c.Publish(ctx, by, row.ID, row.Rev)
		wants(t, "publish again", err, fault.StaleRevision)

		doc := testkit.Doc()
		doc.Claim.Limits = nil
		draft, err := c.UpdateDraft(ctx, by, draftOf(first.Template, doc))
		wants(t, "draft of the next version", err, "")
		if draft.Version != 1 || draft.Draft == nil || draft.Status != coupon.StatusPublished {
			t.Errorf("draft of the next version = %+v", draft)
		}
		second := publish(t, w, draft)
		if n, _ := stock(w, row.ID); n.Rev != 2 || n.Ceiling != limit.Unlimited {
			t.Errorf("stock = %+v, want generation 2, no ceiling", n)
		}
		versions, err := c.Versions(ctx, by, row.ID)
		if err != nil || len(versions) != 2 || versions[0].Hash == versions[1].Hash || versions[1].Number != 2 {
			t.Errorf("versions = %+v, %v", versions, err)
		}

		issuer := draftOf(second.Template, doc)
		issuer.Issuer = coupon.Issuer{Kind: coupon.IssuerSelf}
		_, err = c.UpdateDraft(ctx, by, issuer)
		wants(t, "another issuer", err, fault.WrongState)

		off := false
		killed, err := c.SetSwitches(ctx, by, catalog.SetSwitchesInput{Template: row.ID, Claiming: &off, Reason: "wrong price"})
		wants(t, "kill", err, "")
		if killed.Claiming || !killed.Use {
			t.Errorf("killed = %+v", killed)
		}
		archived, err := c.ArchiveTemplate(ctx, by, row.ID, killed.Rev)
		wants(t, "archive", err, "")
		if archived.Status != coupon.StatusArchived || archived.ArchivedAt == 0 || !archived.Use {
			t.Errorf("archived = %+v", archived)
		}
		if n, _ := stock(w, row.ID); n.Rev != 4 {
			t.Errorf("generation %d after publish, publish, kill, archive, want 4", n.Rev)
		}
		on := true
		_, err = c.SetSwitches(ctx, by, catalog.SetSwitchesInput{Template: row.ID, Claiming: &on})
		wants(t, "claiming of an archived one", err, fault.TemplateArchived)
		_, err = c.UpdateDraft(ctx, by, draftOf(archived, doc))
		wants(t, "draft of an archived one", err, fault.WrongState)
		log := audited(w)
		for action, want := range map[string]int{"template.create": 1, "template.publish": 2, "template.update": 1, "template.switch": 1, "template.archive": 1} {
			if n := count(log, action); n != want {
				t.Errorf("%d audit entries of %s, want %d", n, action, want)
			}
		}
		w.Clean()
	})
}

func TestClaimsSeeAChangeAtOnce(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c, members := use(w), w.Members(3)
		done := publish(t, w, makeTemplate(t, w))
		claim := func(n int) error {
			return w.Claim(issuing.ClaimInput{Template: done.Template.ID, MemberID: members[n], Channel: "app"}).Err
		}
		wants(t, "before", claim(0), "")
		// Another process has its own cache: this one remembers the open switch.
		other := *w.App
		other.Cache = app.New(w.Store, w.Clock, w.IDs, w.Numbers, w.Vault, w.App.Log).Cache
		off := false
		_, err := (&catalog.Catalog{App: &other}).SetSwitches(w.Ctx(), w.By, catalog.SetSwitchesInput{Template: done.Template.ID, Claiming: &off})
		wants(t, "kill", err, "")
		wants(t, "after the kill", claim(1), fault.ClaimingStopped)
		on := true
		_, err = c.SetSwitches(w.Ctx(), w.By, catalog.SetSwitchesInput{Template: done.Template.ID, Claiming: &on})
		wants(t, "open", err, "")
		wants(t, "after opening", claim(2), "")

		// A cap below what is taken is legal: it only stops more.
		doc := testkit.Doc()
		doc.Claim.Limits[0].Cap = 1
		row, err := c.GetTemplate(w.Ctx(), w.By, done.Template.ID)
		w.Must(err)
		row, err = c.UpdateDraft(w.Ctx(), w.By, draftOf(row, doc))
		w.Must(err)
		publish(t, w, row)
		if n, _ := stock(w, row.ID); n.Ceiling != 2 || n.Taken != 2 {
			t.Errorf("stock = %+v, want taken 2 under a ceiling of 2", n)
		}
		wants(t, "above the lowered cap", claim(1), fault.SoldOut)
		w.Clean()
	})
}

func TestPublishRefusesBadContent(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		row := makeTemplate(t, w, func(in *catalog.CreateTemplateInput) {
			in.Doc.Terms.AmountMinor = -1
			in.Doc.Terms.Funders = []coupon.Funder{{Kind: coupon.FunderMerchant, Code: "ghost", ShareBps: 10_000}}
			in.Doc.Terms.Scope.Include = rule.Selector{Stores: []string{"nowhere"}}
		})
		_, err := use(w).Publish(w.Ctx(), w.By, row.ID, row.Rev)
		f := fault.From(err)
		if f == nil {
			t.Fatalf("publish bad content: %v", err)
		}
		var at []string
		for _, one := range append([]*fault.Fault{f}, f.Also...) {
			at = append(at, one.Pointer)
		}
		got := strings.Join(at, " ")
		for _, want := range []string{"/draft/terms/funders/0/code", "/draft/terms/scope/include/stores/0", "/draft/terms/amount_minor"} {
			if !strings.Contains(got, want) {
				t.Errorf("pointers %s lack %s", got, want)
			}
		}
		if _, ok := stock(w, row.ID); ok {
			t.Error("a refused publication made a stock counter")
		}
	})
}

func TestCreateTemplateOnce(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c, ctx, by := use(w), w.Ctx(), w.By
		in := templateInput()
		in.Code, in.Once = "SPRING", app.Once{Key: "k1", Body: "b1"}
		first, replayed, err := c.CreateTemplate(ctx, by, in)
		wants(t, "create", err, "")
		if replayed {
			t.Error("the first is a replay")
		}
		publish(t, w, first)
		again, replayed, err := c.CreateTemplate(ctx, by, in)
		wants(t, "again", err, "")
		if !replayed || again.ID != first.ID || again.Rev != 1 || again.Status != coupon.StatusDraft || again.CreatedAt != first.CreatedAt {
			t.Errorf("replay = %v %+v, want %+v", replayed, again, first)
		}
		in.Once.Body = "b2"
		_, _, err = c.CreateTemplate(ctx, by, in)
		wants(t, "another body", err, fault.KeyReusedBody)
		in.Once = app.Once{}
		_, _, err = c.CreateTemplate(ctx, by, in)
		wants(t, "the code again", err, fault.NameTaken)
	})
}

func TestTemplateScope(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c, ctx := use(w), w.Ctx()
		for _, m := range []string{"m1", "m2"} {
			_, _, err := c.PutMerchant(ctx, w.By, catalog.PutMerchantInput{Code: m, Name: m})
			w.Must(err)
		}
		foreign := makeTemplate(t, w, func(in *catalog.CreateTemplateInput) {
			in.Issuer = coupon.Issuer{Kind: coupon.IssuerMerchant, Code: "m2"}
		})
		own := makeTemplate(t, w, func(in *catalog.CreateTemplateInput) {
			in.Issuer = coupon.Issuer{Kind: coupon.IssuerMerchant, Code: "m1"}
		})
		platform := makeTemplate(t, w)
		one := limited("m1")
		for _, hidden := range []store.Template{foreign, platform} {
			_, err := c.GetTemplate(ctx, one, hidden.ID)
			wants(t, "get", err, fault.Absent)
			_, err = c.Versions(ctx, one, hidden.ID)
			wants(t, "versions", err, fault.Absent)
			_, err = c.Publish(ctx, one, hidden.ID, hidden.Rev)
			wants(t, "publish", err, fault.Absent)
			_, err = c.SetSwitches(ctx, one, catalog.SetSwitchesInput{Template: hidden.ID})
			wants(t, "switch", err, fault.Absent)
			_, err = c.UpdateDraft(ctx, one, draftOf(hidden, testkit.Doc()))
			wants(t, "draft", err, fault.Absent)
			_, _, err = c.CreatePlacement(ctx, one, catalog.CreatePlacementInput{Template: hidden.ID, Market: "main", Name: "p", Channel: "app"})
			wants(t, "placement", err, fault.UnknownReference)
		}
		_, _, err := c.CreateTemplate(ctx, one, templateInput())
		wants(t, "make a platform's template", err, fault.Absent)
		steal := draftOf(own, testkit.Doc())
		steal.Issuer.Code = "m2"
		_, err = c.UpdateDraft(ctx, one, steal)
		wants(t, "give one's template away", err, fault.Absent)
		rows, err := c.ListTemplates(ctx, one, store.Filter{})
		if err != nil || len(rows) != 1 || rows[0].ID != own.ID {
			t.Errorf("templates = %+v, %v", rows, err)
		}
		_, err = c.GetTemplate(ctx, access.Principal{}, own.ID)
		wants(t, "without permission", err, fault.PermissionDeny)
	})
}

func TestPlacements(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c, ctx, by := use(w), w.Ctx(), w.By
		tpl := publish(t, w, makeTemplate(t, w)).Template
		in := catalog.CreatePlacementInput{Once: app.Once{Key: "k", Body: "b"}, Code: "front", Template: tpl.ID, Market: "main", Name: "front", Channel: "app", Cap: 1, Open: true}
		elsewhere := in
		elsewhere.Market = "mars"
		_, _, err := c.CreatePlacement(ctx, by, elsewhere)
		wants(t, "another market", err, fault.UnknownReference)
		backwards := in
		backwards.From, backwards.To = w.Clock(), w.Clock()
		_, _, err = c.CreatePlacement(ctx, by, backwards)
		wants(t, "an empty interval", err, fault.InvalidValue)
		row, _, err := c.CreatePlacement(ctx, by, in)
		wants(t, "create", err, "")
		again, replayed, err := c.CreatePlacement(ctx, by, in)
		if err != nil || !replayed || again != row {
			t.Errorf("replay = %v, %+v, %v, want %+v", replayed, again, err, row)
		}
		members := w.Members(2)
		claim := func(n int) error {
			return w.Claim(issuing.ClaimInput{Template: tpl.ID, MemberID: members[n], Placement: row.ID, Channel: "app"}).Err
		}
		wants(t, "claim", claim(0), "")
		row, err = c.UpdatePlacement(ctx, by, catalog.UpdatePlacementInput{Placement: row.ID, IfRev: 1, Name: "front", Channel: "app", Open: false})
		wants(t, "close", err, "")
		wants(t, "claim at a closed placement", claim(1), fault.PlacementClosed)
		_, err = c.UpdatePlacement(ctx, by, catalog.UpdatePlacementInput{Placement: row.ID, IfRev: 1, Name: "x", Channel: "app"})
		wants(t, "at an old revision", err, fault.StaleRevision)
		if n, _ := stock(w, tpl.ID); n.Rev != 3 {
			t.Errorf("generation %d after publish, create, close, want 3", n.Rev)
		}
		_, err = c.GetPlacement(ctx, limited("m1"), row.ID)
		wants(t, "a placement of the platform", err, fault.Absent)
		if rows, err := c.ListPlacements(ctx, limited("m1"), store.Filter{}); err != nil || len(rows) != 0 {
			t.Errorf("placements of a limited principal = %v, %v", rows, err)
		}
		if rows, err := c.ListPlacements(ctx, by, store.Filter{Parent: id.Format(id.Template, tpl.ID)}); err != nil || len(rows) != 1 {
			t.Errorf("placements = %v, %v", rows, err)
		}
		offers, err := c.Offers(ctx, by, []store.Placement{row, row})
		if err != nil || len(offers) != 2 || offers[1].InternalName != tpl.InternalName || offers[0].CustomerName["en"] != tpl.CustomerName["en"] {
			t.Errorf("offers = %+v, %v", offers, err)
		}
		_, err = c.ArchivePlacement(ctx, by, row.ID, row.Rev)
		wants(t, "archive", err, "")
	})
}

func TestExplain(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c, ctx, by := use(w), w.Ctx(), w.By
		_, _, err := c.PutMerchant(ctx, by, catalog.PutMerchantInput{Code: "m1", Name: "老王果园"})
		w.Must(err)
		empty := makeTemplate(t, w, func(in *catalog.CreateTemplateInput) { in.Doc = coupon.Doc{} })
		if _, err := c.Explain(ctx, by, empty.ID, 0, i18n.ZhCN); err != nil {
			t.Errorf("an empty draft: %v", err)
		}
		row := makeTemplate(t, w, func(in *catalog.CreateTemplateInput) {
			in.Doc.Terms.Scope.Include.Merchants = []string{"m1"}
		})
		told, err := c.Explain(ctx, by, row.ID, 0, i18n.ZhCN)
		w.Must(err)
		var all []string
		for _, s := range told.Sentences {
			all = append(all, s.Text)
		}
		if text := strings.Join(all, ""); told.Card == "" || told.Version != 0 || !strings.Contains(text, "老王果园") {
			t.Errorf("explanation %+v lacks the merchant's name", told)
		}
		_, err = c.Explain(ctx, by, row.ID, 7, i18n.EN)
		wants(t, "a version that isn't there", err, fault.Absent)
	})
}

func TestKillsNeverLoseARace(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		row := publish(t, w, makeTemplate(t, w)).Template
		var group sync.WaitGroup
		errs := make([]error, 4)
		for i := range errs {
			group.Go(func() {
				off, on := false, true
				in := catalog.SetSwitchesInput{Template: row.ID, Claiming: &off}
				if i%2 == 1 {
					in = catalog.SetSwitchesInput{Template: row.ID, Use: &on}
				}
				_, errs[i] = use(w).SetSwitches(w.Ctx(), w.By, in)
			})
		}
		group.Wait()
		for _, err := range errs {
			wants(t, "switch", err, "")
		}
		got, err := use(w).GetTemplate(w.Ctx(), w.By, row.ID)
		if err != nil || got.Claiming || !got.Use || got.Rev != row.Rev+1 {
			t.Errorf("template = %+v, %v, want one more revision, claiming off", got, err)
		}
	})
}

// A merchant's principal lets itself bear the cost, not another merchant.
func TestFunderOutOfScope(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		by, funded := limited("m1"), templateInput()
		w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error {
			return tx.Merchants().Insert([]store.Merchant{testkit.Merchant("m1"), testkit.Merchant("m2")})
		}))
		funded.Issuer = coupon.Issuer{Kind: coupon.IssuerMerchant, Code: "m1"}
		for code, want := range map[string]fault.Code{"m1": "", "m2": fault.UnknownReference} {
			funded.Doc.Terms.Funders = []coupon.Funder{{Kind: coupon.FunderMerchant, Code: code, ShareBps: 10_000}}
			row, _, err := use(w).CreateTemplate(w.Ctx(), by, funded)
			w.Must(err)
			_, err = use(w).Publish(w.Ctx(), by, row.ID, row.Rev)
			wants(t, "borne by "+code, err, want)
		}
	})
}

// What a limit took in a day or week is given back to it, so these can't change
// their meaning once something may have been taken.
func TestMarketInUseKeepsItsCalendar(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		put := func(rev int64, change func(*catalog.PutMarketInput)) error {
			in := catalog.PutMarketInput{Code: "hk", Name: "HK", Currency: "HKD", Zone: "Asia/Hong_Kong", WeekStart: 1, IfRev: rev}
			change(&in)
			_, _, err := use(w).PutMarket(w.Ctx(), w.By, in)
			return err
		}
		w.Must(put(0, func(*catalog.PutMarketInput) {}))
		w.Must(put(1, func(in *catalog.PutMarketInput) { in.Zone, in.WeekStart = "Asia/Macau", 0 }))
		w.Must(put(2, func(*catalog.PutMarketInput) {}))
		makeTemplate(t, w, func(in *catalog.CreateTemplateInput) { in.Market = "hk" })
		for at, change := range map[string]func(*catalog.PutMarketInput){
			"/currency":   func(in *catalog.PutMarketInput) { in.Currency = "CNY" },
			"/zone":       func(in *catalog.PutMarketInput) { in.Zone = "Asia/Macau" },
			"/week_start": func(in *catalog.PutMarketInput) { in.WeekStart = 0 },
		} {
			err := put(3, change)
			if wants(t, at, err, fault.WrongState); err != nil && fault.From(err).Pointer != at {
				t.Errorf("%s: fault at %s", at, fault.From(err).Pointer)
			}
		}
		w.Must(put(3, func(in *catalog.PutMarketInput) { in.Name = "Hong Kong" }))
	})
}

// TestCheck: a content that nobody has saved is told as Explain and Publish would.
func TestCheck(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		in := templateInput()
		check := catalog.CheckInput{Market: in.Market, Issuer: in.Issuer, Doc: in.Doc}
		whole, err := use(w).Check(w.Ctx(), w.By, check, i18n.EN)
		if err != nil || len(whole.Refusals) > 0 || whole.Card == "" || len(whole.Sentences) == 0 {
			t.Fatalf("whole content: %+v, %v", whole, err)
		}
		row := makeTemplate(t, w)
		told, err := use(w).Explain(w.Ctx(), w.By, row.ID, 0, i18n.EN)
		if err != nil || told.Card != whole.Card || len(told.Sentences) != len(whole.Sentences) {
			t.Errorf("Explain says %+v (%v), Check %+v", told, err, whole.Explanation)
		}
		for kind := range coupon.Kinds { // nothing said beside the kind: told, and not to be published
			bare := check
			bare.Doc.Terms = coupon.Terms{Kind: coupon.Kinds[kind], UsesPerCoupon: 1}
			if got, err := use(w).Check(w.Ctx(), w.By, bare, i18n.ZhCN); err != nil || len(got.Refusals) == 0 {
				t.Errorf("%s alone: %+v, %v", coupon.Kinds[kind], got, err)
			}
		}
		foreign := check
		foreign.Doc.Terms.Funders = []coupon.Funder{{Kind: coupon.FunderMerchant, Code: "nobody", ShareBps: 10_000}}
		if got, err := use(w).Check(w.Ctx(), w.By, foreign, i18n.EN); err != nil || len(got.Refusals) != 1 || got.Refusals[0].Pointer != "/draft/terms/funders/0/code" {
			t.Errorf("unknown funder: %+v, %v", got.Refusals, err)
		}
		foreign.Template = 1
		_, err = use(w).Check(w.Ctx(), w.By, foreign, i18n.EN)
		wants(t, "another one's template", err, fault.Absent)
		foreign.Template, foreign.Market = 0, "nowhere"
		_, err = use(w).Check(w.Ctx(), w.By, foreign, i18n.EN)
		wants(t, "unknown market", err, fault.UnknownReference)
	})
}
