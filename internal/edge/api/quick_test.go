package api

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"quan/internal/edge/api/strict"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

var (
	anyText = rapid.OneOf(rapid.Just(""), rapid.StringMatching(`[a-z0-9+ -]{1,20}`), rapid.StringOf(rapid.RuneFrom([]rune("aé券\u2028\u2029<>&\"\\/\x7f\x01\t😀"))))
	anyID   = rapid.OneOf(rapid.Just(id.ID(0)), rapid.Map(rapid.Int64Range(1, 1<<62), func(n int64) id.ID { return id.ID(n) }))
)

func anyCircumstances(t *rapid.T) Circumstances {
	return Circumstances{Placement: placementID(anyID.Draw(t, "placement")), Channel: anyText.Draw(t, "channel"), City: anyText.Draw(t, "city")}
}

func anyWho(t *rapid.T) who {
	return who{Kind: anyText.Draw(t, "kind"), Value: anyText.Draw(t, "value"), ID: memberID(anyID.Draw(t, "member"))}
}

func anyClaim(t *rapid.T) claimBody {
	return claimBody{Template: templateID(anyID.Draw(t, "template")), Member: anyWho(t), Batch: batchID(anyID.Draw(t, "batch")), Place: anyText.Draw(t, "place"),
		Circumstances: anyCircumstances(t), Acting: Acting{Device: anyText.Draw(t, "device"), Payer: anyText.Draw(t, "payer"), Person: anyText.Draw(t, "person")}}
}

func anyGrant(t *rapid.T) grantBody {
	b := grantBody{Templates: []templateID{}, Member: anyWho(t), Batch: batchID(anyID.Draw(t, "batch")), Circumstances: anyCircumstances(t)}
	for range rapid.IntRange(0, 3).Draw(t, "templates") {
		b.Templates = append(b.Templates, templateID(anyID.Draw(t, "template")))
	}
	return b
}

// TestQuickSaysTheSame: what is bound and written by hand is what encoding/json binds
// and writes. Requests are remembered by the canonical body, so one other byte would
// take a repeated claim for another one.
func TestQuickSaysTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		claim, grant := anyClaim(t), anyGrant(t)
		key := http.Header{"Idempotency-Key": {"k"}}
		sameBody(t, &claim, func(n *strict.Node) (any, string) {
			var in claimInput
			in.bind(key, n)
			return &in.Body, in.IdempotencyKey
		})
		sameBody(t, &grant, func(n *strict.Node) (any, string) {
			var in grantInput
			in.bind(key, n)
			return &in.Body, in.IdempotencyKey
		})
	})
}

// TestQuickForgetsNoField: a field that a body or an answer gets is bound and written
// by hand too.
func TestQuickForgetsNoField(t *testing.T) {
	var claim claimInput
	var grant grantInput
	var receipt receiptAnswer
	for _, v := range []any{&claim.Body, &grant.Body, &receipt.Body} {
		full(reflect.ValueOf(v).Elem())
	}
	for _, b := range []canonical{&claim.Body, &grant.Body} {
		if want, _ := json.Marshal(b); string(want) != string(b.canonical(nil)) {
			t.Errorf("%s is written as %s", want, b.canonical(nil))
		}
	}
	for want, bound := range map[any]quickInput{&claim.Body: &claimInput{}, &grant.Body: &grantInput{}} {
		text, _ := json.Marshal(want)
		node, refusal := strict.Parse(text)
		if refusal != nil {
			t.Fatal(refusal)
		}
		bound.bind(http.Header{}, node)
		if diff := cmp.Diff(want, reflect.ValueOf(bound).Elem().FieldByName("Body").Addr().Interface()); diff != "" {
			t.Errorf("bound (-json +own):\n%s", diff)
		}
	}
	var want strings.Builder
	if err := writeJSON(&want, receipt.Body); err != nil || want.String() != string(receipt.answer(http.Header{}, nil)) {
		t.Errorf("%s is written as %s, %v", want.String(), receipt.answer(http.Header{}, nil), err)
	}
}

// full sets every field to something.
func full(v reflect.Value) {
	switch {
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			full(v.Field(i))
		}
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		full(v.Index(0))
		full(v.Index(1))
	case v.Kind() == reflect.String:
		v.SetString("x")
	case v.CanInt():
		v.SetInt(5)
	default:
		panic(v.Type())
	}
}

// sameBody writes a body both ways and binds it both ways. Ids that are none are no
// texts that a body may have: the schema refuses them, so they are left out.
func sameBody[B canonical](t *rapid.T, body B, bind func(*strict.Node) (in any, key string)) {
	want, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(body.canonical(nil))); diff != "" {
		t.Errorf("canonical (-json +own):\n%s", diff)
	}
	text := strings.ReplaceAll(string(want), `"template":"",`, "")
	if strings.Contains(text, `[""`) || strings.Contains(text, `,""`) {
		return
	}
	node, refusal := strict.Parse([]byte(text))
	if refusal != nil {
		t.Fatal(refusal)
	}
	in, key := bind(node)
	if diff := cmp.Diff(any(body), in); diff != "" || key != "k" {
		t.Errorf("bound under key %q (-json +own):\n%s", key, diff)
	}
}

// TestQuickAnswersTheSame: so is the receipt.
func TestQuickAnswersTheSame(t *testing.T) {
	instant := rapid.Map(rapid.Int64Range(0, 4e12), func(n int64) calendar.Instant { return calendar.Instant(n) })
	number := rapid.Int64Range(-1<<62, 1<<62)
	rapid.Check(t, func(t *rapid.T) {
		a := receiptAnswer{Replayed: replay(rapid.Bool().Draw(t, "replayed")),
			Body: receiptRow{Origin: originID(anyID.Draw(t, "origin")), Member: memberID(anyID.Draw(t, "member")), Coupons: []issuedRow{}}}
		for range rapid.IntRange(0, 3).Draw(t, "coupons") {
			a.Body.Coupons = append(a.Body.Coupons, issuedRow{ID: couponID(anyID.Draw(t, "id")), Number: "0A2B-3C4D-5E6F-7G",
				Template: templateID(anyID.Draw(t, "template")), Version: number.Draw(t, "version"), ValidFrom: instant.Draw(t, "from"), ValidTo: instant.Draw(t, "to"),
				Uses: number.Draw(t, "uses"), IssuedAt: instant.Draw(t, "at"), FaceMinor: rapid.OneOf(rapid.Just(int64(0)), number).Draw(t, "face")})
		}
		var want strings.Builder
		if err := writeJSON(&want, a.Body); err != nil {
			t.Fatal(err)
		}
		h := http.Header{}
		if diff := cmp.Diff(want.String(), string(a.answer(h, nil))); diff != "" {
			t.Errorf("(-json +own):\n%s", diff)
		}
		if h.Get("Idempotency-Replayed") != a.Replayed.Replayed {
			t.Errorf("header %q", h.Get("Idempotency-Replayed"))
		}
	})
}
