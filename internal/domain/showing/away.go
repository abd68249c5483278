package showing

import (
	"crypto/hmac"
	"encoding/binary"
	"strings"
	"time"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
)

const (
	// Late is how long after its scan a scan made without network still counts.
	Late = 4 * time.Hour
	// Shift is how long after its last contact a counter may scan.
	Shift = 12 * time.Hour
	// slack is by how much a counter's count of time may be off.
	slack = 5 * time.Second

	contactPrefix = "C1."
	contactBytes  = 8
)

// Away is what a counter says of a scan that it made without network: the contact that
// it was given last, and the time that it counted from then on.
type Away struct {
	Contact string
	Elapsed time.Duration
}

// SignContact makes the contact of a caller who is in touch with us now.
func (k *Keys) SignContact(who string, now calendar.Instant) string {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, contactBytes+macBytes), uint64(now))
	return contactPrefix + letters.EncodeToString(append(b, k.macOf(contactPrefix, who, b)...))
}

// ScannedAt is when a scan was made, or invalid_value with a pointer into the Away for
// what this caller can't have: a contact of somebody else's, a moment to come. It says
// nothing of how long ago that is.
func (k *Keys) ScannedAt(a Away, who string, now calendar.Instant) (calendar.Instant, *fault.Fault) {
	body, ok := strings.CutPrefix(strings.ToUpper(strings.TrimSpace(a.Contact)), contactPrefix)
	b, err := letters.DecodeString(body)
	if !ok || err != nil || len(b) != contactBytes+macBytes || !hmac.Equal(b[contactBytes:], k.macOf(contactPrefix, who, b[:contactBytes])) {
		return 0, fault.New(fault.InvalidValue).At("/contact")
	}
	at := calendar.Instant(binary.BigEndian.Uint64(b)).Add(a.Elapsed)
	if a.Elapsed < 0 || a.Elapsed > Shift || at > now.Add(slack) {
		return 0, fault.New(fault.InvalidValue).At("/elapsed_ms")
	}
	return min(at, now), nil
}

// Stale is scan_too_old where a scan waited too long to be sent.
func Stale(scanned, now calendar.Instant) *fault.Fault {
	if end := scanned.Add(Late); now >= end {
		return fault.New(fault.ScanTooOld, "to", end)
	}
	return nil
}

// ReadAway is Read for a code that was scanned without network, at that moment: it was
// good then. Faults: those of Read, scan_too_old.
func (k *Keys) ReadAway(text string, scanned, now calendar.Instant) (Showing, *fault.Fault) {
	s, f := k.Read(text, 0)
	if f != nil {
		return s, f
	}
	if scanned < s.Until.Add(-Life-slack) || scanned >= s.Until.Add(slack) {
		return s, fault.New(fault.QRExpired, "to", s.Until)
	}
	return s, Stale(scanned, now)
}
