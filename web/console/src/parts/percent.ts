import { numberFormat } from './intl'

/** readPercent turns a typed percentage ("12.5") into basis points; null where it is none. */
export function readPercent(text: string): number | null {
  const m = /^(\d{1,3})(?:\.(\d{0,2}))?$/.exec(text.trim().replace(/[%％]$/, ''))
  if (!m) return null
  const bps = Number((m[1] ?? '') + (m[2] ?? '').padEnd(2, '0'))
  return bps <= 10_000 ? bps : null
}

/** plainPercent is a percentage as it is typed: 1250 is "12.5". */
export function plainPercent(bps: number): string {
  const s = bps.toString().padStart(3, '0')
  return `${s.slice(0, -2)}.${s.slice(-2)}`.replace(/\.?0+$/, '')
}

/** showPercent writes basis points with a percent sign, to so many decimals at most. */
export function showPercent(bps: number, language: string): string {
  return numberFormat(language, { style: 'percent', maximumFractionDigits: 2 }).format(bps / 10_000)
}
