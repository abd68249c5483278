import { useQuery } from '@tanstack/react-query'
import { api, ask } from '@/api/client'
import { nameOf } from '@/parts/names'

/** useTemplateName says what templates are called, by one question for all of a page. */
export function useTemplateName(): (id?: string) => string {
  const all = useQuery({
    queryKey: ['templates', 'names'],
    queryFn: ({ signal }) => ask(api.GET('/v1/templates', { params: { query: { limit: 500 } }, signal })),
    staleTime: 300_000,
  })
  return (id) => {
    const row = all.data?.items.find((t) => t.id === id)
    return row ? nameOf(row) : (id ?? '–')
  }
}
