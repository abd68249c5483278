package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"quan/internal/edge/load"
	"quan/internal/server"
)

// scratch starts a whole server on loopback over a store that end removes again: a
// SQLite file in a folder, or a schema of a PostgreSQL.
func scratch(ctx context.Context, dsn, dir, name string, log *slog.Logger) (_ *load.Target, end func() error, err error) {
	var ends []func() error
	defer func() {
		if err != nil {
			err = errors.Join(err, endAll(ends))
		}
	}()
	folder, err := os.MkdirTemp(dir, "quan-"+name+"-")
	if err != nil {
		return nil, nil, err
	}
	ends = append(ends, func() error { return os.RemoveAll(folder) })
	c := server.Config{DB: filepath.Join(folder, "quan.db"), SecretFile: filepath.Join(folder, "quan.key")}
	if dsn != "" {
		schema := strings.ReplaceAll(name, "-", "_")
		if c.DB, err = inSchema(dsn, schema); err != nil {
			return nil, nil, err
		}
		if err := server.MakeSchema(ctx, dsn, schema); err != nil {
			return nil, nil, err
		}
		ends = append(ends, func() error { return server.DropSchema(context.WithoutCancel(ctx), dsn, schema) })
	}
	// What the server logs of each request is no part of the result.
	quiet := slog.New(slog.DiscardHandler)
	q, err := server.Open(ctx, c, server.WallClock, quiet)
	if err != nil {
		return nil, nil, err
	}
	ends = append(ends, q.Close)
	made, err := q.Admin.Bootstrap(ctx)
	if err != nil {
		return nil, nil, err
	}
	handler, err := q.Handler()
	if err != nil {
		return nil, nil, err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	web := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = web.Serve(listener) }()
	stop := q.StartWork()
	ends = append(ends, func() error { stop(); return nil }, web.Close)
	log.Debug("bench: serving", "engine", q.Store.Engine(), "at", listener.Addr().String())
	t, err := load.NewTarget("http://"+listener.Addr().String(), made.Secret, false)
	return t, func() error { return endAll(ends) }, err
}

// inSchema is a DSN whose sessions work in a schema.
func inSchema(dsn, schema string) (string, error) {
	u, err := url.Parse(dsn)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return "", errors.New("--dsn must be a URL, as postgres://user:password@host/database")
	}
	values := u.Query()
	values.Set("search_path", schema)
	u.RawQuery = values.Encode()
	return u.String(), nil
}
