import en from './words/en.json'
import cn from './words/zh-CN.json'
import tw from './words/zh-TW.json'

/** Languages of the phone pages, with their own names. */
export const languages = { 'zh-CN': '简', 'zh-TW': '繁', en: 'EN' } as const
export const names = { 'zh-CN': '简体中文', 'zh-TW': '繁體中文', en: 'English' } as const
export type Language = keyof typeof languages
type Further = typeof import('./words/page/zh-CN.json')
export type Word = keyof typeof cn | keyof Further
type Words = Partial<Record<Word, string>>

const all: Record<Language, Words> = { 'zh-CN': { ...cn }, 'zh-TW': { ...tw }, en: { ...en } }

/** learn adds the words that the card in other sites does without. */
export function learn(more: Record<Language, Words>) {
  for (const l in more) Object.assign(all[l as Language], more[l as Language])
}

const kept = 'quan.language' // as the counter and the console keep it

function chosen(): string | null {
  try {
    return localStorage.getItem(kept)
  } catch {
    return null // a WebView without storage
  }
}

function first(): Language {
  const asked = (/[?&]lang=([\w-]+)/.exec(location.search) || [])[1]
  if (asked && asked in languages) return asked as Language
  const c = chosen()
  if (c && c in languages) return c as Language
  for (const tag of navigator.languages || [navigator.language || '']) {
    const t = tag.toLowerCase()
    if (/^zh-(tw|hk|mo|hant)/.test(t)) return 'zh-TW'
    if (t.indexOf('zh') === 0) return 'zh-CN'
    if (t.indexOf('en') === 0) return 'en'
  }
  return 'zh-CN'
}

let now = first()
document.documentElement.lang = now

export const language = (): Language => now

export function setLanguage(l: Language) {
  now = l
  document.documentElement.lang = l
  try {
    localStorage.setItem(kept, l)
  } catch {
    // the choice lasts as long as the page
  }
}

/** t is a text in the reader's language; {name} in it is filled in. */
export function t(word: Word, fill: Record<string, string | number> = {}): string {
  return (all[now][word] || word).replace(/{(\w+)}/g, (_, name: string) => String(fill[name] ?? ''))
}

/** moment writes a moment in a market's zone, which it names where the device's clocks show another time. */
export function moment(at: string, zone?: string): string {
  const d = new Date(at)
  const write = (more: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(now, { year: 'numeric', month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false, ...more }).format(d)
  try {
    const there = write({ timeZone: zone })
    return there === write({}) ? there : write({ timeZone: zone, timeZoneName: 'short' })
  } catch {
    return d.toLocaleString()
  }
}

/** money writes an amount of smallest units in its currency, without floats in between. */
export function money(minor: number, currency: string): string {
  const f = new Intl.NumberFormat(now, { style: 'currency', currency })
  const digits = f.resolvedOptions().maximumFractionDigits ?? 2
  return f.format(minor / 10 ** digits)
}
