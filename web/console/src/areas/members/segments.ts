import { useQuery } from '@tanstack/react-query'
import { api, ask, type Schemas } from '@/api/client'

export type Segment = Schemas['SavedSegmentRow']

/** useSegments are the saved segments by name, for filters. */
export function useSegments(enabled: boolean): Segment[] {
  const all = useQuery({
    queryKey: ['segments', 'all'],
    queryFn: ({ signal }) => ask(api.GET('/v1/segments', { params: { query: { limit: 500 } }, signal })),
    enabled,
    staleTime: 60_000,
  })
  return all.data?.items ?? []
}
