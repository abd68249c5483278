package server

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"
)

var today = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)

// A phone that trusts the authority trusts this machine, and nobody else by it.
func TestALocalAuthoritySpeaksForItsNetworkOnly(t *testing.T) {
	folder := t.TempDir()
	a, err := LocalAuthority(folder, "till", today)
	if err != nil {
		t.Fatal(err)
	}
	again, err := LocalAuthority(folder, "another", today.AddDate(1, 0, 0))
	if err != nil || again.Fingerprint() != a.Fingerprint() || len(a.Fingerprint()) != 64 {
		t.Fatalf("read again: %v", err)
	}
	if info, err := os.Stat(filepath.Join(folder, "local-ca.pem")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	trusted := x509.NewCertPool()
	if !trusted.AppendCertsFromPEM(a.PEM) {
		t.Fatal("no certificate")
	}
	for name, good := range map[string]bool{"till": true, "till.local": true, "localhost": true, "bank.example": false, "till.example": false, "local.example": false} {
		c, err := a.certificate([]string{name}, nil, today)
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Leaf.Verify(x509.VerifyOptions{DNSName: name, Roots: trusted, CurrentTime: today})
		if (err == nil) != good || a.speaksFor(name) != good {
			t.Errorf("%s: %v", name, err)
		}
	}
	for text, good := range map[string]bool{"192.168.1.7": true, "10.1.2.3": true, "fd00::7": true, "8.8.8.8": false, "2001:4860::1": false} {
		c, err := a.certificate(nil, []net.IP{net.ParseIP(text)}, today)
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Leaf.Verify(x509.VerifyOptions{DNSName: "[" + text + "]", Roots: trusted, CurrentTime: today})
		if (err == nil) != good || private(net.ParseIP(text)) != good {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestWhatIsNoAuthorityIsSaid(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "local-ca.pem"), []byte("gone"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LocalAuthority(folder, "till", today); err == nil {
		t.Error("a broken file is taken")
	}
	old := t.TempDir()
	if _, err := LocalAuthority(old, "till", today); err != nil {
		t.Fatal(err)
	}
	if _, err := LocalAuthority(old, "till", today.Add(authorityLife-certificateLife+48*time.Hour)); err == nil {
		t.Error("an authority that ends before its certificates is used")
	}
}

// A certificate is renewed while the program runs, before it ends.
func TestLocalTLSRenews(t *testing.T) {
	now := today
	l, err := LocalTLS(Config{DB: filepath.Join(t.TempDir(), "quan.db")}, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.TLS == nil {
			w.WriteHeader(http.StatusTeapot)
		}
	}))
	s.Listener = tls.NewListener(s.Listener, l.Config)
	s.Start()
	defer s.Close()
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(l.Authority.PEM)
	serial := func() string {
		c, err := tls.Dial("tcp", s.Listener.Addr().String(), &tls.Config{RootCAs: trusted, ServerName: "localhost", Time: func() time.Time { return now }})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		return c.ConnectionState().PeerCertificates[0].SerialNumber.String()
	}
	first := serial()
	now = now.Add(certificateLife - renewBefore - time.Hour)
	if serial() != first {
		t.Error("renewed too early")
	}
	now = now.Add(2 * time.Hour)
	if serial() == first {
		t.Error("not renewed")
	}
}

// Files that somebody renewed are taken over; files that are broken meanwhile are not.
func TestFileTLSTakesRenewedFiles(t *testing.T) {
	folder := t.TempDir()
	cert, key := filepath.Join(folder, "c.pem"), filepath.Join(folder, "k.pem")
	a, err := LocalAuthority(t.TempDir(), "till", today)
	if err != nil {
		t.Fatal(err)
	}
	write := func() string {
		c, err := a.certificate([]string{"localhost"}, nil, today)
		if err != nil {
			t.Fatal(err)
		}
		secret, err := x509.MarshalPKCS8PrivateKey(c.PrivateKey)
		if err != nil {
			t.Fatal(err)
		}
		for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: c.Certificate[0]}, key: {Type: "PRIVATE KEY", Bytes: secret}} {
			if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return c.Leaf.SerialNumber.String()
	}
	now := today
	if _, err := FileTLS(cert, key, func() time.Time { return now }); err == nil {
		t.Error("files that are not there are taken")
	}
	first := write()
	f, err := FileTLS(cert, key, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	serves := func(want string) {
		t.Helper()
		c, err := f.Config.GetCertificate(nil)
		if err != nil || c.Leaf.SerialNumber.String() != want {
			t.Errorf("serves %v, %v", c.Leaf.SerialNumber, err)
		}
	}
	second := write()
	serves(first)
	now = now.Add(localLook)
	serves(second)
	if err := os.WriteFile(cert, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	now = now.Add(localLook)
	serves(second)
}
