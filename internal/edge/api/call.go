package api

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"net/http"
	"strings"

	"quan/internal/domain/access"
	"quan/internal/kernel/i18n"
)

// call is what one request carries through the layers; it is used by one
// goroutine at a time.
type call struct {
	id        string
	lang      i18n.Lang
	route     string // pattern, "" where none matched
	principal access.Principal
	cause     error // of a 5xx, for the log
	request   *http.Request
	instead   int // status that replaces the one about to be written
	running   *running
	twins     string // the name under which running counts the call, "" for none
	end       func() // takes it out again
}

type callKey struct{}

func callOf(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}

func newCall(r *http.Request) (*call, *http.Request) {
	c := &call{id: requestID(r.Header.Get("X-Request-Id")), lang: i18n.Match(r.Header.Get("Accept-Language"))}
	r = r.WithContext(context.WithValue(r.Context(), callKey{}, c))
	c.request = r
	return c, r
}

// requestID takes the caller's own id when it is short and plain, else makes one.
func requestID(given string) string {
	if len(given) >= 8 && len(given) <= 64 && strings.Trim(given, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == "" {
		return given
	}
	var b [10]byte
	rand.Read(b[:]) // never fails
	out := make([]byte, 0, 20)
	return string(smallBase32.AppendEncode(append(out, "req_"...), b[:]))
}

var smallBase32 = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567")
