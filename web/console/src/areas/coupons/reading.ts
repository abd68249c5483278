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

/** useFunnel is what became of a template's coupons. */
export function useFunnel(id: string, enabled = true) {
  return useQuery({ queryKey: ['funnel', id], queryFn: ({ signal }) => ask(api.GET('/v1/templates/{id}/funnel', { params: { path: { id } }, signal })), enabled })
}
