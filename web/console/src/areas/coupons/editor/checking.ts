import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask, Problem, type Schemas } from '@/api/client'
import type { Body } from './doc'
import { useDelayed } from '@/parts/delayed'

export type Check = Schemas['CheckRow']
export type Refusal = Schemas['ProblemError']

/** useCheck tells of a content, some time after it has stopped changing, what it would do and what is wrong with it. */
export function useCheck(template: Schemas['TemplateRow'], body: Body) {
  const { i18n } = useTranslation()
  const asked = useMemo(() => ({ template: template.id, market: template.market, issuer: body.issuer, draft: body.draft }), [template.id, template.market, body.issuer, body.draft])
  const late = useDelayed(asked, 400)
  return useQuery({
    queryKey: ['check', i18n.language, late],
    queryFn: ({ signal }) => ask(api.POST('/v1/templates/check', { body: late, signal })),
    placeholderData: keepPreviousData,
    staleTime: 5 * 60_000,
    gcTime: 60_000,
  })
}

/** refusalsOf are the parts of what was sent that a problem is about. */
export function refusalsOf(e: unknown): Refusal[] {
  if (!(e instanceof Problem)) return []
  if (e.errors.length > 0) return e.errors
  return e.pointer.startsWith('/') ? [{ code: e.code, detail: e.detail, pointer: e.pointer }] : []
}
