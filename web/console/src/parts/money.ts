import { useTranslation } from 'react-i18next'
import { numberFormat } from './intl'

const known = new Map<string, number>()

/** digits is how many decimals a currency has: 2 for CNY, 0 for JPY. */
export function digits(currency: string): number {
  let d = known.get(currency)
  if (d === undefined) known.set(currency, (d = numberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2))
  return d
}

/** showMoney writes an amount of smallest units with its currency. It goes by text, never by fractions of floats. */
export function showMoney(minor: number, currency: string, language: string): string {
  const d = digits(currency)
  const s = Math.abs(minor).toString().padStart(d + 1, '0')
  const exact = `${minor < 0 ? '-' : ''}${s.slice(0, s.length - d)}${d ? '.' + s.slice(-d) : ''}`
  // Intl reads a decimal text exactly.
  return numberFormat(language, { style: 'currency', currency }).format(exact as Intl.StringNumericLiteral)
}

/** readMoney turns what a person typed ("12.5") into smallest units; null where it is no amount. */
export function readMoney(text: string, currency: string): number | null {
  const d = digits(currency)
  const m = /^(-?)(\d{1,13})(?:\.(\d*))?$/.exec(text.trim().replaceAll(',', ''))
  if (!m || (m[3] ?? '').length > d) return null
  return (m[1] ? -1 : 1) * Number((m[2] ?? '') + (m[3] ?? '').padEnd(d, '0'))
}

/** plainMoney is the amount as it is typed: "12.50". */
export function plainMoney(minor: number, currency: string): string {
  const d = digits(currency)
  const s = Math.abs(minor).toString().padStart(d + 1, '0')
  return `${minor < 0 ? '-' : ''}${s.slice(0, s.length - d)}${d ? '.' + s.slice(-d) : ''}`
}

/** useMoney writes amounts in the reader's language. */
export function useMoney(): (minor: number, currency: string) => string {
  const { i18n } = useTranslation()
  return (minor, currency) => showMoney(minor, currency, i18n.language)
}
