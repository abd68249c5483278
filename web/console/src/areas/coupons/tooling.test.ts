import { expect, it } from 'vitest'
import { addressOf, listOf, waysOf, type Tool } from './tooling'

const template = { id: 'tpl_1', market: 'main', status: 'published' } as const
const keys = (...args: Parameters<typeof waysOf>) => waysOf(...args).map((w) => w.key)
const everything = () => true

it('offers what fits a template, filled in with it', () => {
  expect(waysOf(template, {}, (p) => p === 'code.write').map((w) => w.to)).toEqual(['/delivery/codes?new=1&template=tpl_1'])
  expect(keys(template, {}, everything)).toEqual(['link', 'placement', 'codes', 'grant', 'packet_plan', 'pack', 'batch', 'desk'])
  expect(waysOf(template, {}, (p) => p === 'desk.write').map((w) => w.to)).toEqual(['/members/desk?market=main&template=tpl_1'])
})

it('offers nothing where nothing has to give it out, or may', () => {
  expect(keys(template, { automatic: true }, everything)).toEqual([])
  expect(keys({ ...template, status: 'draft' }, {}, everything)).toEqual([])
  expect(keys({ ...template, status: 'archived' }, {}, everything)).toEqual([])
  expect(keys(template, {}, () => false)).toEqual([])
})

it('offers a page only where its channel may claim, and begins a placement in one that may', () => {
  const may = (p: string) => p === 'reference.write'
  expect(waysOf(template, { place: { channels: ['app', 'store'] } }, may).map((w) => w.to)).toEqual(['/delivery/placements?new=1&template=tpl_1&channel=app'])
  expect(keys(template, { place: { channels: ['app', 'h5'] } }, may)).toEqual(['link', 'placement'])
})

it('leads to each tool, and to the lists of them', () => {
  const at = (t: Partial<Tool>) => addressOf({ path: '', state: 'open', ...t } as Tool, 'tpl_1')
  expect(at({ kind: 'placement', id: 'plc_1' })).toBe('/delivery/placements/plc_1')
  expect(at({ kind: 'link', id: 'lnk_1', placement: 'plc_1' })).toBe('/delivery/placements/plc_1')
  expect(at({ kind: 'packet_plan', id: 'pln_1' })).toBe('/delivery/packets/pln_1')
  expect(at({ kind: 'grant', id: 'job_1' })).toBe('/delivery/grants/job_1')
  expect(at({ kind: 'batch', id: 'bat_1' })).toBe('/coupons/batches?template=tpl_1')
  expect(at({ kind: 'desk', code: 'main' })).toBe('/members/desk?market=main')
  expect(at({ kind: 'automatic' })).toBeUndefined()
  expect(listOf('packet_plan', 'tpl_1')).toBe('/delivery/packets?template=tpl_1')
  expect(listOf('desk', 'tpl_1')).toBeUndefined()
  expect(listOf('automatic', 'tpl_1')).toBeUndefined()
})
