import { expect, it } from 'vitest'
import { piecesOf } from './CodeImport'
import { asMembers, guessColumn, identityOf, kindOf } from './identities'
import { inPieces } from './listing'

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

it('cuts codes into requests that know their lines', () => {
  const cells = ['code', 'A', '', 'B', 'C']
  expect(piecesOf({ file: '', heading: true, cells }, 2)).toEqual([
    { from: 1, csv: 'code\nA\n\n' },
    { from: 3, csv: 'code\nB\nC\n' },
  ])
})

it('cuts members into requests, without what is empty, twice or too long', () => {
  const { pieces, refused } = inPieces({ file: '', heading: true, cells: ['phone', '1', '', "'+2", '1', 'x'.repeat(300)] }, 'phone', 1)
  expect(pieces).toEqual([
    { lines: [2], members: [{ kind: 'phone', value: '1' }] },
    { lines: [4], members: [{ kind: 'phone', value: '+2' }] },
  ])
  expect(refused).toEqual([
    { line: 5, cell: '1', code: 'duplicate_value' },
    { line: 6, cell: 'x'.repeat(300), code: 'too_long' },
  ])
})
