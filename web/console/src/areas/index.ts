import type { Area } from './area'
import { counter } from './counter'
import { coupons } from './coupons'
import { delivery } from './delivery'
import { members } from './members'
import { settings } from './settings'

/** areas are the entries of the menu, in its order: one line each. */
export const areas: Area[] = [
  coupons,
  delivery,
  counter,
  members,
  settings,
]
