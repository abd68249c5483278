import en from './words/en.json'
import cn from './words/zh-CN.json'
import tw from './words/zh-TW.json'

/** Languages that the counter speaks, with their own names. */
export const languages = { 'zh-CN': '简体中文', 'zh-TW': '繁體中文', en: 'English' } as const
export type Language = keyof typeof languages
export type Word = keyof typeof cn

const all: Record<Language, Record<Word, string>> = { 'zh-CN': cn, 'zh-TW': tw, en }
const kept = 'quan.language' // as the console keeps it

function first(): Language {
  const chosen = localStorage.getItem(kept)
  if (chosen && chosen in languages) return chosen as Language
  for (const tag of navigator.languages) {
    const t = tag.toLowerCase()
    if (/^zh-(tw|hk|mo|hant)/.test(t)) return 'zh-TW'
    if (t.startsWith('zh')) return 'zh-CN'
    if (t.startsWith('en')) return 'en'
  }
  return 'zh-CN'
}

let now = first()
document.documentElement.lang = now

export const language = (): Language => now

export function setLanguage(l: Language) {
  now = l
  localStorage.setItem(kept, l)
  document.documentElement.lang = l
}

/** t is a text in the reader's language; {name} in it is filled in. */
export function t(word: Word, fill: Record<string, string | number> = {}): string {
  return all[now][word].replace(/{(\w+)}/g, (_, name: string) => String(fill[name] ?? ''))
}

/** moment writes a moment shortly, in a market's zone, which it names where the device's clocks show another time. */
export function moment(at: string | number, zone?: string): string {
  const write = (timeZone?: string) => new Intl.DateTimeFormat(now, { dateStyle: 'short', timeStyle: 'short', timeZone }).format(new Date(at))
  const there = write(zone)
  if (there === write()) return there
  const name = new Intl.DateTimeFormat(now, { timeZone: zone, timeZoneName: 'short' }).formatToParts(new Date(at)).find((p) => p.type === 'timeZoneName')
  return `${there} ${name?.value ?? ''}`
}
