//go:build !unix

package sqlite

import (
	"errors"
	"os"
)

var errTaken = errors.New("taken")

func lockHandle(*os.File) error {
	return errors.New("this system has no lock that we use; open read-only")
}
