package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"time"
)

func main() {
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: testsum [-name part] -- go test -json …")
		flag.PrintDefaults()
	}
	name := flag.String("name", "tests", "what the closing lines call this run")
	flag.Parse()
	if flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	os.Exit(run(*name, flag.Args(), os.Stdout, os.Stderr))
}

// run executes the command, follows its events and returns the exit code.
func run(name string, command []string, out, errs io.Writer) int {
	start := time.Now()
	// An interrupt reaches the command too; we stay to tell what it came to.
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt)
	defer signal.Stop(interrupted)
	cmd := exec.CommandContext(context.Background(), command[0], command[1:]...)
	cmd.Stderr = errs
	pipe, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		fmt.Fprintf(errs, "testsum: %s: %v\n", command[0], err)
		return 1
	}
	sum := newSummary()
	readErr := follow(pipe, sum, out)
	waitErr := cmd.Wait()
	sum.print(out, name, time.Since(start))
	var exit *exec.ExitError
	switch {
	case readErr != nil:
		fmt.Fprintf(errs, "testsum: reading the events: %v\n", readErr)
		return 1
	case waitErr != nil && !errors.As(waitErr, &exit):
		fmt.Fprintf(errs, "testsum: %v\n", waitErr)
		return 1
	case waitErr != nil && sum.failed == 0:
		fmt.Fprintf(errs, "testsum: %s failed though no test did: %v\n", command[0], waitErr)
		return 1
	}
	return sum.code()
}

// follow reads events to the end and prints a line for each package that ends.
// What is no event (a build error of the go command, say) is printed as it is.
func follow(events io.Reader, sum *summary, out io.Writer) error {
	reader := bufio.NewReader(events)
	for {
		line, err := reader.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) != nil || e.Action == "" {
				fmt.Fprintf(out, "%s", line)
			} else if text := sum.add(e); text != "" {
				fmt.Fprintln(out, text)
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
