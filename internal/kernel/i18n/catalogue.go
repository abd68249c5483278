package i18n

import "embed"

//go:embed words/*.json
var words embed.FS

var catalogue = MustLoad(words, "words")

// Catalogue is the words of every language that quan speaks.
type Catalogue map[Lang]*Words

// MustLoad reads the catalogue that is part of the program, a file for each
// language below a folder; it panics.
func MustLoad(files embed.FS, folder string) Catalogue {
	c := Catalogue{}
	for _, lang := range []Lang{EN, ZhCN, ZhTW} {
		data, err := files.ReadFile(folder + "/" + string(lang) + ".json")
		if err != nil {
			panic(err)
		}
		if c[lang], err = Parse(lang, data); err != nil {
			panic(err)
		}
	}
	return c
}

// Of returns the words of a language, those of EN for one that quan does not speak.
func (c Catalogue) Of(lang Lang) *Words {
	if w := c[lang]; w != nil {
		return w
	}
	return c[EN]
}

func (l Lang) words() *Words { return catalogue.Of(l) }
