package server

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	authorityLife   = 10 * 365 * 24 * time.Hour
	certificateLife = 397 * 24 * time.Hour // longer ones are refused by phones
	renewBefore     = 30 * 24 * time.Hour
)

// Authority is a certificate authority of this installation's own, for phones in the
// shop's network: a camera needs HTTPS, and nobody else signs for 192.168.0.7. It can
// sign for this machine's name and private networks only, so that whoever steals it
// can't stand between a phone that trusts it and anybody's bank.
type Authority struct {
	// PEM is the public certificate, which phones install.
	PEM  []byte
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// localNames and localRanges are what an authority may sign for, beside the name of
// the machine that made it.
var (
	localNames  = []string{"localhost", "local", "lan", "home.arpa", "internal"}
	localRanges = ranges("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "::1/128", "fc00::/7", "fe80::/10")
)

func ranges(list ...string) (out []*net.IPNet) {
	for _, text := range list {
		_, n, err := net.ParseCIDR(text)
		if err != nil {
			panic(err) // written here
		}
		out = append(out, n)
	}
	return out
}

// LocalAuthority reads the authority of a folder, or makes it (mode 0600, written whole
// or not at all). host is this machine's name.
func LocalAuthority(folder, host string, now time.Time) (*Authority, error) {
	path := filepath.Join(folder, "local-ca.pem")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if text, err = newAuthority(host, now); err == nil {
			text, err = keepOnce(path, text)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("server: local certificate authority: %w", err)
	}
	a, err := readAuthority(text)
	if err != nil {
		return nil, fmt.Errorf("server: %s holds no certificate authority (move it away and a new one is made, which phones have to trust anew): %w", path, err)
	}
	if now.After(a.cert.NotAfter.Add(-certificateLife)) {
		return nil, fmt.Errorf("server: the certificate authority in %s ends on %s: move it away, and a new one is made, which phones have to trust anew", path, a.cert.NotAfter.Format(time.DateOnly))
	}
	return a, nil
}

func newAuthority(host string, now time.Time) ([]byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	names := localNames
	if host != "" && !slices.Contains(names, host) {
		names = append(slices.Clone(names), host)
	}
	der, err := sign(&x509.Certificate{
		Subject: pkix.Name{CommonName: "quan on " + host, Organization: []string{"quan"}}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(authorityLife),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true, KeyUsage: x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		PermittedDNSDomainsCritical: true, PermittedDNSDomains: names, PermittedIPRanges: localRanges,
	}, nil, key, key)
	if err != nil {
		return nil, err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})...), nil
}

// sign signs by a parent, nil for itself.
func sign(c, parent *x509.Certificate, public, by *ecdsa.PrivateKey) ([]byte, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	if c.SerialNumber = serial; parent == nil {
		parent = c
	}
	return x509.CreateCertificate(rand.Reader, c, parent, &public.PublicKey, by)
}

func readAuthority(text []byte) (*Authority, error) {
	public, rest := pem.Decode(text)
	if public == nil {
		return nil, errors.New("no certificate")
	}
	secret, _ := pem.Decode(rest)
	if secret == nil {
		return nil, errors.New("no key")
	}
	cert, err := x509.ParseCertificate(public.Bytes)
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(secret.Bytes)
	if err != nil {
		return nil, err
	}
	key, ok := parsed.(*ecdsa.PrivateKey)
	if !ok || !key.PublicKey.Equal(cert.PublicKey) {
		return nil, errors.New("the key is another one's")
	}
	return &Authority{PEM: pem.EncodeToMemory(public), cert: cert, key: key}, nil
}

// Fingerprint is what people compare before they trust it.
func (a *Authority) Fingerprint() string {
	sum := sha256.Sum256(a.cert.Raw)
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}

// certificate signs a new key for names and addresses, as far as it may.
func (a *Authority) certificate(names []string, addresses []net.IP, now time.Time) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	leaf := &x509.Certificate{Subject: pkix.Name{CommonName: "quan"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(certificateLife),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, DNSNames: names, IPAddresses: addresses}
	der, err := sign(leaf, a.cert, key, a.key)
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParseCertificate(der)
	return &tls.Certificate{Certificate: [][]byte{der, a.cert.Raw}, PrivateKey: key, Leaf: parsed}, err
}

// speaksFor reports whether the authority may sign for a name.
func (a *Authority) speaksFor(name string) bool {
	return slices.ContainsFunc(a.cert.PermittedDNSDomains, func(d string) bool { return name == d || strings.HasSuffix(name, "."+d) })
}

func private(ip net.IP) bool {
	return slices.ContainsFunc(localRanges, func(n *net.IPNet) bool { return n.Contains(ip) })
}

// sameAddresses compares without order.
func sameAddresses(a, b []net.IP) bool {
	by := func(x, y net.IP) int { return bytes.Compare(x.To16(), y.To16()) }
	a, b = slices.Clone(a), slices.Clone(b)
	slices.SortFunc(a, by)
	slices.SortFunc(b, by)
	return slices.EqualFunc(a, b, net.IP.Equal)
}
