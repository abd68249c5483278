// Command redis is the rival of BenchmarkHTTP that keeps coupons in Redis: the
// HTTP service of the benchmark, and one Lua script a claim, sent by a client that
// pipelines by itself. It lies in a module of its own, so that quan does not
// depend on a client of Redis.
package main

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	_ "embed"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/redis/rueidis"
)

//go:embed claim.lua
var script string

var errRefused = errors.New("refused")

func main() {
	socket := flag.String("redis", "", "socket of the Redis server; none: keep nothing")
	flag.Parse()
	give := func() func(context.Context, string, *claimRequest) (int64, error) {
		var n atomic.Int64
		return func(context.Context, string, *claimRequest) (int64, error) { return n.Add(1), nil }
	}()
	if *socket != "" {
		s, err := open(*socket)
		if err != nil {
			log.Fatal(err)
		}
		give = s.give
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(l.Addr())
	go func() { // it ends with the benchmark
		_, _ = os.Stdin.Read(make([]byte, 1))
		os.Exit(0)
	}()
	log.Fatal((&http.Server{Handler: claimService(give), ReadHeaderTimeout: 5 * time.Second}).Serve(l))
}

// store claims by the script.
type store struct {
	client rueidis.Client
	claim  *rueidis.Lua
	next   atomic.Int64
}

func open(socket string) (*store, error) {
	client, err := rueidis.NewClient(rueidis.ClientOption{InitAddress: []string{socket}, DisableCache: true,
		DialCtxFn: func(ctx context.Context, _ string, d *net.Dialer, _ *tls.Config) (net.Conn, error) {
			return d.DialContext(ctx, "unix", socket)
		}})
	if err != nil {
		return nil, err
	}
	ends := strconv.FormatInt(time.Now().AddDate(1, 0, 0).UnixMilli(), 10)
	made := client.B().Hset().Key("template:tpl").FieldValue().FieldValue("total", "1099511627776").FieldValue("issued", "0").
		FieldValue("per_member", "1000").FieldValue("ends_at", ends).Build()
	return &store{client: client, claim: rueidis.NewLuaScript(script)}, client.Do(context.Background(), made).Error()
}

func (s *store) give(ctx context.Context, key string, in *claimRequest) (int64, error) {
	hash := sha256.Sum256(fmt.Appendf(nil, "%v", *in))
	n, now := s.next.Add(1), time.Now()
	got, err := s.claim.Exec(ctx, s.client,
		[]string{"template:" + in.Template, "taken:" + in.Template + ":" + in.Member.Value, "reply:" + key, "coupon:" + strconv.FormatInt(n, 10)},
		[]string{hex.EncodeToString(hash[:]), strconv.FormatInt(n, 10), in.Template, in.Member.Value,
			strconv.FormatInt(now.UnixMilli(), 10), strconv.FormatInt(now.AddDate(0, 0, 7).UnixMilli(), 10)}).AsInt64()
	if err == nil && got <= 0 {
		err = errRefused
	}
	return got, err
}
