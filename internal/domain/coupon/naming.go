package coupon

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"quan/internal/domain/rule"
	"quan/internal/kernel/fault"
)

// NameMax is the length of a name in characters.
const NameMax = 200

// Languages are the tags in which customers read; a template needs a name in at
// least one of them.
var Languages = []string{"zh-CN", "zh-TW", "en"}

// pointerEscape writes a key as a part of a JSON pointer.
var pointerEscape = strings.NewReplacer("~", "~0", "/", "~1")

func (v *validation) word(value, pointer string) { v.list.Add(rule.Word(value, pointer)) }

// Validate returns nil, or every fault of the template's own fields. Its draft
// is Doc.Validate's.
func (t *Template) Validate() error {
	v := validation{}
	if t.Code != "" {
		v.word(t.Code, "/code")
	}
	v.word(t.Market, "/market")
	v.name(t.InternalName, "/internal_name")
	v.customerNames(t.CustomerName, "/customer_name")
	if t.Line != "" {
		v.word(t.Line, "/line")
	}
	v.issuer(t.Issuer)
	return v.list.Err()
}

func (v *validation) name(text, pointer string) {
	switch {
	case strings.TrimSpace(text) == "":
		v.add(fault.MissingValue, pointer)
	case utf8.RuneCountInString(text) > NameMax:
		v.add(fault.TooLong, pointer, "max", NameMax)
	case !rule.Printable(text):
		v.add(fault.InvalidValue, pointer)
	}
}

func (v *validation) customerNames(names Names, pointer string) {
	known := false
	for _, tag := range slices.Sorted(maps.Keys(names)) {
		at := pointer + "/" + pointerEscape.Replace(tag)
		if !slices.Contains(Languages, tag) {
			v.add(fault.InvalidValue, at)
			continue
		}
		known = true
		v.name(names[tag], at)
	}
	if !known {
		v.add(fault.MissingValue, pointer)
	}
}

// Validate adds the faults of names that customers read, at pointers below pointer:
// at least one language, and none that is unknown.
func (n Names) Validate(pointer string, l *fault.List) {
	var v validation
	v.customerNames(n, pointer)
	for _, f := range v.list.Faults {
		l.Add(f)
	}
}

func (v *validation) issuer(i Issuer) {
	switch i.Kind {
	case IssuerMerchant, IssuerStore:
		v.word(i.Code, "/issuer/code")
	case IssuerPlatform, IssuerSelf:
		if i.Code != "" {
			v.word(i.Code, "/issuer/code")
		}
	case "":
		v.add(fault.MissingValue, "/issuer/kind")
	default:
		v.add(fault.InvalidValue, "/issuer/kind")
	}
}
