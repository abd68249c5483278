package issuing_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"quan/internal/app"
	"quan/internal/app/apptest"
	"quan/internal/app/catalog"
	"quan/internal/app/issuing"
	"quan/internal/domain/access"
	"quan/internal/domain/code"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store/sqlite/sqlitetest"
	"quan/internal/testkit"
)

// codes is a world with batches of codes.
type codes struct {
	*apptest.World
	catalog *catalog.Catalog
	n       int
}

func eachCodes(t *testing.T, test func(t *testing.T, w *codes)) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(40)
		test(t, &codes{World: w, catalog: &catalog.Catalog{App: w.App}})
		w.Clean()
	})
}

func (w *codes) batch(b code.Batch) catalog.CountedBatch {
	w.Helper()
	b.Market, b.Name = "main", "test"
	if b.Template == 0 {
		b.Template = w.Publish(apptest.Limits(testkit.Doc()))
	}
	made, _, err := w.catalog.CreateCodeBatch(w.Ctx(), w.By, catalog.CreateCodeBatchInput{Batch: b})
	w.Must(err)
	return made
}

func (w *codes) list(b id.ID) []string {
	w.Helper()
	run, err := w.catalog.ListCodes(w.Ctx(), w.By, b, 1, 0)
	w.Must(err)
	var all []string
	w.Must(run.Each(func(c catalog.ListedCode) error { all = append(all, c.Code); return nil }))
	return all
}

// enter is the fate of a code that a member enters.
func (w *codes) enter(member int, text string, change ...func(*issuing.RedeemCodeInput)) issuing.Outcome {
	w.Helper()
	w.n++
	in := issuing.RedeemCodeInput{Once: app.Once{Key: fmt.Sprint("code ", w.n), Body: "b"}, Text: text, Member: w.Key(member), Channel: "app", City: "shanghai"}
	for _, c := range change {
		c(&in)
	}
	out, err := w.Issuing.RedeemCode(w.Ctx(), w.By, in)
	if err != nil {
		out.Err = err
	}
	return out
}

func (w *codes) want(what string, got issuing.Outcome, code fault.Code) {
	w.Helper()
	if code == "" && got.Err != nil || code != "" && !fault.Has(got.Err, code) {
		w.Errorf("%s: %v, want %q", what, got.Err, code)
	}
}

func TestCodeBecomesACoupon(t *testing.T) {
	eachCodes(t, func(t *testing.T, w *codes) {
		b := w.batch(code.Batch{Kind: code.Generated, Size: 3, Format: code.Format{Prefix: "SPRING", Group: 4}})
		all := w.list(b.ID)
		if len(all) != 3 || !strings.HasPrefix(all[0], "SPRING-") {
			t.Fatalf("codes %q", all)
		}
		once := func(in *issuing.RedeemCodeInput) { in.Once = app.Once{Key: "k", Body: "b"} }
		first := w.enter(0, "您的兑换码："+strings.ToLower(strings.ReplaceAll(all[0], "-", " "))+"。", once)
		w.want("a code as people paste it", first, "")
		c := first.Receipt.Coupons[0]
		if c.Form != coupon.FormCode || c.Template != b.Template || first.Replayed {
			t.Errorf("coupon %+v", c)
		}
		again := w.enter(0, all[0], once)
		if again.Err != nil || !again.Replayed || again.Receipt.Coupons[0].ID != c.ID {
			t.Errorf("the same request again: %+v", again)
		}
		w.want("the key with another body", w.enter(0, all[1], func(in *issuing.RedeemCodeInput) { in.Once = app.Once{Key: "k", Body: "c"} }), fault.KeyReusedBody)
		w.want("used by the same member", w.enter(0, all[0]), fault.CodeInvalid)
		w.want("used, of another member", w.enter(1, all[0]), fault.CodeInvalid)
		w.want("second code", w.enter(0, all[1]), "")
		w.want("member that does not exist", w.enter(77, all[2]), fault.MemberUnknown)
		got, err := w.catalog.GetCodeBatch(w.Ctx(), w.By, b.ID)
		w.Must(err)
		if got.Codes != 3 || got.Used != 2 {
			t.Errorf("%d codes, %d used", got.Codes, got.Used)
		}
	})
}

