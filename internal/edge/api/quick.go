package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"

	"quan/internal/edge/api/strict"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// The operations that a flash sale consists of bind and write by hand: reflection
// over their input and answer took as long as SQLite takes for the coupon's row. The
// declaration stays the one of operation.go: document, permission, schema and every
// check of the screen are shared, and a test holds both ways to the same bytes.

// quickly answers a request of one operation.
type quickly func(c *call, w http.ResponseWriter, r *http.Request)

// quickInput binds what the screen has let pass.
type quickInput interface {
	bind(h http.Header, body *strict.Node)
}

// quickAnswer writes its headers and appends its body.
type quickAnswer interface {
	answer(h http.Header, b []byte) []byte
}

// quicklyBy is nil for an operation whose input or answer does not know how.
func quicklyBy[I, O any](s *server, sc *screen, do func(context.Context, *call, *I) (*O, error)) quickly {
	if _, ok := any(new(I)).(quickInput); !ok {
		return nil
	}
	if _, ok := any(new(O)).(quickAnswer); !ok {
		return nil
	}
	may, status := sc.o.may, sc.o.status
	return func(c *call, w http.ResponseWriter, r *http.Request) {
		if err := s.allow(c, r, may); err != nil {
			c.fail(w, err)
			return
		}
		body, err := sc.request(r, w)
		if err != nil {
			c.fail(w, err)
			return
		}
		in := new(I)
		any(in).(quickInput).bind(r.Header, body)
		out, err := do(r.Context(), c, in)
		if err != nil {
			c.fail(w, err)
			return
		}
		text := any(out).(quickAnswer).answer(w.Header(), make([]byte, 0, 512))
		w.Header()["Content-Type"] = jsonContent
		w.WriteHeader(status)
		_, _ = w.Write(text) // the client is gone: nothing to do
	}
}

var jsonContent = []string{"application/json"}

func (in *claimInput) bind(h http.Header, body *strict.Node) {
	in.IdempotencyKey = h.Get("Idempotency-Key")
	b := &in.Body
	for i, key := range body.Keys {
		n := &body.Items[i]
		switch key {
		case "template":
			bindID(&b.Template, n)
		case "member":
			b.Member.bind(n)
		case "batch":
			bindID(&b.Batch, n)
		case "place":
			b.Place = n.Text
		case "device":
			b.Device = n.Text
		case "payer":
			b.Payer = n.Text
		case "person":
			b.Person = n.Text
		default:
			b.Circumstances.bind(key, n)
		}
	}
}

func (in *grantInput) bind(h http.Header, body *strict.Node) {
	in.IdempotencyKey = h.Get("Idempotency-Key")
	b := &in.Body
	for i, key := range body.Keys {
		n := &body.Items[i]
		switch key {
		case "templates":
			b.Templates = make([]templateID, len(n.Items))
			for k := range n.Items {
				bindID(&b.Templates[k], &n.Items[k])
			}
		case "member":
			b.Member.bind(n)
		case "batch":
			bindID(&b.Batch, n)
		default:
			b.Circumstances.bind(key, n)
		}
	}
}

func (w *who) bind(n *strict.Node) {
	for i, key := range n.Keys {
		switch key {
		case "kind":
			w.Kind = n.Items[i].Text
		case "value":
			w.Value = n.Items[i].Text
		case "id":
			bindID(&w.ID, &n.Items[i])
		}
	}
}

func (c *Circumstances) bind(key string, n *strict.Node) {
	switch key {
	case "placement":
		bindID(&c.Placement, n)
	case "channel":
		c.Channel = n.Text
	case "city":
		c.City = n.Text
	}
}

// bindID takes an id whose form the schema has seen.
func bindID[K prefixed](to *ref[K], n *strict.Node) {
	var k K
	found, _ := id.Parse(k.prefix(), n.Text)
	*to = ref[K](found)
}

