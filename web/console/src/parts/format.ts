import { useTranslation } from 'react-i18next'
import { dateFormat, numberFormat } from './intl'
import { digits, useMoney } from './money'

/** useFormat writes counts, rates and amounts in the reader's language. */
export function useFormat() {
  const { i18n } = useTranslation()
  const money = useMoney()
  return {
    money,
    count: (n: number) => numberFormat(i18n.language).format(n),
    rate: (bps: number) => numberFormat(i18n.language, { style: 'percent', maximumFractionDigits: 1 }).format(bps / 10_000),
    /** Short amounts for the axes of drawings; tables have the exact ones. */
    short: (minor: number, currency: string) => numberFormat(i18n.language, { notation: 'compact', style: 'currency', currency, maximumFractionDigits: 1 }).format(minor / 10 ** digits(currency)),
    compact: (n: number) => numberFormat(i18n.language, { notation: 'compact', maximumFractionDigits: 1 }).format(n),
    day: (d: string) => dateFormat(i18n.language, { month: 'numeric', day: 'numeric', timeZone: 'UTC' }).format(new Date(d + 'T00:00:00Z')),
    perSecond: (milli: number) => numberFormat(i18n.language, { maximumFractionDigits: milli < 10_000 ? 1 : 0 }).format(milli / 1000),
  }
}
