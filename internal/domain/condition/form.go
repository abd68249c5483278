package condition

// FieldKind says which control an editor shows for a field.
type FieldKind string

// The kinds of fields.
const (
	FieldText       FieldKind = "text"
	FieldInteger    FieldKind = "integer"
	FieldMoney      FieldKind = "money" // minor units of the market's currency
	FieldBps        FieldKind = "bps"   // basis points
	FieldYesNo      FieldKind = "yes_no"
	FieldChoice     FieldKind = "choice"      // one of Options
	FieldChoices    FieldKind = "choices"     // several of Options
	FieldWords      FieldKind = "words"       // list of words, of the things that Names says
	FieldWeekdays   FieldKind = "weekdays"    // set of mon … sun
	FieldTimeRanges FieldKind = "time_ranges" // list of {from, to} as hh:mm
	FieldWindows    FieldKind = "windows"     // list of {from, to} as RFC 3339 times
	FieldScope      FieldKind = "scope"       // goods, as in the scope of a template
	FieldPolygons   FieldKind = "polygons"    // list of polygons, each a list of {lat, lng}
	FieldCircles    FieldKind = "circles"     // list of {center: {lat, lng}, radius_m}
	FieldPoint      FieldKind = "point"       // {lat, lng}
	FieldTexts      FieldKind = "texts"       // text by language tag
	FieldCEL        FieldKind = "cel"         // an expression; Environment has its words
)

// Form describes the fields of a leaf type. Label and help are keys of the words
// that package explanation keeps.
type Form struct {
	Type   string  `json:"type"`
	Label  string  `json:"label"`
	Help   string  `json:"help"`
	Fields []Field `json:"fields"`
}

// Field is one field of a form, under its JSON name.
type Field struct {
	Name     string    `json:"name"`
	Kind     FieldKind `json:"kind"`
	Label    string    `json:"label"`
	Help     string    `json:"help,omitempty"`
	Required bool      `json:"required,omitempty"`
	Min      *int64    `json:"min,omitempty"`   // least number
	Max      *int64    `json:"max,omitempty"`   // greatest number
	Most     int64     `json:"most,omitempty"`  // entries of a list, bytes of a text
	Names    Named     `json:"names,omitempty"` // what the words of a list name
	Options  []Option  `json:"options,omitempty"`
}

// Option is a choice with the key of its label.
type Option struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

var unknownField = choice("unknown", string(UnknownNo), string(UnknownYes))

func form(kind string, fields ...Field) Form {
	return Form{Type: kind, Label: "condition.type." + kind, Help: "condition.help." + kind, Fields: fields}
}

func field(name string, kind FieldKind) Field {
	return Field{Name: name, Kind: kind, Label: "condition.field." + name}
}

func (f Field) required() Field {
	f.Required = true
	return f
}

func (f Field) most(n int64) Field {
	f.Most = n
	return f
}

func number(name string, kind FieldKind, low, high int64) Field {
	f := field(name, kind)
	f.Min, f.Max = &low, &high
	return f
}

func wordList(name string, names Named) Field {
	f := field(name, FieldWords).most(WordsMax)
	f.Names = names
	return f
}

func choice(name string, values ...string) Field {
	f := field(name, FieldChoice)
	for _, v := range values {
		f.Options = append(f.Options, Option{v, "condition.choice." + v})
	}
	return f
}

func choices(name string, values ...string) Field {
	f := choice(name, values...)
	f.Kind = FieldChoices
	return f
}