func (b *claimBody) canonical(to []byte) []byte {
	to = appendID(append(to, `{"template":`...), b.Template)
	to = b.Member.canonical(append(to, `,"member":`...))
	if b.Batch != 0 {
		to = appendID(append(to, `,"batch":`...), b.Batch)
	}
	to = appendText(to, `,"place":`, b.Place)
	to = b.Circumstances.canonical(to)
	to = appendText(to, `,"device":`, b.Device)
	to = appendText(to, `,"payer":`, b.Payer)
	return append(appendText(to, `,"person":`, b.Person), '}')
}

func (b *grantBody) canonical(to []byte) []byte {
	to = append(to, `{"templates":[`...)
	for i, t := range b.Templates {
		if i > 0 {
			to = append(to, ',')
		}
		to = appendID(to, t)
	}
	to = b.Member.canonical(append(to, `],"member":`...))
	if b.Batch != 0 {
		to = appendID(append(to, `,"batch":`...), b.Batch)
	}
	return append(b.Circumstances.canonical(to), '}')
}

func (w *who) canonical(to []byte) []byte {
	to = append(to, '{')
	from := len(to)
	to = appendText(to, `,"kind":`, w.Kind)
	to = appendText(to, `,"value":`, w.Value)
	if w.ID != 0 {
		to = appendID(append(to, `,"id":`...), w.ID)
	}
	if len(to) > from { // the first comma
		to = append(to[:from], to[from+1:]...)
	}
	return append(to, '}')
}

func (c *Circumstances) canonical(to []byte) []byte {
	if c.Placement != 0 {
		to = appendID(append(to, `,"placement":`...), c.Placement)
	}
	to = appendText(to, `,"channel":`, c.Channel)
	return appendText(to, `,"city":`, c.City)
}

func (a *receiptAnswer) answer(h http.Header, b []byte) []byte {
	if a.Replayed.Replayed != "" {
		h.Set("Idempotency-Replayed", a.Replayed.Replayed)
	}
	return append(a.Body.json(b), '\n')
}

func (r *receiptRow) json(b []byte) []byte {
	b = appendID(append(b, `{"origin":`...), r.Origin)
	b = appendID(append(b, `,"member":`...), r.Member)
	b = append(b, `,"coupons":[`...)
	for i := range r.Coupons {
		if i > 0 {
			b = append(b, ',')
		}
		b = r.Coupons[i].json(b)
	}
	return append(b, "]}"...)
}

func (r *issuedRow) json(b []byte) []byte {
	b = appendID(append(b, `{"id":`...), r.ID)
	b = append(append(append(b, `,"number":"`...), r.Number...), '"') // digits, letters and hyphens
	b = appendID(append(b, `,"template":`...), r.Template)
	b = strconv.AppendInt(append(b, `,"version":`...), r.Version, 10)
	b = appendInstant(append(b, `,"valid_from":`...), r.ValidFrom)
	if r.ValidTo != 0 {
		b = appendInstant(append(b, `,"valid_to":`...), r.ValidTo)
	}
	b = strconv.AppendInt(append(b, `,"uses":`...), r.Uses, 10)
	b = appendInstant(append(b, `,"issued_at":`...), r.IssuedAt)
	if r.FaceMinor != 0 {
		b = strconv.AppendInt(append(b, `,"face_minor":`...), r.FaceMinor, 10)
	}
	return append(b, '}')
}

func appendID[K prefixed](b []byte, i ref[K]) []byte {
	var k K
	return append(append(append(b, '"'), id.Format(k.prefix(), id.ID(i))...), '"')
}

func appendInstant(b []byte, i calendar.Instant) []byte {
	text, _ := i.MarshalJSON() // never fails
	return append(b, text...)
}

// appendText appends a field that is left out when it is empty.
func appendText(b []byte, field, text string) []byte {
	if text == "" {
		return b
	}
	b = append(b, field...)
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			quoted, _ := json.Marshal(text) // a string always has a form
			return append(b, quoted...)
		}
	}
	return append(append(append(b, '"'), text...), '"')
}
