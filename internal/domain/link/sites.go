package link

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"quan/internal/kernel/fault"
)

// MostSites is the largest number of sites that may show a link.
const MostSites = 20

// mostOrigin is the longest origin in characters.
const mostOrigin = 200

func checkSites(sites []string) *fault.Fault {
	if len(sites) > MostSites {
		return fault.New(fault.TooLong, "max", MostSites).At("/sites")
	}
	for i, s := range sites {
		if !isOrigin(s) || slices.Contains(sites[:i], s) {
			return fault.New(fault.InvalidValue).At("/sites/" + strconv.Itoa(i))
		}
	}
	return nil
}

// isOrigin reports whether a text is the origin of a site as browsers write it, such as
// https://shop.example.com or https://shop.example.com:8443. It goes into a policy and
// is compared with what browsers say, so there is one way to write it: small letters,
// no path, no usual port, names beyond ASCII in their xn-- form, no wildcard. Without
// TLS anybody on the way could read members' tokens, so http is for this machine only.
func isOrigin(s string) bool {
	scheme, authority, ok := strings.Cut(s, "://")
	if !ok || len(s) > mostOrigin {
		return false
	}
	host, port, hasPort := strings.Cut(authority, ":")
	if hasPort {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 || strconv.FormatUint(n, 10) != port || scheme == "https" && n == 443 || scheme == "http" && n == 80 {
			return false
		}
	}
	switch scheme {
	case "https":
		return isHost(host)
	case "http":
		return host == "localhost" || host == "127.0.0.1"
	}
	return false
}

// isHost reports whether a text is a name of labels, or an IPv4 address.
func isHost(s string) bool {
	if a, err := netip.ParseAddr(s); err == nil {
		return a.Is4() && a.String() == s
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return false
		}
	}
	last := s[strings.LastIndexByte(s, '.')+1:]
	return last[0] < '0' || last[0] > '9' // 1.2.3 and 0x7f.1 are addresses in disguise
}
