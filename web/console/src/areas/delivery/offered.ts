import { useQuery } from '@tanstack/react-query'
import { api, ask, type Schemas } from '@/api/client'

/** useOffered is the template or pack of an id. */
export function useOffered({ template, pack }: { template?: string; pack?: string }) {
  const one = useQuery({
    queryKey: template ? ['template', template] : ['pack', pack],
    queryFn: ({ signal }): Promise<Schemas['TemplateRow'] | Schemas['PackRow']> =>
      template ? ask(api.GET('/v1/templates/{id}', { params: { path: { id: template } }, signal })) : ask(api.GET('/v1/packs/{id}', { params: { path: { id: pack ?? '' } }, signal })),
    enabled: !!template || !!pack,
    staleTime: 60_000,
  })
  return one.data
}
