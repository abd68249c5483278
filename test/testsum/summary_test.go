package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRun plays small modules through the real go command.
func TestRun(t *testing.T) {
	const pass = "func TestGood(t *testing.T) {}\n"
	cases := map[string]struct {
		code  int
		body  string
		says  []string
		never []string
	}{
		"all pass": {0, pass, []string{"ok ", "1 passed, 0 failed, 0 skipped\n"}, []string{"FAIL"}},
		"a failure in full": {1, pass + "func TestBad(t *testing.T) { t.Log(\"first\"); t.Error(\"second\") }\n",
			[]string{"--- FAIL: planted TestBad", "first", "second", "1 passed, 1 failed, 0 skipped\n"}, nil},
		"skips by reason": {0, pass + "func TestA(t *testing.T) { t.Skip(\"needs the moon\") }\nfunc TestB(t *testing.T) { t.Log(\"x\"); t.Skip(\"needs the moon\") }\n",
			[]string{"     2  needs the moon\n", "1 passed, 0 failed, 2 skipped\n"}, nil},
		"a build failure": {1, "func TestBad(t *testing.T) { undefinedName() }\n",
			[]string{"undefined: undefinedName", "0 passed, 1 failed, 0 skipped\n"}, nil},
		"a panic":         {1, "func TestBad(t *testing.T) { panic(\"planted\") }\n", []string{"panic: planted", " failed,"}, nil},
		"an os.Exit":      {1, pass + "func TestZ(t *testing.T) { os.Exit(3) }\n", []string{"1 passed, 1 failed"}, nil},
		"nothing ran":     {1, "", []string{"no test ran", "0 passed, 0 failed, 0 skipped\n"}, nil},
		"a failed parent": {1, "func TestP(t *testing.T) { t.Run(\"c\", func(t *testing.T) { t.Error(\"inner\") }) }\n", []string{"--- FAIL: planted TestP/c\n", "inner", "0 passed, 2 failed"}, []string{"--- FAIL: planted TestP\n", "=== RUN"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			body := "package planted\n\nimport (\n\t\"os\"\n\t\"testing\"\n)\n\nvar _ = os.Exit\nvar _ testing.TB\n" + c.body
			write(t, filepath.Join(dir, "go.mod"), "module planted\n\ngo 1.26\n")
			write(t, filepath.Join(dir, "planted_test.go"), body)
			var out, errs strings.Builder
			code := run("planted", []string{"go", "test", "-C", dir, "-json", "./..."}, &out, &errs)
			if code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			for _, want := range c.says {
				if !strings.Contains(out.String(), want) {
					t.Errorf("does not say %q", want)
				}
			}
			for _, never := range c.never {
				if strings.Contains(out.String(), never) {
					t.Errorf("says %q", never)
				}
			}
			if t.Failed() {
				t.Logf("it said:\n%s\n%s", out.String(), errs.String())
			}
		})
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
