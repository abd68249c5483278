import { expect, it } from 'vitest'
import { column, partOf } from './imports'

it('names a member by its id or its first identity, and brings the others', () => {
  expect(partOf({ phone: '138', email: 'a@b.c', tier: 'gold', own: { city: '上海' }, attributes: { tier: 'x' } })).toEqual({
    member: { kind: 'phone', value: '138' },
    identities: [{ kind: 'email', value: 'a@b.c' }],
    attributes: { tier: 'gold', city: '上海' },
  })
  expect(partOf({ id: 'mem_1', phone: '138', tags: ['a'] })).toEqual({ member: { id: 'mem_1' }, identities: [{ kind: 'phone', value: '138' }], tags: ['a'] })
})

it('knows the column behind a refusal', () => {
  const part = partOf({ phone: '138', email: 'x', wechat: 'y' })
  expect([column('identities/1/value', part), column('member/value', part), column('member/id', partOf({ id: 'x' })), column('tags/0', part)]).toEqual(['wechat', 'phone', 'id', 'tags/0'])
})
