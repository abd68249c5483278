import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import en from './words/en.json'
import cn from './words/zh-CN.json'
import tw from './words/zh-TW.json'

/** Languages that the console speaks, with their own names. */
export const languages = { 'zh-CN': '简体中文', 'zh-TW': '繁體中文', en: 'English' } as const

export type Language = keyof typeof languages

const kept = 'quan.language'

/** fit is the language of ours that serves a reader of the tag best. */
export function fit(tag: string): Language {
  const t = tag.toLowerCase()
  if (/^zh-(tw|hk|mo|hant)/.test(t)) return 'zh-TW'
  if (t.startsWith('zh')) return 'zh-CN'
  return 'en'
}

function first(): Language {
  const chosen = localStorage.getItem(kept)
  if (chosen && chosen in languages) return chosen as Language
  for (const tag of navigator.languages) if (/^(zh|en)/i.test(tag)) return fit(tag)
  return 'zh-CN'
}

void i18next.use(initReactI18next).init({
  resources: { 'zh-CN': { shell: cn }, 'zh-TW': { shell: tw }, en: { shell: en } },
  lng: first(),
  fallbackLng: 'en',
  defaultNS: 'shell',
  fallbackNS: 'shell',
  interpolation: { escapeValue: false }, // React escapes
  returnNull: false,
})
document.documentElement.lang = i18next.language

/** language is the one in use. */
export function language(): Language {
  return i18next.language as Language
}

export function setLanguage(l: Language) {
  localStorage.setItem(kept, l)
  document.documentElement.lang = l
  return i18next.changeLanguage(l)
}

/** Words are an area's texts in all languages, each nested as it likes. */
export type Words = Record<Language, object>

/** addWords makes an area's words known under its name. */
export function addWords(area: string, words: Words) {
  for (const l of Object.keys(languages) as Language[]) i18next.addResourceBundle(l, area, words[l], true, true)
}
