package membership

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"quan/internal/domain/condition"
	"quan/internal/domain/member"
	"quan/internal/domain/rule"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/text"
)

// What an identity and attributes may hold.
const (
	mostKind           = 32
	mostValue          = 256
	mostAttributes     = 64
	mostAttributeKey   = 64
	mostAttributeValue = 512
	mostTags           = 64
	mostTag            = 64
	leastPhone         = 5
	mostPhone          = 20
)

// checkIdentity adds the faults of a kind and a value; none repeats the value.
func checkIdentity(l *fault.List, kind string, value member.Secret, kindAt, valueAt string) {
	if !isKind(kind) {
		l.Add(fault.New(fault.InvalidValue).At(kindAt))
	}
	plain := member.Normalise(kind, value).Reveal()
	switch {
	case plain == "":
		l.Add(fault.New(fault.MissingValue).At(valueAt))
	case len(plain) > mostValue:
		l.Add(fault.New(fault.TooLong, "max", mostValue).At(valueAt))
	case !text.Clean(value.Reveal()), kind == "phone" && !isPhone(plain):
		l.Add(fault.New(fault.InvalidValue).At(valueAt))
	}
}

// isKind: [a-z][a-z0-9_]{0,31}
func isKind(kind string) bool {
	for i, c := range []byte(kind) {
		letter := c >= 'a' && c <= 'z'
		if !letter && (i == 0 || c != '_' && (c < '0' || c > '9')) {
			return false
		}
	}
	return kind != "" && len(kind) <= mostKind
}

// isPhone is loose: digits, with a plus before them if any. Which numbers exist
// is not ours to know.
func isPhone(plain string) bool {
	if plain[0] == '+' {
		plain = plain[1:]
	}
	for _, c := range []byte(plain) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(plain) >= leastPhone && len(plain) <= mostPhone
}

// checkAttributes points at the key, which is the operator's word, not the person's.
func checkAttributes(l *fault.List, attributes map[string]string, at string) {
	if len(attributes) > mostAttributes {
		l.Add(fault.New(fault.TooLong, "max", mostAttributes).At(at))
		return
	}
	for _, k := range sortedKeys(attributes) {
		where := at + "/" + pointerPart(k)
		switch v := attributes[k]; {
		case k == "" || !text.Clean(k):
			l.Add(fault.New(fault.InvalidValue).At(at))
		case len(k) > mostAttributeKey:
			l.Add(fault.New(fault.TooLong, "max", mostAttributeKey).At(at))
		case !text.Clean(v):
			l.Add(fault.New(fault.InvalidValue).At(where))
		case len(v) > mostAttributeValue:
			l.Add(fault.New(fault.TooLong, "max", mostAttributeValue).At(where))
		case v != "" && bands[k] != nil && !slices.Contains(bands[k], v):
			l.Add(fault.New(fault.InvalidValue).At(where))
		}
	}
}

// bands are the standard attributes of which the values are known.
var bands = map[string][]string{
	condition.AttributeSensitivity: condition.Sensitivities,
	condition.AttributeChurn:       condition.Churns,
}

// checkTags points at the tag, which is the operator's word.
func checkTags(l *fault.List, tags []string, at string) {
	if len(tags) > mostTags {
		l.Add(fault.New(fault.TooLong, "max", mostTags).At(at))
		return
	}
	for i, tag := range tags {
		where := fmt.Sprintf("%s/%d", at, i)
		switch f := rule.Word(tag, where); {
		case f != nil:
			l.Add(f)
		case len(tag) > mostTag:
			l.Add(fault.New(fault.TooLong, "max", mostTag).At(where))
		case slices.Contains(tags[:i], tag):
			l.Add(fault.New(fault.DuplicateValue).At(where))
		}
	}
}

func inOrder(tags []string) []string { return slices.Sorted(slices.Values(tags)) }

// sameFacts reports whether nothing that conditions read has changed.
func sameFacts(a, b *member.Member) bool {
	return maps.Equal(a.Attributes, b.Attributes) && slices.Equal(a.Tags, b.Tags)
}

// pointerPart escapes a key for a JSON pointer (RFC 6901).
func pointerPart(key string) string {
	var out []byte
	for _, c := range []byte(key) {
		switch c {
		case '~':
			out = append(out, "~0"...)
		case '/':
			out = append(out, "~1"...)
		default:
			out = append(out, c)
		}
	}
	return string(out)
}

// factsCreated and factsUpdated say what changed without saying anything of the
// person: how many attributes there are, never what they hold.
func factsCreated(kind string, attributes int) string {
	return `{"identity":"` + kind + `","attributes":` + strconv.Itoa(attributes) + `}`
}

func factsAttributes(n int) string { return `{"attributes":` + strconv.Itoa(n) + `}` }

func factsMember(m *member.Member) string {
	return fmt.Sprintf(`{"attributes":%d,"tags":%d}`, len(m.Attributes), len(m.Tags))
}

// factsFed is factsMember, with the first identity that a feed has brought.
func factsFed(m *member.Member, gained []member.Identity) string {
	if len(gained) == 0 {
		return factsMember(m)
	}
	return fmt.Sprintf(`{"attributes":%d,"tags":%d,"identity":"%s"}`, len(m.Attributes), len(m.Tags), gained[0].Kind)
}

func factsIdentity(kind string) string { return `{"identity":"` + kind + `"}` }

func factsBlocked(blocked bool) string { return `{"blocked":` + strconv.FormatBool(blocked) + `}` }
