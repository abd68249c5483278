/** A condition as the API has it; a leaf has a type, a node one list. */
export type Tree = { all?: Tree[]; any?: Tree[]; none?: Tree[]; type?: string; [field: string]: unknown }

export type Join = 'all' | 'any' | 'none'

/** One level of conditions, as the editor shows them. */
export interface Flat {
  join: Join
  leaves: Tree[]
}

/** flat reads a condition of one level; undefined where it has more. */
export function flat(tree: Tree): Flat | undefined {
  if (typeof tree.type === 'string') return { join: 'all', leaves: [tree] }
  for (const join of ['all', 'any', 'none'] as const) {
    const kids = tree[join]
    if (!kids) continue
    return kids.every((k) => typeof k.type === 'string') ? { join, leaves: kids } : undefined
  }
  return { join: 'all', leaves: [] }
}

/** treeOf writes what the editor shows: nothing is every member. */
export function treeOf({ join, leaves }: Flat): Tree {
  const [one] = leaves
  if (!one) return {}
  if (leaves.length === 1 && join !== 'none') return one
  return { [join]: leaves }
}
