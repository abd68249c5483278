package i18n

import _ "embed" // the catalogues are part of the program

//go:embed words/en.json
var wordsEN []byte

//go:embed words/zh-CN.json
var wordsZhCN []byte

//go:embed words/zh-TW.json
var wordsZhTW []byte

var catalogue = map[Lang]*Words{
	EN:   MustParse(EN, wordsEN),
	ZhCN: MustParse(ZhCN, wordsZhCN),
	ZhTW: MustParse(ZhTW, wordsZhTW),
}

// words of a language, those of EN for one that quan does not speak.
func (l Lang) words() *Words {
	if w := catalogue[l]; w != nil {
		return w
	}
	return catalogue[EN]
}
