import type { Area } from './area'
import { counter } from './counter'
import { coupons } from './coupons'
import { delivery } from './delivery'
import { members } from './members'
import { settings } from './settings'
import { home } from './home'
import { reports } from './reports'

/** areas are the entries of the menu, in its order: one line each. */
export const areas: Area[] = [
  home,
  coupons,
  delivery,
  counter,
  members,
  reports,
  settings,
]