// One answer for what is unknown, used, foreign, revoked or expired: the same fault
// in every part.
func TestOneAnswerForWrongCodes(t *testing.T) {
	eachCodes(t, func(t *testing.T, w *codes) {
		tpl := w.Publish(apptest.Limits(testkit.Doc()))
		generated := code.Batch{Kind: code.Generated, Size: 2, Template: tpl}
		used, revoked, foreign := w.batch(generated), w.batch(generated), w.batch(generated)
		over, early := generated, generated
		over.To, early.From = w.Clock().Add(time.Hour), w.Clock().Add(48*time.Hour)
		expired, waiting := w.batch(over), w.batch(early)
		word := w.batch(code.Batch{Kind: code.Word, Word: "Spring2026", Size: 1, Template: tpl})
		texts := map[string]string{"unknown": "0000-0000-0000-0", "wrong check": "ABCD-EFGH-JKMN-P", "nothing": "！？", "word": "autumn",
			"used": w.list(used.ID)[0], "revoked": w.list(revoked.ID)[0], "foreign": w.list(foreign.ID)[0], "expired": w.list(expired.ID)[0],
			"not yet": w.list(waiting.ID)[0], "word used up": word.Word, "long": strings.Repeat("A", 65), "control": "\x00\x01"}
		w.want("use", w.enter(0, texts["used"]), "")
		w.want("word", w.enter(0, word.Word), "")
		_, err := w.catalog.UpdateCodeBatch(w.Ctx(), w.By, catalog.UpdateCodeBatchInput{Batch: revoked.ID, IfRev: 1, Name: "x", Revoked: true, Reason: "leaked"})
		w.Must(err)
		w.Time.Advance(2 * time.Hour)
		mine := w.By
		member := 1
		for what, text := range texts {
			member++
			w.By = mine
			if what == "foreign" {
				// A template of a merchant that the principal has nothing to do with.
				w.By.Scope = access.Scope{Merchants: []string{"acme"}}
				green := w.Publish(apptest.Limits(testkit.Doc()), func(t *coupon.Template) { t.Issuer = coupon.Issuer{Kind: coupon.IssuerMerchant, Code: "green"} })
				theirs := generated
				theirs.Template = green
				by := w.By
				w.By = mine
				text = w.list(w.batch(theirs).ID)[0]
				w.By = by
			}
			got := fault.From(w.enter(member, text).Err)
			if got == nil || got.Code != fault.CodeInvalid || got.Pointer != "/code" || len(got.Params)+len(got.Also) != 0 {
				t.Errorf("%s: %+v", what, got)
			}
		}
		w.By = mine
	})
}

func TestOneOf32GetsTheCode(t *testing.T) {
	eachCodes(t, func(t *testing.T, w *codes) {
		b := w.batch(code.Batch{Kind: code.Generated, Size: 1})
		text := w.list(b.ID)[0]
		var won, lost int
		var mu sync.Mutex
		var all sync.WaitGroup
		for i := range 32 {
			all.Go(func() {
				out, err := w.Issuing.RedeemCode(w.Ctx(), w.By, issuing.RedeemCodeInput{Once: app.Once{Key: fmt.Sprint(i), Body: "b"}, Text: text,
					Member: w.Key(i), Channel: "app", City: "shanghai", Address: "10.0.0.1"})
				if err == nil {
					err = out.Err
				}
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					won++
				case fault.Has(err, fault.CodeInvalid):
					lost++
				default:
					t.Errorf("member %d: %v", i, err)
				}
			})
		}
		all.Wait()
		if won != 1 || lost != 31 {
			t.Errorf("%d got a coupon, %d were refused", won, lost)
		}
	})
}

