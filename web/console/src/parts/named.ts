import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { api, ask, type Schemas } from '@/api/client'
import { nameOf } from './names'

interface Rows {
  templates: Schemas['TemplateRow']
  packs: Schemas['PackRow']
  placements: Schemas['PlacementRow']
  budgets: Schemas['BudgetRow']
  stores: Schemas['StoreRow']
  merchants: Schemas['MerchantRow']
  lists: Schemas['ListRow']
  segments: Schemas['SavedSegmentRow']
}

/** Kind is what has a name beside its id or code. */
export type Kind = keyof Rows
export type RowOf<K extends Kind> = Rows[K]

const readers: { [K in Kind]: (key: string, signal: AbortSignal) => Promise<Rows[K]> } = {
  templates: (id, signal) => ask(api.GET('/v1/templates/{id}', { params: { path: { id } }, signal })),
  packs: (id, signal) => ask(api.GET('/v1/packs/{id}', { params: { path: { id } }, signal })),
  placements: (id, signal) => ask(api.GET('/v1/placements/{id}', { params: { path: { id } }, signal })),
  budgets: (id, signal) => ask(api.GET('/v1/budgets/{id}', { params: { path: { id } }, signal })),
  stores: (code, signal) => ask(api.GET('/v1/stores/{code}', { params: { path: { code } }, signal })),
  merchants: (code, signal) => ask(api.GET('/v1/merchants/{code}', { params: { path: { code } }, signal })),
  lists: (code, signal) => ask(api.GET('/v1/lists/{code}', { params: { path: { code } }, signal })),
  segments: (code, signal) => ask(api.GET('/v1/segments/{code}', { params: { path: { code } }, signal })),
}

/** namedBy asks for the row of a key; those of a page go in one request together. */
export const namedBy = <K extends Kind>(kind: K, key: string) => ({
  queryKey: [kind, 'named', key],
  queryFn: ({ signal }: { signal: AbortSignal }) => readers[kind](key, signal),
  staleTime: 60_000,
})

/** useNamed is the row that an id or a code names. */
export function useNamed<K extends Kind>(kind: K, key: string | undefined): UseQueryResult<Rows[K]> {
  return useQuery({ ...namedBy(kind, key ?? ''), enabled: !!key })
}

/** calledOf is what people call a row. */
export function calledOf(row: Rows[Kind]): string {
  return 'internal_name' in row ? nameOf(row) : row.name
}
