//go:build unix && !linux

package sqlite

import "modernc.org/libc"

func syncData(tls *libc.TLS, l *logFile, file uintptr, flags int32) int32 {
	return called[syncFunc](l.system().FxSync)(tls, file, flags)
}
