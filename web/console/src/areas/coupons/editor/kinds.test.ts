import { expect, it } from 'vitest'
import type { Terms } from './doc'
import { readingOf, turned, type KindRow } from './kinds'

const kinds: KindRow[] = [
  { kind: 'amount_off', needs: [['amount_minor', 'steps'], ['threshold_minor', 'steps']], may: ['repeat'], rewards: [] },
  { kind: 'percent_off', needs: [['discount_bps', 'steps']], may: ['threshold_minor', 'cap_minor'], rewards: [] },
  { kind: 'shipping', needs: [], may: ['threshold_minor'], rewards: [{ reward: 'percent', needs: [['discount_bps']], may: [] }, { reward: 'amount', needs: [['amount_minor']], may: [] }] },
]
const base = { uses_per_coupon: 2, validity: { kind: 'days', days: 7 }, funders: [] } as const

it('keeps what the next kind does not read, for a change of mind', () => {
  const kept = {}
  const terms = { ...base, kind: 'amount_off', amount_minor: 500, threshold_minor: 2000, repeat: true } as unknown as Terms
  const percent = turned(kinds, terms, { kind: 'percent_off' }, kept)
  expect(percent).toEqual({ ...base, kind: 'percent_off', threshold_minor: 2000 })
  expect(turned(kinds, percent, { kind: 'amount_off' }, kept)).toEqual(terms)
})

it('gives a kind with rewards the first of them', () => {
  const terms = { ...base, kind: 'amount_off', amount_minor: 500, threshold_minor: 2000 } as unknown as Terms
  const kept = {}
  const shipping = turned(kinds, terms, { kind: 'shipping' }, kept)
  expect(shipping.reward).toBe('percent')
  expect(shipping.amount_minor).toBeUndefined()
  expect(turned(kinds, shipping, { reward: 'amount' }, kept).amount_minor).toBe(500)
})

it('knows what is read and needed', () => {
  const r = readingOf(kinds, { kind: 'shipping', reward: 'amount' } as Terms)
  expect([r.reads('amount_minor'), r.needs('amount_minor'), r.reads('discount_bps'), r.reads('reward'), r.needs('threshold_minor')]).toEqual([true, true, false, true, false])
})
