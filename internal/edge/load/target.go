package load

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// answerLimit is how long an answer may take before the connection is given up.
const answerLimit = 30 * time.Second

// Target is a server to ask, with a key of it.
type Target struct {
	base   *url.URL
	secret string
}

// ErrRemote says that a target is another machine.
var ErrRemote = errors.New("load: this is another machine: a load test there needs an explicit wish")

// NewTarget reads a base URL such as http://127.0.0.1:8080. Other machines than this
// one are refused unless remote says that they are meant.
func NewTarget(base, secret string, remote bool) (*Target, error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("load: %q is no address of a server, as http://127.0.0.1:8080", base)
	}
	if !remote && !loopback(u.Hostname()) {
		return nil, fmt.Errorf("%w: %s", ErrRemote, u.Host)
	}
	return &Target{base: u, secret: secret}, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Request is one to send.
type Request struct {
	Method, Path, Key, Body string
	Header                  [2]string // one more, name and value; "" for none
}

// conn is one connection, kept alive. It speaks HTTP/1.1 by itself: the standard
// client would take as much of the processors as the server.
type conn struct {
	*Target
	net net.Conn
	in  *bufio.Reader
	out []byte
}

func (t *Target) dial(ctx context.Context) (*conn, error) {
	host := t.base.Host
	if t.base.Port() == "" {
		host = net.JoinHostPort(t.base.Hostname(), map[string]string{"http": "80", "https": "443"}[t.base.Scheme])
	}
	d := &net.Dialer{Timeout: 5 * time.Second}
	var c net.Conn
	var err error
	if t.base.Scheme == "https" {
		c, err = (&tls.Dialer{NetDialer: d, Config: &tls.Config{ServerName: t.base.Hostname(), MinVersion: tls.VersionTLS12}}).DialContext(ctx, "tcp", host)
	} else {
		c, err = d.DialContext(ctx, "tcp", host)
	}
	if err != nil {
		return nil, fmt.Errorf("load: connect: %w", err)
	}
	return &conn{Target: t, net: c, in: bufio.NewReaderSize(c, 32<<10)}, nil
}

// ask sends a request and reads its answer. After an error the connection is spent.
func (c *conn) ask(r Request) (status int, body []byte, err error) {
	c.out = fmt.Appendf(c.out[:0], "%s %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n",
		r.Method, strings.TrimRight(c.base.Path, "/")+r.Path, c.base.Host, c.secret, len(r.Body))
	if r.Key != "" {
		c.out = fmt.Appendf(c.out, "Idempotency-Key: %s\r\n", r.Key)
	}
	if r.Header[0] != "" {
		c.out = fmt.Appendf(c.out, "%s: %s\r\n", r.Header[0], r.Header[1])
	}
	c.out = append(append(c.out, "\r\n"...), r.Body...)
	if err := c.net.SetDeadline(time.Now().Add(answerLimit)); err != nil {
		return 0, nil, err
	}
	if _, err := c.net.Write(c.out); err != nil {
		return 0, nil, err
	}
	res, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	if body, err = io.ReadAll(res.Body); err == nil && res.Close {
		err = errClosing
	}
	return res.StatusCode, body, err
}

// errClosing comes with a whole answer after which the server closes the connection.
var errClosing = errors.New("load: the server closes the connection")

// codeOf is what an answer is counted as: "" for a success, else the problem's code.
func codeOf(status int, body []byte) string {
	if status < 300 {
		return ""
	}
	var problem struct{ Code string }
	if json.Unmarshal(body, &problem) == nil && problem.Code != "" {
		return problem.Code
	}
	return fmt.Sprintf("status %d", status)
}

// call sends one request of the preparation, and reads its answer into out.
func (t *Target) call(ctx context.Context, r Request, out any) error {
	c, err := t.dial(ctx)
	if err != nil {
		return err
	}
	defer c.net.Close()
	defer context.AfterFunc(ctx, func() { _ = c.net.Close() })()
	status, body, err := c.ask(r)
	switch {
	case err != nil && !errors.Is(err, errClosing):
		return fmt.Errorf("load: %s %s: %w", r.Method, r.Path, err)
	case status >= 300:
		return fmt.Errorf("load: %s %s: %d %s", r.Method, r.Path, status, body)
	case out == nil:
		return nil
	}
	if text, ok := out.(*verbatim); ok {
		*text = verbatim(body)
		return nil
	}
	return json.Unmarshal(body, out)
}
