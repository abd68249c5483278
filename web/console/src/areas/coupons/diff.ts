import { leaves } from './editor/doc'

/** Change is a value that differs between two documents; undefined is none. */
export interface Change {
  pointer: string
  before: unknown
  after: unknown
}

/** diffOf are the values in which two documents differ, in the order in which they stand. */
export function diffOf(a: unknown, b: unknown): Change[] {
  const [before, after] = [leaves(a), leaves(b)]
  const pointers = [...new Set([...before.keys(), ...after.keys()])]
  return pointers
    .map((pointer) => ({ pointer, before: before.get(pointer), after: after.get(pointer) }))
    .filter((c) => JSON.stringify(c.before) !== JSON.stringify(c.after))
}
