/** A condition tree as JSON: {} for none, one of the groups, or a leaf with its type. */
export type Tree = Record<string, unknown>

export const groups = ['all', 'any', 'none'] as const
export type Group = (typeof groups)[number]

/** groupOf is which group a node is, undefined for a leaf or nothing. */
export function groupOf(t: Tree | undefined): Group | undefined {
  return groups.find((g) => t !== undefined && Array.isArray(t[g]))
}

/** isNothing reports whether a tree asks for nothing. */
export const isNothing = (t: Tree | undefined): boolean => !t || Object.keys(t).length === 0

export const kids = (t: Tree): Tree[] => {
  const g = groupOf(t)
  return g ? (t[g] as Tree[]) : []
}

/** regrouped is a node as another group with the same conditions. */
export const regrouped = (t: Tree, to: Group): Tree => ({ [to]: kids(t) })

/** withKid adds a condition to a tree: to its group, beside its only leaf, or as the first. */
export function withKid(t: Tree | undefined, kid: Tree): Tree {
  if (!t || isNothing(t)) return 'type' in kid ? { all: [kid] } : kid
  const g = groupOf(t)
  return g ? { [g]: [...kids(t), kid] } : { all: [t, kid] }
}

/** withoutKid takes a condition out of a group; the last one leaves nothing. */
export function withoutKid(t: Tree, at: number): Tree {
  const g = groupOf(t)
  if (!g) return {}
  const left = kids(t).filter((_, i) => i !== at)
  return left.length === 0 ? {} : { [g]: left }
}

/** moved puts a condition of a group further up or down. */
export function moved(t: Tree, at: number, by: number): Tree {
  const g = groupOf(t)
  if (!g) return t
  const list = kids(t).slice()
  const [one] = list.splice(at, 1)
  if (one) list.splice(at + by, 0, one)
  return { [g]: list }
}

/** wrapped puts one condition of a group into a group of its own. */
export function wrapped(t: Tree, at: number, into: Group): Tree {
  const g = groupOf(t)
  return g ? { [g]: kids(t).map((k, i) => (i === at ? { [into]: [k] } : k)) } : { [into]: [t] }
}

/** unwrapped puts the conditions of a group in the place of the group. */
export function unwrapped(t: Tree, at: number): Tree {
  const g = groupOf(t)
  return g ? { [g]: kids(t).flatMap((k, i) => (i === at && groupOf(k) ? kids(k) : [k])) } : t
}

/** pruned is a tree without groups that hold nothing: they say nothing, and the API refuses them. */
export function pruned(t: Tree): Tree {
  const g = groupOf(t)
  if (!g) return t
  const left = kids(t).map(pruned).filter((k) => !isNothing(k))
  return left.length === 0 ? {} : { [g]: left }
}
