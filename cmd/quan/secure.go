package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"time"

	"quan/internal/server"
)

// authorityPath is where a phone gets the certificate that it has to trust.
const authorityPath = "/quan-ca.crt"

// secureListener is HTTPS beside HTTP; nil is none.
type secureListener struct {
	net.Listener
	*server.TLS
}

// listenTLS listens for HTTPS where that was asked for.
func (s *serveCmd) listenTLS(ctx context.Context, q *server.Quan) (*secureListener, error) {
	files := s.TLSCert != "" || s.TLSKey != ""
	if files && (s.TLS != "" || s.TLSCert == "" || s.TLSKey == "") {
		return nil, server.ErrTwoCertificates
	}
	var t *server.TLS
	var err error
	switch {
	case files:
		t, err = server.FileTLS(s.TLSCert, s.TLSKey, time.Now)
	case s.TLS != "":
		t, err = server.LocalTLS(q.Config, time.Now)
	default:
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", s.TLSListen)
	if err != nil {
		return nil, fmt.Errorf("listen on %s (choose another with --tls-listen): %w", s.TLSListen, err)
	}
	return &secureListener{tls.NewListener(l, t.Config), t}, nil
}

func (l *secureListener) close() error {
	if l == nil {
		return nil
	}
	return l.Close()
}

// handler gives the authority's certificate to whoever asks; it is no secret.
func (l *secureListener) handler(next http.Handler) http.Handler {
	if l == nil || l.Authority == nil {
		return next
	}
	mux := http.NewServeMux()
	mux.Handle("/", next)
	mux.HandleFunc("GET "+authorityPath, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-x509-ca-cert")
		w.Header().Set("Content-Disposition", `attachment; filename="quan-ca.crt"`)
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write(l.Authority.PEM)
	})
	return mux
}

// welcome prints where to go, and how a phone comes to trust it.
func (l *secureListener) welcome() {
	if l == nil {
		return
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	if l.Authority == nil {
		fmt.Printf("  HTTPS              on %s, by the given certificate; counter: /counter/\n", l.Addr())
		return
	}
	hosts := l.Hosts
	if len(hosts) == 0 {
		hosts = []string{"localhost"}
	}
	for _, h := range hosts {
		fmt.Printf("  Counter            https://%s/counter/\n", net.JoinHostPort(h, port))
	}
	fmt.Printf(`  Phones             trust this machine once, each phone: open https://%s%s
                     (the warning before it is right), compare SHA-256 %s…, then
                     iPhone:  Settings > General > VPN & Device Management > install the profile,
                              then General > About > Certificate Trust Settings > switch it on
                     Android: Settings > Security > Encryption & credentials > Install a certificate > CA certificate
                     It can speak for this machine and private networks only.
`, net.JoinHostPort(hosts[0], port), authorityPath, l.Authority.Fingerprint()[:16])
}
