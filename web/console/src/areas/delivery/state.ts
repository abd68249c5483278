import type { Schemas } from '@/api/client'

export type Placement = Schemas['PlacementRow']

/** What a placement is just now: archived, off (switched), early, over, or open. */
export type PlacementState = 'archived' | 'off' | 'early' | 'over' | 'open'

/** stateOf says what a placement is at a moment, in milliseconds. */
export function stateOf(p: Pick<Placement, 'archived_at' | 'open' | 'from' | 'to'>, now: number): PlacementState {
  if (p.archived_at) return 'archived'
  if (!p.open) return 'off'
  if (p.from && now < Date.parse(p.from)) return 'early'
  if (p.to && now >= Date.parse(p.to)) return 'over'
  return 'open'
}

/** Colours of the tags of states, of antd's own, so that they fit light and dark. */
export const stateColours: Record<PlacementState, string> = { archived: 'default', off: 'orange', early: 'blue', over: 'default', open: 'green' }
