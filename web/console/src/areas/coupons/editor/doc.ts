import type { Schemas } from '@/api/client'

/** Body is what the editor changes: a template's names and its draft, whole. */
export type Body = Schemas['TemplateNames']
export type Terms = Schemas['Terms']

type Node = Record<string, unknown> | unknown[]

const isNode = (v: unknown): v is Node => typeof v === 'object' && v !== null

function keys(pointer: string): string[] {
  return pointer === '' ? [] : pointer.slice(1).split('/').map((p) => p.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** read is what stands at a JSON pointer, undefined for nothing. */
export function read(root: unknown, pointer: string): unknown {
  let at = root
  for (const k of keys(pointer)) {
    if (!isNode(at)) return undefined
    at = (at as Record<string, unknown>)[k]
  }
  return at
}

/** write is the document with another value at a pointer; undefined takes out what is there. All else stays the same. */
export function write<T>(root: T, pointer: string, value: unknown): T {
  const go = (at: unknown, path: string[]): unknown => {
    const [k, ...rest] = path
    if (k === undefined) return value
    if (Array.isArray(at)) {
      const i = Number(k)
      if (rest.length === 0 && value === undefined) return at.filter((_, n) => n !== i)
      const next = at.slice()
      next[i] = go(at[i], rest)
      return next
    }
    const next: Record<string, unknown> = { ...(isNode(at) ? at : {}) }
    const v = go((at as Record<string, unknown> | undefined)?.[k], rest)
    if (v === undefined) delete next[k]
    else next[k] = v
    return next
  }
  return go(root, keys(pointer)) as T
}

/** canonical is a text that is the same for documents that say the same: what is zero, empty or false says nothing. */
export function canonical(v: unknown): string {
  const strip = (x: unknown): unknown => {
    if (Array.isArray(x)) return x.length === 0 ? undefined : x.map((e) => strip(e) ?? null)
    if (isNode(x)) {
      const out: Record<string, unknown> = {}
      for (const k of Object.keys(x).sort()) {
        const s = strip((x as Record<string, unknown>)[k])
        if (s !== undefined) out[k] = s
      }
      return Object.keys(out).length === 0 ? undefined : out
    }
    return x === 0 || x === '' || x === false || x === null ? undefined : x
  }
  return JSON.stringify(strip(v) ?? {})
}

/** leaves are all values below a document, by pointer; empty ones are left out. */
export function leaves(v: unknown, at = ''): Map<string, unknown> {
  const out = new Map<string, unknown>()
  const go = (x: unknown, here: string) => {
    if (Array.isArray(x) && x.every((e) => !isNode(e))) {
      if (x.length > 0) out.set(here, x)
    } else if (isNode(x)) for (const [k, e] of Object.entries(x)) go(e, `${here}/${k.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    else if (x !== undefined && x !== null && x !== '' && x !== 0 && x !== false) out.set(here, x)
  }
  go(v, at)
  return out
}

/** bodyOf is what a template's row says that can be changed; content is its draft, else what was published. */
export function bodyOf(row: Schemas['TemplateRow'], content?: Schemas['Doc']): Body {
  return {
    internal_name: row.internal_name,
    customer_name: row.customer_name,
    ...(row.line ? { line: row.line } : {}),
    issuer: row.issuer,
    draft: row.draft ?? content ?? { terms: { kind: 'amount_off', uses_per_coupon: 1, validity: { kind: 'days', days: 7 }, funders: [] }, claim: {} },
  }
}

/** The steps of the editor, in their order. */
export const steps = ['value', 'scope', 'validity', 'rules', 'funders', 'look'] as const
export type StepName = (typeof steps)[number]

const homes: [string, StepName][] = [
  ['/draft/terms/scope', 'scope'],
  ['/draft/terms/contains', 'scope'],
  ['/draft/terms/use', 'scope'],
  ['/draft/terms/uses_per_coupon', 'validity'],
  ['/draft/terms/interval_hours', 'validity'],
  ['/draft/terms/validity', 'validity'],
  ['/draft/claim/window', 'validity'],
  ['/draft/claim/sessions', 'validity'],
  ['/draft/claim/limits', 'validity'],
  ['/draft/claim/budgets', 'validity'],
  ['/draft/claim', 'rules'],
  ['/draft/terms/when', 'rules'],
  ['/draft/terms/stacking', 'rules'],
  ['/draft/terms/priority', 'rules'],
  ['/draft/terms/allow_zero', 'rules'],
  ['/draft/terms/funders', 'funders'],
  ['/issuer', 'funders'],
  ['/customer_name', 'look'],
  ['/internal_name', 'look'],
  ['/line', 'look'],
]

/** stepOf is the step in which the field of a pointer lies. */
export function stepOf(pointer: string): StepName {
  for (const [prefix, step] of homes) if (prefix.length > 0 && (pointer === prefix || pointer.startsWith(prefix + '/'))) return step
  return 'value'
}
