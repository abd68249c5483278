import { expect, it } from 'vitest'
import { asMembers, guessColumn, identityOf, kindOf } from './identities'

it('knows what names members, in three languages', () => {
  expect(['手机号', '手機', 'Phone', '13800000000', '+8613800000000', 'a@b.c', 'mem_0000000000005', '会员号', '姓名'].map(identityOf)).toEqual(['phone', 'phone', 'phone', 'phone', 'phone', 'email', 'id', 'id', ''])
  expect(guessColumn(['姓名', '手机号', '备注'])).toBe(1)
  expect(guessColumn(['a', 'b'])).toBe(-1)
  expect(kindOf({ file: '', heading: true, cells: ['谁', 'a@b.c'] })).toBe('email')
})

it('keeps the lines of the file', () => {
  expect(asMembers({ file: '', heading: true, cells: ['手机', '138', '', '13,9'] }, 'phone')).toBe('phone\n138\n\n"13,9"\n')
  expect(asMembers({ file: '', heading: false, cells: ['138', '139'] }, 'id')).toBe('id\n138\n139\n')
})
