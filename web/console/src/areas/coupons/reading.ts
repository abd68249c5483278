import { useQuery } from '@tanstack/react-query'
import { api, ask, got, type Schemas } from '@/api/client'

export type Template = Schemas['TemplateRow']

/** useTemplate is a template with its revision. */
export function useTemplate(id: string) {
  return useQuery({ queryKey: ['template', id], queryFn: ({ signal }) => got(api.GET('/v1/templates/{id}', { params: { path: { id } }, signal })) })
}

/** useVersions are the published versions of a template, oldest first. */
export function useVersions(id: string, enabled = true) {
  return useQuery({ queryKey: ['versions', id], queryFn: ({ signal }) => ask(api.GET('/v1/templates/{id}/versions', { params: { path: { id } }, signal })).then((x) => x.items), enabled })
}

/** useMarkets are all markets that live. */
export function useMarkets() {
  return useQuery({ queryKey: ['markets', 'all'], queryFn: ({ signal }) => ask(api.GET('/v1/markets', { params: { query: { limit: 100 } }, signal })).then((x) => x.items), staleTime: 60_000 })
}

/** useMarket is one market. */
export function useMarket(code: string | undefined) {
  return useQuery({ queryKey: ['market', code], queryFn: ({ signal }) => ask(api.GET('/v1/markets/{code}', { params: { path: { code: code ?? '' } }, signal })), enabled: !!code, staleTime: 60_000 })
}

/** useFunnel is what became of a template's coupons. */
export function useFunnel(id: string, enabled = true) {
  return useQuery({ queryKey: ['funnel', id], queryFn: ({ signal }) => ask(api.GET('/v1/templates/{id}/funnel', { params: { path: { id } }, signal })), enabled })
}
