import { useQuery } from '@tanstack/react-query'
import { api, ask, type Schemas } from '@/api/client'

export type Market = Schemas['MarketRow']

/** useMarket is a market: its currency and its zone. Undefined while it is not there yet. */
export function useMarket(code: string | undefined): Market | undefined {
  return useQuery({
    queryKey: ['markets', code],
    queryFn: ({ signal }) => ask(api.GET('/v1/markets/{code}', { params: { path: { code: code ?? '' } }, signal })),
    enabled: !!code,
    staleTime: 300_000,
  }).data
}
