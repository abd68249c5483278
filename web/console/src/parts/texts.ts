import type { Language } from '@/i18n'

/** Texts are a text in several languages, as the API has them. */
export type Texts = Record<string, string | undefined> | undefined

/** inLanguage is the text in the reader's language, else in the nearest that there is. */
export function inLanguage(texts: Texts, language: Language): string {
  if (!texts) return ''
  const order: string[] = language === 'en' ? ['en', 'zh-CN', 'zh-TW'] : language === 'zh-TW' ? ['zh-TW', 'zh-CN', 'en'] : ['zh-CN', 'zh-TW', 'en']
  for (const l of order) if (texts[l]) return texts[l]
  return Object.values(texts).find((x) => x) ?? ''
}
