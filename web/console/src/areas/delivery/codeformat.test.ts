import { expect, it } from 'vitest'
import { example, shortest, steady } from './codeformat'

const zero = () => 0

it('knows how long a code has to be', () => {
  expect(shortest('0123456789ABCDEFGHJKMNPQRSTVWXYZ')).toBe(12)
  expect(shortest('0123456789')).toBe(19)
})

it('draws codes as the server makes them', () => {
  expect(example({ prefix: 'SPRING', group: 4 }, zero)).toBe('SPRING-0000-0000-0000-0')
  expect(example({ prefix: 'SPRING' }, zero)).toBe('SPRING0000000000000')
  expect(example({ charset: '0123456789', group: 5 }, zero)).toBe('00000-00000-00000-00000')
  expect(example({ charset: '0123456789', length: 19 }, zero)).toHaveLength(20)
})

it('draws none of a format that would be refused', () => {
  for (const f of [{ prefix: 'spring' }, { charset: '012345678' }, { charset: '00123456789' }, { charset: '0123456789O' }, { length: 8 }, { length: 25 }]) expect(example(f)).toBeUndefined()
})

it('draws the same example again, of many characters', () => {
  const one = example({ length: 12 }, steady())
  expect(example({ length: 12 }, steady())).toBe(one)
  expect(new Set(one).size).toBeGreaterThan(8)
})
