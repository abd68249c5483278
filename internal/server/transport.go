package server

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// TLS is how an installation speaks HTTPS.
type TLS struct {
	Config *tls.Config
	// Authority is the one that phones have to trust; nil where the certificate is from
	// elsewhere.
	Authority *Authority
	// Hosts are names and addresses under which this machine is found, in a local network.
	Hosts []string
}

// localLook is how often a handshake looks whether names or files have changed.
const localLook = time.Minute

// FileTLS speaks by a certificate from elsewhere. Renewed files are taken over without a
// restart.
func FileTLS(cert, key string, now func() time.Time) (*TLS, error) {
	k := &keeper{now: now, make: func(old *tls.Certificate, at time.Time) (*tls.Certificate, error) {
		c, err := tls.LoadX509KeyPair(cert, key)
		return &c, err
	}}
	if _, err := k.get(nil); err != nil {
		return nil, fmt.Errorf("server: certificate: %w", err)
	}
	return &TLS{Config: k.config()}, nil
}

// LocalTLS speaks by an authority of this machine's own, kept beside the database.
func LocalTLS(c Config, now func() time.Time) (*TLS, error) {
	host, _ := os.Hostname()
	host = strings.ToLower(host)
	folder := filepath.Dir(c.secretPath())
	a, err := LocalAuthority(folder, host, now())
	if err != nil {
		return nil, err
	}
	k := &keeper{now: now, make: func(old *tls.Certificate, at time.Time) (*tls.Certificate, error) {
		names, addresses := a.here(host)
		if old != nil && at.Before(old.Leaf.NotAfter.Add(-renewBefore)) && sameAddresses(old.Leaf.IPAddresses, addresses) {
			return old, nil
		}
		return a.certificate(names, addresses, at)
	}}
	first, err := k.get(nil)
	if err != nil {
		return nil, fmt.Errorf("server: local certificate: %w", err)
	}
	out := &TLS{Config: k.config(), Authority: a}
	slices.SortStableFunc(first.Leaf.IPAddresses, func(a, b net.IP) int { return len(shortest(a)) - len(shortest(b)) }) // people type the short ones
	for _, ip := range first.Leaf.IPAddresses {
		if !ip.IsLoopback() && !ip.IsLinkLocalUnicast() {
			out.Hosts = append(out.Hosts, ip.String())
		}
	}
	for _, name := range first.Leaf.DNSNames {
		if strings.HasSuffix(name, ".local") {
			out.Hosts = append(out.Hosts, name)
		}
	}
	return out, nil
}

// shortest is an address of four bytes where it has one.
func shortest(ip net.IP) net.IP {
	if v4 := ip.To4(); v4 != nil {
		return v4
	}
	return ip
}

// here are the names and private addresses of this machine that the authority speaks for.
func (a *Authority) here(host string) (names []string, addresses []net.IP) {
	names = []string{"localhost"}
	for _, n := range []string{host, host + ".local"} {
		if host != "" && host != "localhost" && a.speaksFor(n) {
			names = append(names, n)
		}
	}
	all, _ := net.InterfaceAddrs()
	for _, x := range all {
		if n, ok := x.(*net.IPNet); ok && private(n.IP) {
			addresses = append(addresses, n.IP)
		}
	}
	return names, addresses
}

// keeper keeps a certificate and looks now and then whether it is still the right one.
type keeper struct {
	now  func() time.Time
	make func(old *tls.Certificate, at time.Time) (*tls.Certificate, error)

	mu     sync.Mutex
	cert   *tls.Certificate
	looked time.Time
}

// get is for a handshake: where a new certificate can't be had, the old one serves on.
func (k *keeper) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	at := k.now()
	if k.cert != nil && at.Sub(k.looked).Abs() < localLook {
		return k.cert, nil
	}
	k.looked = at
	made, err := k.make(k.cert, at)
	if err == nil {
		k.cert = made
	} else if k.cert == nil {
		return nil, err
	}
	return k.cert, nil
}

func (k *keeper) config() *tls.Config {
	return &tls.Config{GetCertificate: k.get, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}
}

// ErrTwoCertificates says that the choice of certificates is not one.
var ErrTwoCertificates = errors.New("server: --tls local and --tls-cert with --tls-key exclude each other; the latter two belong together")