// A word is good for so many uses, and for so many a member; 32 at once take no more.
func TestWordHasItsLimits(t *testing.T) {
	eachCodes(t, func(t *testing.T, w *codes) {
		b := w.batch(code.Batch{Kind: code.Word, Word: "新春快乐", Size: 5, PerMember: 1})
		w.want("in another form", w.enter(0, " 「新春快乐」\n"), "")
		w.want("a second time", w.enter(0, "新春快乐"), fault.MemberLimit)
		var all sync.WaitGroup
		for i := range 32 {
			all.Go(func() {
				_, err := w.Issuing.RedeemCode(w.Ctx(), w.By, issuing.RedeemCodeInput{Once: app.Once{Key: fmt.Sprint(i), Body: "b"}, Text: b.Word,
					Member: w.Key(i + 1), Channel: "app", City: "shanghai"})
				if err != nil && !fault.Has(err, fault.CodeInvalid) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		got, err := w.catalog.GetCodeBatch(w.Ctx(), w.By, b.ID)
		w.Must(err)
		if got.Used != 5 {
			t.Errorf("%d uses of 5", got.Used)
		}
		for _, taken := range []string{"新春快乐", "新春快樂", "ＮＥＷ year", "new  YEAR"} {
			_, _, err := w.catalog.CreateCodeBatch(w.Ctx(), w.By, catalog.CreateCodeBatchInput{Batch: code.Batch{Kind: code.Word, Word: taken, Size: 1,
				Market: "main", Name: "x", Template: b.Template}})
			if reserved := taken == "新春快乐" || taken == "new  YEAR"; reserved != fault.Has(err, fault.NameTaken) {
				t.Errorf("word %q: %v", taken, err)
			}
		}
	})
}

// The claim rules hold for codes, and a refusal leaves the code as it was.
func TestCodeFollowsTheClaimRules(t *testing.T) {
	eachCodes(t, func(t *testing.T, w *codes) {
		one := apptest.Limits(testkit.Doc(), issueLimit(limit.PerTemplate, 3), issueLimit(limit.PerMember, 1))
		one.Claim.Place.Cities = []string{"shanghai"}
		b := w.batch(code.Batch{Kind: code.Generated, Size: 9, Template: w.Publish(one)})
		all := w.list(b.ID)
		w.want("another city", w.enter(0, all[0], func(in *issuing.RedeemCodeInput) { in.City = "beijing" }), fault.CityNotAllowed)
		w.want("no city", w.enter(0, all[0], func(in *issuing.RedeemCodeInput) { in.City = "" }), fault.CityNotAllowed)
		w.want("the same code", w.enter(0, all[0]), "")
		w.want("a second one", w.enter(0, all[1]), fault.MemberLimit)
		w.want("by somebody else", w.enter(1, all[1]), "")
		w.want("a third", w.enter(2, all[2]), "")
		w.want("sold out", w.enter(3, all[3]), fault.SoldOut)
	})
}

func TestImportedCodes(t *testing.T) {
	eachCodes(t, func(t *testing.T, w *codes) {
		first, second := w.batch(code.Batch{Kind: code.Imported}), w.batch(code.Batch{Kind: code.Imported})
		add := func(b id.ID, key, csv string) catalog.ImportReport {
			w.Helper()
			r, _, err := w.catalog.ImportCodes(w.Ctx(), w.By, catalog.ImportCodesInput{Once: app.Once{Key: key, Body: csv}, Batch: b, CSV: csv})
			w.Must(err)
			return r
		}
		try := func(b id.ID, csv string) catalog.ImportReport {
			w.Helper()
			r, _, err := w.catalog.ImportCodes(w.Ctx(), w.By, catalog.ImportCodesInput{Once: app.Once{Key: "tried", Body: csv}, Batch: b, CSV: csv, Dry: true})
			w.Must(err)
			return r
		}
		for range 2 { // nothing is written
			got := try(first.ID, "code,note\nOLD-0001-X,a\n\"OLD 0002 X\",b\nold0001x,\nxx,short\n")
			if got.Rows != 4 || got.Added != 2 || got.Known != 0 || fmt.Sprint(got.Problems) != "[{4 duplicate_value} {5 invalid_value}]" {
				t.Errorf("tried: %+v", got)
			}
		}
		got := add(first.ID, "a", "\ufeffcode,note\nOLD-0001-X,a\n\"OLD 0002 X\",b\nold0001x,\nxx,short\n"+strings.Repeat("9", 65)+",long\n")
		if got.Rows != 5 || got.Added != 2 || got.Refused != 3 || fmt.Sprint(got.Problems) != "[{4 duplicate_value} {5 invalid_value} {6 too_long}]" {
			t.Errorf("report %+v", got)
		}
		if again := add(first.ID, "a", "\ufeffcode,note\nOLD-0001-X,a\n\"OLD 0002 X\",b\nold0001x,\nxx,short\n"+strings.Repeat("9", 65)+",long\n"); fmt.Sprint(again) != fmt.Sprint(got) {
			t.Errorf("again %+v", again)
		}
		if got := try(second.ID, "OLD0001X;1\nOLD0003X;2\n"); got.Added != 1 || fmt.Sprint(got.Problems) != "[{1 name_taken}]" {
			t.Errorf("tried into another batch: %+v", got)
		}
		if got := try(first.ID, "OLD0001X\nOLD0003X\n"); got.Added != 1 || got.Known != 1 || got.Refused != 0 {
			t.Errorf("tried again: %+v", got)
		}
		word := w.batch(code.Batch{Kind: code.Word, Word: "try me", Size: 1})
		if _, _, err := w.catalog.ImportCodes(w.Ctx(), w.By, catalog.ImportCodesInput{Batch: word.ID, CSV: "xx\n", Dry: true}); !fault.Has(err, fault.WrongState) {
			t.Errorf("tried into a word: %v", err)
		}
		if got := add(second.ID, "b", "OLD0001X;1\nOLD0003X;2\n"); got.Added != 1 || fmt.Sprint(got.Problems) != "[{1 name_taken}]" {
			t.Errorf("into another batch %+v", got)
		}
		if got := add(first.ID, "c", "OLD0002X\nOLD0004X\n"); got.Added != 1 || got.Known != 1 {
			t.Errorf("known %+v", got)
		}
		w.want("imported", w.enter(0, "old-0001-x"), "")
		w.want("imported, used", w.enter(1, "OLD0001X"), fault.CodeInvalid)
		w.want("imported later", w.enter(1, "OLD 0004 X"), "")
		w.want("of the second batch", w.enter(2, "OLD0003X"), "")
		w.want("not in a pool", w.enter(3, "OLD0005X"), fault.CodeInvalid)
		for csv, want := range map[string]fault.Code{"": fault.MissingValue, "code\n": fault.MissingValue, "\"a\nb": fault.InvalidValue, strings.Repeat("a\n", catalog.MostImported+1): fault.OutOfRange} {
			if _, _, err := w.catalog.ImportCodes(w.Ctx(), w.By, catalog.ImportCodesInput{Batch: first.ID, CSV: csv}); !fault.Has(err, want) {
				t.Errorf("file %.10q: %v, want %s", csv, err, want)
			}
		}
		if _, err := w.catalog.ListCodes(w.Ctx(), w.By, first.ID, 1, 1); !fault.Has(err, fault.WrongState) {
			t.Errorf("codes of a pool are told: %v", err)
		}
	})
}

// Wrong guesses are slowed down by member, device and address, each apart; a right
// code is not, while the address has not guessed very often.
func TestGuessesAreSlowedDown(t *testing.T) {
	w := &codes{World: apptest.New(t, sqlitetest.Open(t), 1)}
	w.Members(40)
	w.catalog = &catalog.Catalog{App: w.App}
	all := w.list(w.batch(code.Batch{Kind: code.Generated, Size: 50}).ID)
	at := func(device, address string) func(*issuing.RedeemCodeInput) {
		return func(in *issuing.RedeemCodeInput) { in.Device, in.Address = device, address }
	}
	guess := func(member, times int, device, address string, last fault.Code) {
		t.Helper()
		var got issuing.Outcome
		for range times {
			got = w.enter(member, "wrong", at(device, address))
		}
		w.want(fmt.Sprintf("member %d, device %q, address %q", member, device, address), got, last)
	}
	guess(0, 10, "", "", fault.CodeInvalid)
	guess(0, 1, "", "", fault.RateLimited)
	w.want("right, but guessing", w.enter(0, all[0]), fault.RateLimited)
	if seconds := fault.From(w.enter(0, "wrong").Err).Param("retry_after_seconds"); seconds != int64(180) {
		t.Errorf("retry after %v", seconds)
	}
	w.Time.Advance(3 * time.Minute)
	w.want("after the wait", w.enter(0, all[0]), "")

	guess(1, 10, "phone", "", fault.CodeInvalid)
	guess(2, 10, "phone", "", fault.CodeInvalid)
	guess(3, 1, "phone", "", fault.RateLimited)
	guess(3, 1, "other", "", fault.CodeInvalid)

	for m := 4; m < 34; m++ {
		guess(m, 10, "", "10.0.0.1", fault.CodeInvalid)
	}
	guess(34, 1, "", "10.0.0.1", fault.RateLimited)
	w.want("right, behind the same address", w.enter(35, all[1], at("", "10.0.0.1")), "")
	guess(36, 400, "", "10.0.0.1", fault.RateLimited)
	w.want("right, behind an address that does nothing but guess", w.enter(35, all[2], at("", "10.0.0.1")), fault.RateLimited)
	w.want("elsewhere", w.enter(35, all[2], at("", "10.0.0.2")), "")
	w.Clean()
}
