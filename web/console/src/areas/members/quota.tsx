import { Select } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, ask } from '@/api/client'
import { useMarkets } from '@/parts/market'

/** home is the market that every installation has. */
const home = 'main'

/** homeOf is the market that a page begins with: the one that is asked for, else the first. */
export function homeOf(markets: { code: string }[], asked: string | null | undefined): string {
  if (asked && markets.some((m) => m.code === asked)) return asked
  return markets.find((m) => m.code === home)?.code ?? markets[0]?.code ?? home
}

/** useDesk is the service desk of a market: what it may do a day, and what was done today. */
export function useDesk(market: string | undefined) {
  return useQuery({
    queryKey: ['desk', market],
    queryFn: ({ signal }) => ask(api.GET('/v1/desks/{market}', { params: { path: { market: market ?? home } }, signal })),
    enabled: !!market,
  })
}

/** MarketChoice chooses whose desk it is; where there is one market, nothing has to be chosen. */
export function MarketChoice({ value, onChange }: { value: string; onChange: (market: string) => void }) {
  const { t } = useTranslation('members')
  const markets = useMarkets()
  if (markets.length < 2) return null
  return <Select aria-label={t('desk.market')} value={value} onChange={onChange} options={markets.map((m) => ({ value: m.code, label: `${m.name} · ${m.currency}` }))} style={{ minWidth: 200, marginBottom: 16 }} />
}
