package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"quan/internal/server"
)

type serveCmd struct {
	where
	Listen  string        `help:"Address to listen on." default:"127.0.0.1:8080"`
	Demo    bool          `help:"Load the grocery shop's demonstration data in the background."`
	Metrics bool          `help:"Serve /metrics for Prometheus." default:"true" negatable:""`
	Drain   time.Duration `help:"How long a stop waits for requests under way." default:"15s"`
	Origins []string      `help:"Origins of pages that may use browser keys, divided by commas." placeholder:"https://shop.example.com"`

	TLS       string `name:"tls" help:"Serve HTTPS too, which phones need for the camera: local makes a certificate authority of this machine's own." enum:",local" default:"" placeholder:"local"`
	TLSCert   string `name:"tls-cert" help:"Serve HTTPS too, by this certificate (PEM, with its chain)." placeholder:"FILE"`
	TLSKey    string `name:"tls-key" help:"Key of the certificate (PEM)." placeholder:"FILE"`
	TLSListen string `name:"tls-listen" help:"Address to listen on for HTTPS." default:":8443"`

	Open bool   `help:"Open the console in a browser of this machine."`
	SMS  string `help:"Who sends text messages with members' sign-in codes: log shows them in the log (whoever reads it can sign in as any member), none sends none." enum:"log,none" default:"log"`

	LogChanges bool `help:"Log every change that is delivered (coupon.claimed.v1 …) at level info instead of debug."`
}

// Run serves until the context ends; then requests under way are finished, the
// worker stops between two pieces of work, and the store closes.
func (s *serveCmd) Run(ctx context.Context, log *slog.Logger) error {
	c := s.config()
	c.Listen, c.Metrics, c.Drain, c.Origins, c.LogChanges = s.Listen, s.Metrics, s.Drain, s.Origins, s.LogChanges
	if c.Demo = s.Demo; s.SMS == server.SMSLog {
		c.SMS = s.SMS
	}
	q, err := server.Open(ctx, c, server.WallClock, log)
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", s.Listen)
	if err != nil {
		return errors.Join(fmt.Errorf("listen on %s (choose another with --listen): %w", s.Listen, err), q.Close())
	}
	secure, err := s.listenTLS(ctx, q)
	if err != nil {
		return errors.Join(err, listener.Close(), q.Close())
	}
	if err := s.welcome(ctx, q, listener.Addr()); err != nil {
		return errors.Join(err, listener.Close(), secure.close(), q.Close())
	}
	secure.welcome()
	go server.PaceCollector(ctx)
	stopWork := q.StartWork()
	stopDemo := func() {}
	if s.Demo {
		stopDemo = startDemo(ctx, q, log)
	}
	err = s.listen(ctx, q, listener, secure)
	stopDemo()
	stopWork()
	return errors.Join(err, q.Close())
}

// listen serves HTTP until the context ends and requests under way are finished.
func (s *serveCmd) listen(ctx context.Context, q *server.Quan, listener net.Listener, secure *secureListener) error {
	handler, err := q.Handler()
	if err != nil {
		return err
	}
	web := &http.Server{Handler: secure.handler(handler), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second,
		WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(q.Log.Handler(), slog.LevelDebug)}
	web.RegisterOnShutdown(q.Board.End) // what streams has no end of its own
	failed := make(chan error, 2)
	go func() { failed <- web.Serve(listener) }()
	if secure != nil {
		go func() { failed <- web.Serve(secure.Listener) }()
	}
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	q.Log.Info("stopping: finishing requests under way", "wait", s.Drain.String())
	drain, cancel := context.WithTimeout(context.Background(), s.Drain)
	defer cancel()
	if err := web.Shutdown(drain); err != nil {
		return fmt.Errorf("stop: requests were still under way after %s: %w", s.Drain, errors.Join(err, web.Close()))
	}
	return nil
}

// welcome makes what a first start makes and prints where to go.
func (s *serveCmd) welcome(ctx context.Context, q *server.Quan, at net.Addr) error {
	made, err := q.Admin.Bootstrap(ctx)
	if err != nil {
		return fmt.Errorf("first start: %w", err)
	}
	url := "http://" + at.String()
	fmt.Printf("quan %s on %s\n  Console            %s/console/\n  API documentation  %s/docs\n", server.Version, q.Store.Engine(), url, url)
	folder := filepath.Dir(q.Config.DB)
	if q.Config.Postgres() {
		folder = "data"
	}
	keyFile := filepath.Join(folder, "first-api-key")
	needed, err := q.Guard.SetupNeeded(ctx)
	if err != nil {
		return fmt.Errorf("first start: %w", err)
	}
	setup := ""
	if needed {
		setup = q.Guard.SetupToken()
		fmt.Printf("  First sign-in      nobody can sign in yet; make the administrator: %s/console/#setup=%s\n", url, setup)
	}
	if s.Open {
		defer openBrowser(ctx, folder, url, setup, q.Log)
	}
	if made.Secret == "" {
		if _, err := os.Stat(keyFile); err == nil {
			fmt.Printf("  First API key      kept in %s\n", keyFile)
		}
		return nil
	}
	fmt.Printf("  First API key      %s\n", made.Secret)
	if err := os.MkdirAll(filepath.Dir(keyFile), 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(keyFile, []byte(made.Secret+"\n"), 0o600); err != nil {
		return fmt.Errorf("keep the first API key: %w", err)
	}
	fmt.Printf("                     (kept in %s, readable by you only; delete the file once you have it)\n", keyFile)
	return nil
}
