package access_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"quan/internal/domain/access"
)

var update = flag.Bool("update", false, "write testdata/roles.txt anew")

// What each role may do is written down, so that a permission that moves shows as a
// difference: go test ./internal/domain/access -update rewrites it.
func TestRolesKeepTheirPermissions(t *testing.T) {
	var b strings.Builder
	for _, p := range access.All {
		var who []string
		for _, r := range access.Roles {
			if slices.Contains(access.Permissions([]access.Role{r}), p) {
				who = append(who, string(r))
			}
		}
		fmt.Fprintf(&b, "%s: %s\n", p, strings.Join(who, " "))
	}
	const file = "testdata/roles.txt"
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("roles differ from %s:\n%s", file, b.String())
	}
}

func TestRolesAddUp(t *testing.T) {
	both := access.Permissions([]access.Role{access.Clerk, access.Finance})
	for _, r := range []access.Role{access.Clerk, access.Finance} {
		for _, p := range access.Permissions([]access.Role{r}) {
			if !slices.Contains(both, p) {
				t.Errorf("%s of %s is lost", p, r)
			}
		}
	}
	if len(slices.Compact(slices.Sorted(slices.Values(both)))) != len(both) {
		t.Errorf("a permission stands twice: %v", both)
	}
	if access.Permissions(nil) != nil || access.Permissions([]access.Role{"king"}) != nil {
		t.Error("no role may do something")
	}
}
