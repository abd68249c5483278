package bench

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// connections of the load, kept alive.
const connections = 128

// listen serves a handler on loopback until the benchmark ends.
func listen(b *testing.B, h http.Handler) string {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(b, err)
	s := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = s.Serve(l) }()
	b.Cleanup(func() { must(b, s.Close()) })
	return l.Addr().String()
}

// load sends POSTs over keep-alive connections. It speaks HTTP by itself: the
// standard client would take as much of the processors as the services.
type load struct {
	address string
	path    string
	secret  string
	body    func(n int64) string
	next    atomic.Int64
}

func (l *load) run(b *testing.B, d time.Duration) turn {
	var t turn
	var mu sync.Mutex
	var running sync.WaitGroup
	began := time.Now()
	for range connections {
		running.Go(func() {
			each, err := l.speak(began.Add(d))
			if err != nil {
				b.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			t.each, t.done = append(t.each, each...), t.done+int64(len(each))
		})
	}
	running.Wait()
	t.took = time.Since(began)
	return t
}

// speak sends requests on one connection until the end, one after the other.
func (l *load) speak(end time.Time) ([]time.Duration, error) {
	conn, err := net.Dial("tcp", l.address)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	in := bufio.NewReader(conn)
	var each []time.Duration
	var out []byte
	for time.Now().Before(end) {
		n := l.next.Add(1)
		body := l.body(n)
		out = fmt.Appendf(out[:0], "POST %s HTTP/1.1\r\nHost: quan.test\r\nAuthorization: Bearer %s\r\nIdempotency-Key: claim-%d\r\n"+
			"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", l.path, l.secret, n, len(body), body)
		start := time.Now()
		if _, err := conn.Write(out); err != nil {
			return each, err
		}
		if err := read(in); err != nil {
			return each, err
		}
		each = append(each, time.Since(start))
	}
	return each, nil
}

// read reads an answer, which must be a 201 with its length.
func read(in *bufio.Reader) error {
	length, status := -1, ""
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return err
		}
		text := strings.TrimRight(string(line), "\r\n")
		if status == "" {
			status = text
		}
		if text == "" {
			break
		}
		if name, value, _ := strings.Cut(text, ": "); strings.EqualFold(name, "Content-Length") {
			if length, err = strconv.Atoi(value); err != nil {
				return err
			}
		}
	}
	body, err := io.ReadAll(io.LimitReader(in, int64(max(length, 0))))
	if err == nil && (length < 0 || !strings.HasPrefix(status, "HTTP/1.1 201")) {
		err = fmt.Errorf("answer %q with %d bytes: %s", status, length, body)
	}
	return err
}
