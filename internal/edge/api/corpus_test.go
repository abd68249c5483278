package api

import "strings"

// The corpus of bad and odd input, by the kind of value that it is aimed at.
// Values are JSON texts as they stand in a body.

// wrongValues are put everywhere.
var wrongValues = []string{
	`null`, `[]`, `{}`, `""`, `" "`, `true`, `false`, `0`, `1`, `-1`, `[[[]]]`, `{"a":{"b":[]}}`, `["x"]`, `"null"`, `"undefined"`,
	`NaN`, `Infinity`, `-Infinity`, `undefined`, `'x'`, `x`, `tru`, `,`, `"`, `\`, `{"`, `[1,`, "\xff", "\"\xff\"", "\"\xc0\xaf\"", "\"\xed\xa0\x80\"",
	`"\ud800"`, `"\udc00\ud800"`, `"\u0000"`, "\"\x00\"", `"a\u0000b"`, "\"a\nb\"", `"\x41"`, `"\u12"`,
	"\ufeff\"x\"", `{"a":1,"a":2}`, `{"":1}`, `{"__proto__":{"x":1}}`, `{"$ref":"#"}`, `[null]`, `[{}]`, `[0]`, `[1e400]`,
}

// numbers are amounts, percentages and counts.
var numbers = []string{
	`-1`, `0`, `1`, `-0`, `0.0`, `0.001`, `1.0`, `1e2`, `1E2`, `1e-2`, `1e309`, `-1e309`, `01`, `+1`, `.5`, `5.`, `0x10`, `1_000`, `1,000`, `"1,000"`,
	`" 5 "`, `"5"`, `"５"`, `５`, `"百"`, `9007199254740991`, `9007199254740993`, `9223372036854775807`, `9223372036854775808`, `-9223372036854775808`,
	`-9223372036854775809`, `18446744073709551616`, `1000000000000`, `1000000000000001`, `100`, `101`, `10001`, `2147483648`, `-2147483649`,
	strings.Repeat("9", 400), `1` + strings.Repeat("0", 4000),
}

// moments are times, good and bad.
var moments = []string{
	`"2026-02-30T00:00:00Z"`, `"2026-03-02T24:00:00Z"`, `"2026-03-02T23:59:60Z"`, `"0000-01-01T00:00:00Z"`, `"0001-01-01T00:00:00Z"`,
	`"9999-12-31T23:59:59Z"`, `"10000-01-01T00:00:00Z"`, `"2038-01-19T03:14:08Z"`, `"1969-12-31T23:59:59Z"`, `"2026-03-02"`, `"2026-03-02T10:00:00"`,
	`"2026-03-02T10:00:00+14:00"`, `"2026-03-02T10:00:00-12:00"`, `"2026-03-02T10:00:00+24:00"`, `"2026-03-29T02:30:00+01:00"`, `"2028-02-29T00:00:00Z"`,
	`"2027-02-29T00:00:00Z"`, `1772416800`, `1772416800000`, `"1772416800"`, `"now"`, `"tomorrow"`, `"2026-W10"`, `"Mon, 02 Mar 2026 10:00:00 GMT"`, `"2026-3-2T1:0:0Z"`, `"２０２６-03-02T10:00:00Z"`,
	`"2026-03-02T10:00:00Z\n"`, `"2026-03-02T10:00:00.123456789123456789Z"`,
}

// names are ids and codes.
var names = []string{
	`"tpl_0rejhy9xg8701"`, `"cpn_0rejhy9xg8701"`, `"cpn_0000000000000"`, `"CPN_0REJHY9XG8701"`, `"cpn_0rejhy9xg8701\n"`, `"cpn_zzzzzzzzzzzzz"`, `"cpn_"`, `"mem_0000000000001"`,
	`"cpn_0rejhy9xg870"`, `"cpn-0rejhy9xg8701"`, `"ｃpn_0rejhy9xg8701"`, `"6ba7b810-9dad-11d1-80b4-00c04fd430c8"`, `"1"`, `"0"`, `"-1"`, `"' OR 1=1 --"`, `"%"`, `"_"`, `"*"`,
	`"../../etc/passwd"`, `"..\\..\\x"`, `"a/b"`, `"a//b"`, `"."`, `".."`, `"main"`, `"MAIN"`, `"green"`, `"nobody"`, `"con"`, `"NUL"`,
}

// oddTexts are legal: whoever takes free text stores and returns them unharmed.
var oddTexts = []string{
	"\u202eevil", "a\u200bb", "👨\u200d👩\u200d👧\u200d👦", "e" + strings.Repeat("\u0301", 50), "ｆｕｌｌ　ｗｉｄｔｈ１２３", "Аррӏе", "ﷺ", "İı", "ß", "田中さんにあげて下さい",
	"券🎫滿額折抵", "<script>alert(1)</script>", "{{template}}", "${jndi:ldap://x}", "%s%d%n", "=cmd|'/c calc'!A1", "+1", "-1+1", "@SUM(1)", "'; DROP TABLE members; --", "\" OR \"\"=\"",
	"`id`", "$(id)", "../../../etc/passwd", "null", "undefined", "true", "NaN", "0x10", "1e309", "1/0", "\u00a0x\u00a0", "x\u2028y\u2029z", "Ω≈ç√∫", "אִי", "ا\u0644\u0639",
	"\\u0000", "\\", "/", "~", "~1", "#", "?", "&amp;", "&#x27;", "😀", "𝒳", "\uffff", "\U0010ffff", "\ufeffbom", strings.Repeat("長", 160),
}

// longTexts overrun every length.
var longTexts = []string{strings.Repeat("x", 300), strings.Repeat("x", 5000), strings.Repeat("券", 3000), strings.Repeat("\u0301", 1000), strings.Repeat("x", 100_000)}
