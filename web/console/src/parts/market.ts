import { useQuery } from '@tanstack/react-query'
import { api, ask, type Schemas } from '@/api/client'
import { useMay } from '@/session'

export type Market = Schemas['MarketRow']

const no: Market[] = []

/** useAllMarkets are the markets, archived ones too: few, and asked once for all pages. */
export function useAllMarkets() {
  const may = useMay()('market.read')
  return useQuery({
    queryKey: ['markets', 'all'],
    queryFn: ({ signal }) => ask(api.GET('/v1/markets', { params: { query: { limit: 500, archived: true } }, signal })).then((x) => x.items),
    enabled: may,
    staleTime: 300_000,
  })
}

/** useMarkets are the markets that live; none while they are not there yet. */
export function useMarkets(): Market[] {
  const all = useAllMarkets().data ?? no
  return all.some((m) => m.archived_at) ? all.filter((m) => !m.archived_at) : all
}

/** useMarket is a market: its currency and its zone. Undefined while it is not there yet. */
export function useMarket(code: string | undefined): Market | undefined {
  return useAllMarkets().data?.find((m) => m.code === code)
}
