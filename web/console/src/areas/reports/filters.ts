import dayjs from 'dayjs'
import { useMemo } from 'react'
import { useSearchParams } from 'react-router'
import { useMarkets } from '@/parts/market'
import { ownZone, wall } from '@/parts/zone'

/** Filters of a report, as the API takes them. They stand in the address. */
export type Filters = Record<string, string>

/** kept are the parameters that reports hand to each other and to the rows behind them. */
const kept = ['market', 'currency', 'from', 'to', 'template', 'placement', 'form', 'channel', 'city', 'merchant', 'store'] as const

/** useToday is the day in a market, the first one where none is named: people who look may be elsewhere. */
export function useToday(market: string | null | undefined): string {
  const markets = useMarkets()
  const zone = (markets.find((m) => m.code === market) ?? markets[0])?.zone ?? ownZone()
  return wall(new Date().toISOString(), zone).slice(0, 10)
}

/** useFilters reads the filters of the address; a report without days is of the last thirty, or of this month. */
export function useFilters(days: number | 'month' = 30): { filters: Filters; set: (more: Filters) => void; get: (key: string) => string } {
  const [params, setParams] = useSearchParams()
  const today = useToday(params.get('market'))
  const text = params.toString()
  const filters = useMemo(() => {
    const now = new URLSearchParams(text)
    const out: Filters = {}
    for (const k of kept) {
      const v = now.get(k)
      if (v) out[k] = v
    }
    out.to ??= today
    const last = dayjs(out.to)
    out.from ??= (days === 'month' ? last.startOf('month') : last.subtract(days - 1, 'day')).format('YYYY-MM-DD')
    return out
  }, [text, days, today])
  return {
    filters,
    get: (key) => params.get(key) ?? '',
    set: (more) =>
      setParams(
        (now) => {
          for (const [k, v] of Object.entries(more)) {
            if (v) now.set(k, v)
            else now.delete(k)
          }
          return now
        },
        { replace: true },
      ),
  }
}

/** address is a page with filters. */
export function address(page: string, filters: Filters): string {
  return `${page}?${new URLSearchParams(filters)}`
}

/** allDays are the days from one to another, both included, so that a curve has no holes. */
export function allDays(from: string, to: string): string[] {
  const out: string[] = []
  for (let d = dayjs(from); !d.isAfter(dayjs(to)) && out.length < 400; d = d.add(1, 'day')) out.push(d.format('YYYY-MM-DD'))
  return out
}
