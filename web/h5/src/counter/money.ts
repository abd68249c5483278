/** digits is how many decimals a currency has: 2 for CNY, 0 for JPY. */
export function digits(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
}

/** plainMoney is an amount of smallest units as it is typed: "12.50". It goes by text, never by fractions of floats. */
export function plainMoney(minor: number, currency: string): string {
  const d = digits(currency)
  const s = String(Math.abs(minor)).padStart(d + 1, '0')
  return `${minor < 0 ? '-' : ''}${s.slice(0, s.length - d)}${d ? '.' + s.slice(-d) : ''}`
}

/** showMoney writes it with its currency. */
export function showMoney(minor: number, currency: string, language: string): string {
  return new Intl.NumberFormat(language, { style: 'currency', currency }).format(plainMoney(minor, currency) as unknown as number)
}

/** readMoney turns what a person typed ("12.5", in any width) into smallest units; null where it is no amount. */
export function readMoney(text: string, currency: string): number | null {
  const d = digits(currency)
  const m = /^(\d{1,13})(?:\.(\d*))?$/.exec(text.normalize('NFKC').trim().replace(/,/g, ''))
  if (!m || (m[2] ?? '').length > d) return null
  return Number((m[1] ?? '') + (m[2] ?? '').padEnd(d, '0'))
}
