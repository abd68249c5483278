import { expect, it } from 'vitest'
import { bulkState, percentOf } from './Bulks'
import { codeState } from './CodeBatches'
import { lastDays } from './Days'
import { byTemplate } from './Pack'
import { whole } from './PlanForm'
import { publishingOf } from './publishing'
import { stateOf } from './state'

const now = Date.parse('2026-11-22T12:00:00Z')
const [before, after] = ['2026-11-22T11:00:00Z', '2026-11-22T13:00:00Z']

it('says what a placement is just now; its end is not in it', () => {
  expect(stateOf({ open: true }, now)).toBe('open')
  expect(stateOf({ open: true, from: after }, now)).toBe('early')
  expect(stateOf({ open: true, to: '2026-11-22T12:00:00Z' }, now)).toBe('over')
  expect(stateOf({ open: false, from: after }, now)).toBe('off')
  expect(stateOf({ open: true, archived_at: before }, now)).toBe('archived')
})

it('says what packs and codes are', () => {
  expect(publishingOf({ status: 'draft', open: false })).toBe('draft')
  expect(publishingOf({ status: 'published', open: false })).toBe('paused')
  expect(publishingOf({ status: 'published', open: true })).toBe('running')
  expect(codeState({ revoked: true }, now)).toBe('revoked')
  expect(codeState({ revoked: false, from: after }, now)).toBe('early')
  expect(codeState({ revoked: false, to: before }, now)).toBe('over')
})

it('says what a bulk grant is, by its phase and its job', () => {
  expect(bulkState({ phase: 'ready', state: 'paused' })).toBe('ready')
  expect(bulkState({ phase: 'rehearsing', state: 'paused' })).toBe('paused')
  expect(bulkState({ phase: 'issuing', state: 'scheduled' })).toBe('scheduled')
  expect(bulkState({ phase: 'issuing', state: 'cancelled' })).toBe('cancelled')
  expect(bulkState({ phase: 'undone', state: 'completed' })).toBe('undone')
  expect(percentOf({ done: 999, total: 1000 })).toBe(99)
  expect(percentOf({ done: 5, total: 0 })).toBe(0)
})

it('has each of the last days once, over the end of a month', () => {
  expect(lastDays([{ day: '2026-03-01', issued: 2, used: 1 }], '2026-03-02', 3)).toEqual([
    { day: '2026-02-28', issued: 0, used: 0 },
    { day: '2026-03-01', issued: 2, used: 1 },
    { day: '2026-03-02', issued: 0, used: 0 },
  ])
})

it('lays a pack’s coupons out by template', () => {
  expect(byTemplate([{ template: 'a', state: 'usable', count: 3, uses: 1 }, { template: 'a', state: 'used', count: 1, uses: 1 }, { template: 'b', state: 'used', count: 2, uses: 2 }])).toEqual([
    { template: 'a', states: { usable: 3, used: 1 }, uses: 2, issued: 4 },
    { template: 'b', states: { used: 2 }, uses: 2, issued: 2 },
  ])
})

it('sends of a packet’s content what its mode reads', () => {
  const all = { template: 't', shares: 2, life_hours: 24, total_minor: 500, least_minor: 1, most_minor: 400, share_minor: 250, order_minor: 3000, needs_order: false }
  expect(whole({ ...all, mode: 'fixed' })).toEqual({ template: 't', mode: 'fixed', shares: 2, life_hours: 24, share_minor: 250, sharer_opens: false, needs_order: false })
  expect(whole({ ...all, mode: 'lucky', needs_order: true })).toEqual({ template: 't', mode: 'lucky', shares: 2, life_hours: 24, total_minor: 500, least_minor: 1, most_minor: 400, order_minor: 3000, sharer_opens: false, needs_order: true })
  expect(whole({ ...all, mode: 'coupons' })).toEqual({ template: 't', mode: 'coupons', shares: 2, life_hours: 24, sharer_opens: false, needs_order: false })
})
