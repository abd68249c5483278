import { expect, it } from 'vitest'
import { canonical, leaves, read, stepOf, write } from './doc'

it('changes one place and leaves all else as it is', () => {
  const doc = { a: { b: [1, { c: 2 }] }, other: { deep: true } }
  const next = write(doc, '/a/b/1/c', 3)
  expect(next).toEqual({ a: { b: [1, { c: 3 }] }, other: { deep: true } })
  expect(next.other).toBe(doc.other)
  expect(doc.a.b[1]).toEqual({ c: 2 })
  expect(write(doc, '/a/b/0', undefined).a.b).toEqual([{ c: 2 }])
  expect(write(doc, '/x/y~1z', 1)).toEqual({ ...doc, x: { 'y/z': 1 } })
  expect(read(doc, '/a/b/1/c')).toBe(2)
  expect(read(doc, '/a/no/c')).toBeUndefined()
})

it('knows documents that say the same', () => {
  expect(canonical({ b: 1, a: { x: 0, y: [] } })).toBe(canonical({ b: 1, c: '', d: false }))
  expect(canonical({ a: [0] })).not.toBe(canonical({ a: [1] }))
  expect(canonical({ a: [{}, 1] })).not.toBe(canonical({ a: [1] }))
})

it('lists what a document says', () => {
  expect([...leaves({ a: { b: 1, c: ['x'] }, d: [{ e: 'y' }], f: false })]).toEqual([['/a/b', 1], ['/a/c', ['x']], ['/d/0/e', 'y']])
})

it('finds the step of a field', () => {
  expect(stepOf('/draft/terms/steps/0/amount_minor')).toBe('value')
  expect(stepOf('/draft/terms/use/cities/1')).toBe('scope')
  expect(stepOf('/draft/terms/uses_per_coupon')).toBe('validity')
  expect(stepOf('/draft/claim/when/all/0')).toBe('rules')
  expect(stepOf('/customer_name/en')).toBe('look')
})
