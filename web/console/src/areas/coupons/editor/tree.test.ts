import { expect, it } from 'vitest'
import { groupOf, isNothing, moved, pruned, regrouped, unwrapped, withKid, withoutKid, wrapped } from './tree'

const a = { type: 'weekday', in: ['mon'] }
const b = { type: 'channel', in: ['app'] }

it('grows, changes and shrinks', () => {
  const one = withKid({}, a)
  expect(one).toEqual({ all: [a] })
  const two = withKid(one, b)
  expect(two).toEqual({ all: [a, b] })
  expect(withKid(a, b)).toEqual({ all: [a, b] })
  expect(regrouped(two, 'any')).toEqual({ any: [a, b] })
  expect(moved(two, 0, 1)).toEqual({ all: [b, a] })
  const deep = wrapped(two, 1, 'none')
  expect(deep).toEqual({ all: [a, { none: [b] }] })
  expect(unwrapped(deep, 1)).toEqual(two)
  expect(withoutKid(two, 0)).toEqual({ all: [b] })
  expect(isNothing(withoutKid(one, 0))).toBe(true)
  expect([groupOf(deep), groupOf(a), groupOf(undefined)]).toEqual(['all', undefined, undefined])
})

it('leaves out groups that hold nothing, however deep', () => {
  expect(pruned({ all: [a, { any: [] }] })).toEqual({ all: [a] })
  expect(pruned({ any: [{ none: [{ all: [] }] }] })).toEqual({})
  expect(pruned({ none: [{ any: [a, b] }] })).toEqual({ none: [{ any: [a, b] }] })
  expect(pruned(a)).toBe(a)
  expect(pruned({})).toEqual({})
})
