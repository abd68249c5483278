package main

import (
	"context"
	"html"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// signInPage is the file that leads a browser to the first sign-in.
const signInPage = "first-sign-in.html"

// openBrowser shows the console to who sits in front of this machine. Where nobody
// does, nothing happens. The address with the token goes by a file that only we can
// read: arguments of programs are for everybody to see.
func openBrowser(ctx context.Context, folder, url, setup string, log *slog.Logger) {
	target := url + "/console/"
	page := filepath.Join(folder, signInPage)
	if setup == "" {
		_ = os.Remove(page) // of an earlier start; mostly there is none
	} else {
		text := `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=` + html.EscapeString(target+"#setup="+setup) + `"><title>quan</title>`
		if err := os.WriteFile(page, []byte(text), 0o600); err != nil {
			log.Warn("can't open the console in a browser", "error", err)
			return
		}
		absolute, err := filepath.Abs(page)
		if err != nil {
			log.Warn("can't open the console in a browser", "error", err)
			return
		}
		target = absolute
	}
	name, args := opener(runtime.GOOS, os.Getenv)
	if name == "" {
		return
	}
	if err := exec.CommandContext(ctx, name, append(args, target)...).Start(); err != nil {
		log.Info("no browser was opened", "error", err)
	}
}

// opener is the program of a system that opens an address; "" where there is no screen.
func opener(system string, env func(string) string) (name string, args []string) {
	switch system {
	case "darwin":
		return "open", nil
	case "windows":
		return "rundll32", []string{"url.dll,FileProtocolHandler"}
	}
	if env("DISPLAY") == "" && env("WAYLAND_DISPLAY") == "" {
		return "", nil
	}
	return "xdg-open", nil
}
