package postgres_test

import (
	"bytes"
	"net"
	"net/url"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// proxy stands between an engine and the server and breaks the connection of a
// COMMIT, once, as told by fate.
type proxy struct {
	listener net.Listener
	network  string
	address  string
	wg       sync.WaitGroup

	mu    sync.Mutex
	fate  fate
	conns []net.Conn
	down  bool

	held    chan struct{} // closed when a COMMIT is held
	release chan struct{} // close it to let the held COMMIT go
}

// fate of the next COMMIT.
type fate int

const (
	pass    fate = iota
	before       // cut; the server never sees it
	inside       // hand it on and cut at once
	after        // hand it on, cut when the answer comes
	hold         // cut the engine off, hand it on later
	nothing      // cut and let nobody in again
)

// between starts a proxy and returns it with the DSN that leads through it.
func between(t *testing.T, dsn string) (*proxy, string) {
	t.Helper()
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{held: make(chan struct{}), release: make(chan struct{})}
	p.network, p.address = pgconn.NetworkAddress(config.Host, config.Port)
	if p.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	p.wg.Go(p.accept)
	t.Cleanup(p.stop)
	u, _ := url.Parse(dsn)
	q := u.Query()
	q.Del("host")
	q.Set("sslmode", "disable")
	u.Host, u.RawQuery = p.listener.Addr().String(), q.Encode()
	return p, u.String()
}

func (p *proxy) next(f fate) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fate = f
}

// take returns what happens to this COMMIT.
func (p *proxy) take() fate {
	p.mu.Lock()
	defer p.mu.Unlock()
	f := p.fate
	p.fate = pass
	if f == nothing {
		p.down = true
	}
	return f
}

func (p *proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial(p.network, p.address)
		p.mu.Lock()
		refuse := err != nil || p.down
		p.conns = append(p.conns, client)
		if server != nil {
			p.conns = append(p.conns, server)
		}
		p.mu.Unlock()
		if refuse {
			client.Close()
			continue
		}
		cut := make(chan struct{})
		p.wg.Go(func() { p.up(client, server, cut) })
		p.wg.Go(func() { p.downstream(client, server, cut) })
	}
}

// up carries the engine's words to the server.
func (p *proxy) up(client, server net.Conn, cut chan struct{}) {
	defer server.Close()
	buffer := make([]byte, 1<<16)
	for {
		n, err := client.Read(buffer)
		if err != nil {
			return
		}
		f := pass
		if bytes.Contains(buffer[:n], []byte("COMMIT\x00")) {
			f = p.take()
		}
		switch f {
		case before, nothing:
			client.Close()
			return
		case after:
			close(cut) // before the server can answer
		case hold:
			client.Close()
			close(p.held)
			<-p.release
		}
		if _, err := server.Write(buffer[:n]); err != nil {
			return
		}
		switch f {
		case inside:
			client.Close()
			return
		case hold, after:
			_, _ = server.Read(buffer) // until it has answered, or downstream has read that
			return
		}
	}
}

// downstream carries the server's words to the engine.
func (p *proxy) downstream(client, server net.Conn, cut chan struct{}) {
	defer client.Close()
	buffer := make([]byte, 1<<16)
	for {
		n, err := server.Read(buffer)
		if err != nil {
			return
		}
		select {
		case <-cut:
			return
		default:
		}
		if _, err := client.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func (p *proxy) stop() {
	p.listener.Close()
	p.mu.Lock()
	for _, c := range p.conns {
		c.Close()
	}
	p.mu.Unlock()
	p.wg.Wait()
}
