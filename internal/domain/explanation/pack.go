package explanation

import (
	"quan/internal/domain/limit"
	"quan/internal/domain/pack"
	"quan/internal/kernel/i18n"
	"quan/internal/kernel/id"
)

// Pack is one sentence for each rule of a pack, its content first. Rules are JSON
// pointers into the pack. Templates are named by the id's text (KindTemplate).
func (w Writer) Pack(p *pack.Pack) []Sentence {
	t := &page{Writer: w, words: wordsOf(w.Lang), zone: w.Market.Location()}
	parts := make([]string, len(p.Parts))
	for i, part := range p.Parts {
		parts[i] = t.words.Count("pack.part", part.Count, arg("name", w.name(KindTemplate, id.Format(id.Template, part.Template))))
	}
	t.add("/parts", "pack.parts", arg("items", w.Lang.List(parts, pack.MostParts)))
	if p.Partial {
		t.add("/partial", "pack.partial")
	} else {
		t.add("/partial", "pack.whole")
	}
	if p.Newcomer {
		t.add("/newcomer", "pack.newcomer")
	}
	if span := w.Lang.Span(p.Window.From, p.Window.To, t.zone); span != "" {
		t.add("/window", "pack.window", arg("span", span), t.zoneName())
	}
	for i, l := range p.Limits {
		key, args := "pack.limit."+string(l.Per)+".ever", []i18n.Arg(nil)
		if l.Period != limit.Ever {
			key, args = "pack.limit."+string(l.Per)+".period", []i18n.Arg{arg("period", t.words.Say("limit.period."+string(l.Period)))}
		}
		t.keep(index("/limits", i), t.words.Count(key, l.Cap, args...))
	}
	return t.sentences
}
