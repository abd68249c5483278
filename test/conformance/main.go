package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	dir := flag.String("dir", "../shared/conformance", "folder of the suites")
	flag.Parse()
	suites, err := readSuites(*dir)
	if err == nil {
		var results []Result
		if results, err = run(suites); err == nil {
			report(os.Stdout, results)
			return
		}
	}
	fmt.Fprintln(os.Stderr, "conformance:", err)
	os.Exit(1)
}
