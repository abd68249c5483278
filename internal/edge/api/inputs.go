package api

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"quan/internal/app"
	"quan/internal/domain/member"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/page"
	"quan/internal/store"
)

// Keyed is the header of every POST that writes.
type Keyed struct {
	IdempotencyKey string `header:"Idempotency-Key" required:"true" maxLength:"255" doc:"names the request: repeated with the same body it answers the same and acts once" example:"3f0c9a6e-claim-1"`
}

// once is the request's key with the hash of what was asked: the route, its
// path values and the decoded body, so that spaces and the order of keys don't
// matter.
func (c *call) once(key string, body any) app.Once {
	c.begin(key)
	text := append(append(make([]byte, 0, 512), c.route...), 0)
	for _, name := range pathNames(c.route) {
		text = append(append(text, c.request.PathValue(name)...), 0)
	}
	if b, ok := body.(canonical); ok {
		text = b.canonical(text)
	} else {
		plain, err := json.Marshal(body)
		if err != nil {
			panic(err) // every body of this package marshals
		}
		text = append(text, plain...)
	}
	sum := sha256.Sum256(text)
	return app.Once{Key: key, Body: hex.EncodeToString(sum[:])}
}

// canonical is a body that appends by itself what json.Marshal makes of it.
type canonical interface{ canonical(b []byte) []byte }

// onceOf is the key of one element of a batch: the batch's key and its place.
func (c *call) onceOf(key string, index int, element any) app.Once {
	h := sha256.Sum256([]byte(key))
	return c.once("batch:"+hex.EncodeToString(h[:16])+":"+strconv.Itoa(index), element)
}

func pathNames(route string) []string {
	if !strings.Contains(route, "{") {
		return nil
	}
	var names []string
	for part := range strings.SplitSeq(route, "/") {
		if strings.HasPrefix(part, "{") {
			names = append(names, strings.TrimSuffix(strings.TrimPrefix(part, "{"), "}"))
		}
	}
	return names
}

// Matched is the header of changes to a row that exists.
type Matched struct {
	IfMatch string `header:"If-Match" required:"true" maxLength:"64" doc:"the ETag that the change was made against" example:"\"3\""`
}

func (m Matched) rev() (int64, error) { return revOf(m.IfMatch) }

// Creating are the headers of a PUT that creates or changes.
type Creating struct {
	IfMatch     string `header:"If-Match" maxLength:"64" doc:"the ETag that the change was made against; absent to create" example:"\"3\""`
	IfNoneMatch string `header:"If-None-Match" maxLength:"64" enum:"*" doc:"create only" example:"*"`
}

func (m Creating) rev() (int64, error) {
	if m.IfMatch == "" {
		return 0, nil
	}
	if m.IfNoneMatch != "" {
		return 0, fault.New(fault.Conflicting, "a", "If-Match", "b", "If-None-Match").At("header:If-None-Match")
	}
	return revOf(m.IfMatch)
}

// refused turns the answer of a use case to a creating PUT on an existing row:
// with If-None-Match the row's existence is the caller's own condition (412).
func (m Creating) refused(err error) error {
	if m.IfNoneMatch != "" && fault.Has(err, fault.IfMatchMissing) {
		return fault.New(fault.StaleRevision).At("header:If-None-Match")
	}
	return err
}

func revOf(tag string) (int64, error) {
	text, ok := strings.CutPrefix(tag, `"`)
	text, closed := strings.CutSuffix(text, `"`)
	rev, err := strconv.ParseInt(text, 10, 64)
	if !ok || !closed || err != nil || rev < 1 || strconv.FormatInt(rev, 10) != text {
		return 0, fault.New(fault.InvalidValue).At("header:If-Match")
	}
	return rev, nil
}

// tag is a revision as an ETag.
func tag(rev int64) string { return `"` + strconv.FormatInt(rev, 10) + `"` }

// Paged are the parameters of a list.
type Paged struct {
	Limit  int64  `query:"limit" minimum:"1" maximum:"500" default:"50" doc:"rows of a page"`
	Cursor string `query:"cursor" maxLength:"512" doc:"next_cursor of the page before"`
	Filed
}

