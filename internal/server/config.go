package server

import (
	"log/slog"
	"path/filepath"
	"strings"
	"time"
)

// Config is what an installation chooses. cmd/quan fills it from flags, the
// environment (QUAN_…) and a file, in this order of precedence.
type Config struct {
	DB         string // path of the SQLite file, or a postgres:// DSN
	SecretFile string // where the installation's secret lies; "" is quan.key beside the database
	Secret     string // the secret itself, instead of a file (≥ 32 bytes)
	Listen     string
	Metrics    bool          // serve /metrics
	ReadOnly   bool          // open without a writer, for verify and doctor
	NoMigrate  bool          // refuse an old schema instead of bringing it up
	Drain      time.Duration // how long a stop waits for requests under way
	Origins    []string      // pages that may use browser keys, as https://shop.example.com
	SMS        string        // who sends text messages: SMSLog, or "" for nobody
	Demo       bool          // a demonstration: sign-in codes are answered to whoever asks for them
	LogChanges bool          // the log sink writes changes at level info instead of debug
}

// SMSLog sends no text messages: codes are shown in the log.
const SMSLog = "log"

// Postgres reports whether DB names a PostgreSQL-compatible server.
func (c Config) Postgres() bool {
	return strings.HasPrefix(c.DB, "postgres://") || strings.HasPrefix(c.DB, "postgresql://")
}

// changeLevel is the level at which the log sink writes changes: a busy shop has
// thousands a second, so they show only when asked for.
func (c Config) changeLevel() slog.Level {
	if c.LogChanges {
		return slog.LevelInfo
	}
	return slog.LevelDebug
}

// secretPath is where the installation's secret lies.
func (c Config) secretPath() string {
	switch {
	case c.SecretFile != "":
		return c.SecretFile
	case c.Postgres():
		return filepath.Join("data", "quan.key")
	}
	return filepath.Join(filepath.Dir(c.DB), "quan.key")
}
