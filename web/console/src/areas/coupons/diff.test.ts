import { expect, it } from 'vitest'
import { diffOf } from './diff'

it('tells what differs and nothing else', () => {
  const a = { terms: { kind: 'amount_off', amount_minor: 500, scope: { include: { skus: ['a', 'b'] } } }, claim: { limits: [{ cap: 1 }] } }
  const b = { terms: { kind: 'amount_off', amount_minor: 800, scope: {} }, claim: { limits: [{ cap: 1 }, { cap: 2 }] } }
  expect(diffOf(a, b)).toEqual([
    { pointer: '/terms/amount_minor', before: 500, after: 800 },
    { pointer: '/terms/scope/include/skus', before: ['a', 'b'], after: undefined },
    { pointer: '/claim/limits/1/cap', before: undefined, after: 2 },
  ])
  expect(diffOf(a, structuredClone(a))).toEqual([])
})
