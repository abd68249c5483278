// Command quan is the coupon and membership platform in one program.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"quan/internal/server"
)

// cli is the command line; a flag that is not given comes from the environment
// (QUAN_LISTEN for --listen), else from a JSON file of the same names.
type cli struct {
	Config    kong.ConfigFlag `help:"JSON file with settings, named like the flags." placeholder:"FILE"`
	LogLevel  string          `help:"debug, info, warn or error." default:"info" enum:"debug,info,warn,error"`
	LogFormat string          `help:"text or json." default:"text" enum:"text,json"`

	Serve   serveCmd   `cmd:"" help:"Serve the console, the phone pages and the HTTP API."`
	Demo    demoCmd    `cmd:"" help:"Play the grocery shop's plan on a simulated clock and print goals against results."`
	Replay  replayCmd  `cmd:"" help:"Bring in real coupon data through the same use cases as the API."`
	Codes   codesCmd   `cmd:"" help:"Exchange codes."`
	Grant   grantCmd   `cmd:"" help:"Grant coupons to a list of members, a segment or everyone, rehearsed first."`
	Migrate migrateCmd `cmd:"" help:"Bring the database's schema to this version."`
	Verify  verifyCmd  `cmd:"" help:"Check the invariants of a database; exits with 1 when one is violated."`
	Reindex reindexCmd `cmd:"" help:"Write anew what rows are found by in searches and lists; needed only where verify says so."`
	Bench   benchCmd   `cmd:"" help:"Measure how many claims, redemptions, codes or quotes this machine bears, on a store of its own."`
	Price   priceCmd   `cmd:"" help:"Price a cart with the best of some coupons; needs no database."`
	Doctor  doctorCmd  `cmd:"" help:"Look for what would keep quan from running well here."`
	Openapi openapiCmd `cmd:"" name:"openapi" help:"Print the OpenAPI document of the API."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

// where says which database a command works on.
type where struct {
	DB         string `help:"Path of the SQLite file, or postgres://user:password@host/database." default:"data/quan.db" env:"QUAN_DB" name:"db"`
	SecretFile string `help:"File with the installation's secret; made on the first start, beside the database (data/quan.key for PostgreSQL)." placeholder:"FILE" env:"QUAN_SECRET_FILE"`
}

// config is the server's configuration for a database. The secret itself comes
// from the environment only: a flag would show in the list of processes.
func (w where) config() server.Config {
	return server.Config{DB: w.DB, SecretFile: w.SecretFile, Secret: os.Getenv("QUAN_SECRET")}
}

// shown is a database as messages name it: without the password of its DSN.
func shown(db string) string {
	if u, err := url.Parse(db); err == nil && u.User != nil {
		return u.Redacted()
	}
	return db
}

// errFailed ends the program with status 1 after the command has said why.
var errFailed = errors.New("failed")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		if !errors.Is(err, errFailed) {
			fmt.Fprintln(os.Stderr, "quan:", err)
		}
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	var c cli
	parser, err := newParser(ctx, &c)
	if err != nil {
		return err
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		return err
	}
	return parsed.Run(logger(c.LogLevel, c.LogFormat))
}

func newParser(ctx context.Context, c *cli, more ...kong.Option) (*kong.Kong, error) {
	return kong.New(c, append([]kong.Option{
		kong.Name("quan"),
		kong.Description("Coupons and membership for a shop, a chain or a marketplace (券)."),
		kong.Configuration(readSettings, settingsFiles...),
		kong.DefaultEnvars("QUAN"),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.BindTo(ctx, (*context.Context)(nil)),
	}, more...)...)
}

func logger(level, format string) *slog.Logger {
	var l slog.Level
	_ = l.UnmarshalText([]byte(level)) // kong has checked it
	options := &slog.HandlerOptions{Level: l}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, options))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, options))
}