// Filed is the parameter of a list that can be had as a file.
type Filed struct {
	Format string `query:"format" enum:"json,csv,xlsx" default:"json" doc:"csv and xlsx: the whole list as a file, whatever its length; a column for each field, amounts in minor units, read page by page and so not of one moment"`
}

// after is the key of the last row seen, and how many rows to ask for: one more
// than shown, so that the last page is known.
func (p Paged) after(list string) (key string, ask int, err error) {
	key, err = page.Decode(list, p.Cursor)
	if err != nil {
		return "", 0, fault.New(fault.InvalidCursor).At("query:cursor")
	}
	return key, page.Page{Limit: int(p.Limit)}.Size() + 1, nil
}

// afterID is after for lists whose keys are ids.
func (p Paged) afterID(list, prefix string) (id.ID, int, error) {
	key, ask, err := p.after(list)
	if err != nil || key == "" {
		return 0, ask, err
	}
	i, err := id.Parse(prefix, key)
	if err != nil {
		return 0, 0, fault.New(fault.InvalidCursor).At("query:cursor")
	}
	return i, ask, nil
}

// behind is after for lists by time.
func (p Paged) behind(list string) (b store.Behind, ask int, err error) {
	key, ask, err := p.after(list)
	if err != nil || key == "" {
		return b, ask, err
	}
	var at, i, seq int64
	if n, err := fmt.Sscanf(key, "%d.%d.%d", &at, &i, &seq); err != nil || n != 3 {
		return b, 0, fault.New(fault.InvalidCursor).At("query:cursor")
	}
	return store.Behind{At: calendar.Instant(at), ID: id.ID(i), Seq: seq}, ask, nil
}

// placeText is a place in a list by time, as its cursor holds it.
func placeText(b store.Behind) string { return fmt.Sprintf("%d.%d.%d", b.At, int64(b.ID), b.Seq) }

// listing is the answer to a list.
type listing[T any] struct {
	Items      []T    `json:"items" doc:"the rows of the page" nullable:"false"`
	NextCursor string `json:"next_cursor,omitempty" doc:"asks for the next page; absent on the last"`
}

// pageOf shows rows that were asked for with one more than the page holds.
func pageOf[R, T any](list string, ask int, rows []R, key func(R) string, show func(R) T) listing[T] {
	out := listing[T]{Items: make([]T, 0, min(len(rows), ask))}
	for i, r := range rows {
		if i == ask-1 {
			out.NextCursor = page.Encode(list, key(rows[i-1]))
			break
		}
		out.Items = append(out.Items, show(r))
	}
	return out
}

// who names a member in a body: by identity, or by id.
type who struct {
	Kind  string   `json:"kind,omitempty" maxLength:"32" doc:"kind of identity: phone, wechat, email, device, external or another short word; with value" example:"phone"`
	Value string   `json:"value,omitempty" maxLength:"256" doc:"the identity's value" example:"+8613800000000"`
	ID    memberID `json:"id,omitzero" doc:"instead of kind and value"`
}

// resolve returns the blind key of the identity, or the id.
func (w who) resolve(v *member.Vault, at string) (member.Key, id.ID, error) {
	switch {
	case w.ID != 0 && (w.Kind != "" || w.Value != ""):
		return member.Key{}, 0, fault.New(fault.Conflicting, "a", "id", "b", "kind").At(at + "/id")
	case w.ID != 0:
		return member.Key{}, id.ID(w.ID), nil
	case w.Kind == "":
		return member.Key{}, 0, fault.New(fault.MissingValue).At(at + "/kind")
	case w.Value == "":
		return member.Key{}, 0, fault.New(fault.MissingValue).At(at + "/value")
	}
	return v.Key(w.Kind, member.Secret(w.Value)), 0, nil
}

// Replayed is the header of an answer that was given before.
type Replayed struct {
	Replayed string `header:"Idempotency-Replayed" doc:"true when the key was known and the answer is that of the first time"`
}

func replay(yes bool) Replayed {
	if yes {
		return Replayed{"true"}
	}
	return Replayed{}
}

// Revised is the header of a row's revision.
type Revised struct {
	ETag string `header:"ETag" doc:"the row's revision, for If-Match"`
}
