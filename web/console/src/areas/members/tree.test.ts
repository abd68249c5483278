import { expect, test } from 'vitest'
import { flat, treeOf, type Flat } from './tree'

const tag = { type: 'member_tag', in: ['vip'] }
const tier = { type: 'member_tier', in: ['gold'] }

test('one level is read and written alike', () => {
  const forms: Flat[] = [
    { join: 'all', leaves: [] },
    { join: 'all', leaves: [tag] },
    { join: 'any', leaves: [tag, tier] },
    { join: 'none', leaves: [tag] },
  ]
  for (const f of forms) expect(flat(treeOf(f))).toEqual(f)
})

test('what has more levels is not taken for one', () => {
  expect(flat({ all: [tag, { any: [tier] }] })).toBeUndefined()
})
