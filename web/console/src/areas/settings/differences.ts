/** Difference is a field that a change has touched, with its value before and after. */
export interface Difference {
  path: string
  before: string
  after: string
}

function leaves(v: unknown, at: string, into: Map<string, string>) {
  if (v === undefined || v === null) return
  if (Array.isArray(v) && v.every((x) => typeof x !== 'object')) into.set(at, v.join(', '))
  else if (typeof v === 'object') for (const [k, x] of Object.entries(v)) leaves(x, at ? `${at}.${k}` : k, into)
  else into.set(at, String(v))
}

/** differences are the fields of two rows that are not alike. */
export function differences(before: unknown, after: unknown): Difference[] {
  const a = new Map<string, string>()
  const b = new Map<string, string>()
  leaves(before, '', a)
  leaves(after, '', b)
  return [...new Set([...a.keys(), ...b.keys()])].filter((k) => a.get(k) !== b.get(k)).map((path) => ({ path, before: a.get(path) ?? '', after: b.get(path) ?? '' }))
}
