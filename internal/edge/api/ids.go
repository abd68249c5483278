package api

import (
	"encoding"
	"encoding/json"
	"io"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// prefixed is the kind of a typed id.
type prefixed interface{ prefix() string }

// ref is an id as JSON and paths carry it: a text with the prefix of its kind.
type ref[K prefixed] id.ID

type (
	templateKind   struct{}
	couponKind     struct{}
	memberKind     struct{}
	placementKind  struct{}
	orderKind      struct{}
	lockKind       struct{}
	redemptionKind struct{}
	refundKind     struct{}
	originKind     struct{}
	jobKind        struct{}
	keyKind        struct{}
	personKind     struct{}
	sessionKind    struct{}
	auditKind      struct{}
	codeBatchKind  struct{}
	batchKind      struct{}
	budgetKind     struct{}
	packKind       struct{}
	planKind       struct{}
	packetKind     struct{}
	noteKind       struct{}
	deskActKind    struct{}
	linkKind       struct{}
)

func (templateKind) prefix() string   { return id.Template }
func (couponKind) prefix() string     { return id.Coupon }
func (memberKind) prefix() string     { return id.Member }
func (placementKind) prefix() string  { return id.Placement }
func (orderKind) prefix() string      { return id.Order }
func (lockKind) prefix() string       { return id.Lock }
func (redemptionKind) prefix() string { return id.Redemption }
func (refundKind) prefix() string     { return id.Refund }
func (originKind) prefix() string     { return id.Origin }
func (jobKind) prefix() string        { return id.Job }
func (keyKind) prefix() string        { return id.Key }
func (personKind) prefix() string     { return id.Person }
func (sessionKind) prefix() string    { return id.Session }
func (auditKind) prefix() string      { return id.Audit }
func (codeBatchKind) prefix() string  { return id.CodeBatch }
func (batchKind) prefix() string      { return id.Batch }
func (budgetKind) prefix() string     { return id.Budget }
func (packKind) prefix() string       { return id.Pack }
func (planKind) prefix() string       { return id.PacketPlan }
func (packetKind) prefix() string     { return id.Packet }
func (noteKind) prefix() string       { return id.Note }
func (deskActKind) prefix() string    { return id.DeskAct }
func (linkKind) prefix() string       { return id.Link }

type (
	templateID   = ref[templateKind]
	couponID     = ref[couponKind]
	memberID     = ref[memberKind]
	placementID  = ref[placementKind]
	orderID      = ref[orderKind]
	linkID       = ref[linkKind]
	lockID       = ref[lockKind]
	redemptionID = ref[redemptionKind]
	refundID     = ref[refundKind]
	originID     = ref[originKind]
	jobID        = ref[jobKind]
	keyID        = ref[keyKind]
	personID     = ref[personKind]
	sessionID    = ref[sessionKind]
	auditID      = ref[auditKind]
	codeBatchID  = ref[codeBatchKind]
	batchID      = ref[batchKind]
	budgetID     = ref[budgetKind]
	packID       = ref[packKind]
	planID       = ref[planKind]
	packetID     = ref[packetKind]
	noteID       = ref[noteKind]
	deskActID    = ref[deskActKind]
)

// MarshalText writes the typed text, none as "".
func (r ref[K]) MarshalText() ([]byte, error) {
	var k K
	return []byte(id.Format(k.prefix(), id.ID(r))), nil
}

// UnmarshalText reads what MarshalText writes.
func (r *ref[K]) UnmarshalText(b []byte) error {
	var k K
	parsed, err := id.Parse(k.prefix(), string(b))
	*r = ref[K](parsed)
	return err
}

// String is the typed text.
func (r ref[K]) String() string {
	var k K
	return id.Format(k.prefix(), id.ID(r))
}

// Schema describes the text.
func (r ref[K]) Schema(huma.Registry) *huma.Schema {
	var k K
	n := len(k.prefix()) + 14
	return &huma.Schema{Type: huma.TypeString, MinLength: &n, MaxLength: &n, Pattern: "^" + k.prefix() + "_[0-9a-hjkmnp-tv-z]{13}$",
		Examples: []any{id.Format(k.prefix(), exampleID)}, Extensions: map[string]any{prefixExtension: k.prefix()}}
}

const exampleID = id.ID(0x0c3a_51f2_7b04_1c01)

// templateList are ids of templates in a parameter, divided by commas.
type templateList struct{ all []id.ID }

// UnmarshalText reads ids that the schema has let through.
func (l *templateList) UnmarshalText(b []byte) error {
	l.all = nil
	for text := range strings.SplitSeq(string(b), ",") {
		t, err := id.Parse(id.Template, text)
		if err != nil {
			t = 1 // the form is right and there is none: 1 is nobody's either
		}
		l.all = append(l.all, t)
	}
	return nil
}

// Schema describes the text.
func (templateList) Schema(huma.Registry) *huma.Schema {
	const one = "tpl_[0-7][0-9a-hjkmnp-tv-z]{12}"
	most := 100 * (len("tpl_0rejhy9xg8701") + 1)
	return &huma.Schema{Type: huma.TypeString, MaxLength: &most, Pattern: "^" + one + "(," + one + ")*$", Examples: []any{"tpl_0rejhy9xg8701,tpl_0rejhy9xg8702"}}
}

// day is a local calendar day in parameters and bodies.
type day calendar.Date

// MarshalText writes yyyy-mm-dd.
func (d day) MarshalText() ([]byte, error) { return calendar.Date(d).MarshalText() }

// UnmarshalText reads yyyy-mm-dd.
func (d *day) UnmarshalText(b []byte) error { return (*calendar.Date)(d).UnmarshalText(b) }

// Schema describes the text.
func (d day) Schema(huma.Registry) *huma.Schema {
	n := len("2026-03-02")
	return &huma.Schema{Type: huma.TypeString, Format: "date", MaxLength: &n, MinLength: &n, Examples: []any{"2026-03-02"}}
}

// moment is a calendar.Instant in parameters.
type moment calendar.Instant

// UnmarshalText reads what RFC 3339 allows.
func (m *moment) UnmarshalText(b []byte) error {
	i, err := calendar.ParseInstant(string(b))
	*m = moment(i)
	return err
}

// Schema describes the text.
func (moment) Schema(huma.Registry) *huma.Schema {
	n := 40
	return &huma.Schema{Type: huma.TypeString, Format: "date-time", MaxLength: &n, Examples: []any{"2026-03-02T08:00:00Z"}}
}

// Receiver makes huma read text.
func (m *moment) Receiver() reflect.Value { return reflect.ValueOf(&parameter{m}).Elem() }

// timeOfDay is a schedule.Clock in bodies.
type timeOfDay schedule.Clock

// Schema describes the text.
func (timeOfDay) Schema(huma.Registry) *huma.Schema {
	n := len("10:00")
	return &huma.Schema{Type: huma.TypeString, Pattern: "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", MaxLength: &n, MinLength: &n, Examples: []any{"10:00"}}
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// parameter is how huma reads an id or day in a path or query: as text, where
// its kind would make it read a number.
type parameter struct{ to encoding.TextUnmarshaler }

// UnmarshalText reads the wrapped value.
func (p *parameter) UnmarshalText(b []byte) error { return p.to.UnmarshalText(b) }

// Receiver makes huma read text.
func (r *ref[K]) Receiver() reflect.Value { return reflect.ValueOf(&parameter{r}).Elem() }

// Receiver makes huma read text.
func (d *day) Receiver() reflect.Value { return reflect.ValueOf(&parameter{d}).Elem() }
