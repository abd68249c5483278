package crash

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// proxy stands between quan and PostgreSQL. It reads the messages of the protocol
// in both directions, sees COMMIT and its answer, and breaks connections there.
type proxy struct {
	listener net.Listener
	network  string
	address  string
	links    sync.WaitGroup
	seed     uint64
	peaceful atomic.Bool // breaks nothing
	commits  atomic.Int64
	fates    [4]atomic.Int64

	mu    sync.Mutex
	conns map[net.Conn]bool
}

// fate of a COMMIT.
type fate int

const (
	pass   fate = iota
	before      // cut; the server never sees it
	inside      // hand it on and cut at once
	after       // hand it on, and cut when its answer comes
)

// between starts a proxy to the server of the DSN, and returns the DSN that leads
// through it.
func between(t *testing.T, dsn string, seed uint64) (*proxy, string) {
	t.Helper()
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{seed: seed, conns: map[net.Conn]bool{}}
	p.network, p.address = pgconn.NetworkAddress(config.Host, config.Port)
	if p.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	p.peaceful.Store(true)
	p.links.Go(p.accept)
	t.Cleanup(p.stop)
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Del("host")
	q.Set("sslmode", "disable")
	u.Host, u.RawQuery = p.listener.Addr().String(), q.Encode()
	return p, u.String()
}

func (p *proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial(p.network, p.address)
		if err != nil {
			client.Close()
			continue
		}
		p.keep(client, server)
		l := &link{proxy: p, client: client, server: server}
		p.links.Go(l.up)
		p.links.Go(l.down)
	}
}

func (p *proxy) keep(conns ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		p.conns[c] = true
	}
}

func (p *proxy) stop() {
	p.listener.Close()
	p.mu.Lock()
	for c := range p.conns {
		c.Close()
	}
	p.mu.Unlock()
	p.links.Wait()
}

// draw is the fate of the next COMMIT: one of three is broken, each way alike.
func (p *proxy) draw() fate {
	n := p.commits.Add(1)
	if p.peaceful.Load() {
		return pass
	}
	f := pass
	if k := rand.New(rand.NewPCG(p.seed, uint64(n))).IntN(9); k < 3 {
		f = fate(k + 1)
	}
	p.fates[f].Add(1)
	return f
}

// link is one connection through the proxy.
type link struct {
	*proxy
	client, server net.Conn
	swallow        atomic.Bool // cut at the answer of COMMIT
}

func (l *link) cut() {
	l.client.Close()
	l.server.Close()
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.conns, l.client)
	delete(l.conns, l.server)
}

// up carries messages to the server. The first has no type.
func (l *link) up() {
	defer l.cut()
	from := bufio.NewReaderSize(l.client, 1<<16)
	f := pass
	for first := true; ; first = false {
		m, err := message(from, !first)
		if err != nil {
			return
		}
		alone := !first && m[0] == 'Q' && bytes.Equal(m[5:], []byte("COMMIT\x00"))
		if alone || !first && m[0] == 'P' && bytes.HasPrefix(m[5:], []byte("\x00COMMIT\x00")) { // behind what it commits
			f = l.draw()
		}
		if f == before {
			return
		}
		l.swallow.Store(f == after)
		if _, err := l.server.Write(m); err != nil || f == inside && (alone || m[0] == 'S') {
			return
		}
	}
}

// down carries messages to quan.
func (l *link) down() {
	defer l.cut()
	from := bufio.NewReaderSize(l.server, 1<<16)
	for {
		m, err := message(from, true)
		if err != nil {
			return
		}
		if m[0] == 'C' && bytes.Equal(m[5:], []byte("COMMIT\x00")) && l.swallow.Load() {
			return
		}
		if _, err := l.client.Write(m); err != nil {
			return
		}
	}
}

// message reads one message whole: a type, where it has one, and a length that
// counts itself.
func message(r *bufio.Reader, typed bool) ([]byte, error) {
	head := 4
	if typed {
		head = 5
	}
	m := make([]byte, head, 512)
	if _, err := io.ReadFull(r, m); err != nil {
		return nil, err
	}
	size := int(binary.BigEndian.Uint32(m[head-4:])) + head - 4
	if size < head || size > 1<<28 {
		return nil, io.ErrUnexpectedEOF
	}
	m = append(m, make([]byte, size-head)...)
	_, err := io.ReadFull(r, m[head:])
	return m, err
}
