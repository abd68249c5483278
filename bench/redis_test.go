package bench

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// redisRival starts Redis and the program of rivals/redis before it, and returns
// the address of the program; arguments are the server's. What is missing is said
// in an error: the others are measured without it.
func redisRival(b *testing.B, arguments ...string) (address string, err error) {
	b.Helper()
	program, err := buildRival()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "quan-redis-") //nolint:usetesting // a socket's path has to be short
	must(b, err)
	b.Cleanup(func() { _ = os.RemoveAll(dir) })
	socket := filepath.Join(dir, "s")
	server := exec.Command("redis-server", append([]string{"--port", "0", "--unixsocket", socket, "--dir", dir, "--save", ""}, arguments...)...)
	if err := server.Start(); err != nil {
		return "", fmt.Errorf("redis-server (Debian's package redis-server): %w", err)
	}
	b.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	if err := listens(socket); err != nil {
		return "", fmt.Errorf("redis-server: %w", err)
	}
	service := exec.Command(program, "-redis", socket)
	service.Stderr = os.Stderr
	in, err := service.StdinPipe()
	must(b, err)
	out, err := service.StdoutPipe()
	must(b, err)
	must(b, service.Start())
	b.Cleanup(func() {
		_ = in.Close() // it ends by itself
		_ = service.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	return strings.TrimSpace(line), err
}

// listens waits until a socket takes connections.
func listens(socket string) (err error) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for range 250 {
		conn, dialed := net.Dial("unix", socket)
		if dialed == nil {
			return conn.Close()
		}
		err = dialed
		<-tick.C
	}
	return err
}

// buildRival builds the program, whose module is its own: Go gets the client of
// Redis through its module proxy the first time.
var buildRival = sync.OnceValues(func() (string, error) {
	program, err := filepath.Abs("../.cache/rivals/redis")
	if err != nil {
		return "", err
	}
	build := exec.Command("go", "build", "-o", program, ".")
	build.Dir = "rivals/redis"
	if said, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("bench/rivals/redis does not build: %w: %s", err, said)
	}
	return program, nil
})
