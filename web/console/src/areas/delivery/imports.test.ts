import { expect, it, vi } from 'vitest'
import { codeImport, listImport, whoOf } from './imports'

const asked = vi.hoisted(() => vi.fn())
vi.mock('@/api/client', () => ({ api: { POST: (path: string, with_: unknown) => ({ path, ...(with_ as object) }) }, ask: asked }))

it('names a member of a list by its id, or by the first identity that a row has', () => {
  expect(whoOf({ id: 'mem_1', phone: '138' })).toEqual({ id: 'mem_1' })
  expect(whoOf({ email: 'a@b.c', wechat: 'x' })).toEqual({ kind: 'email', value: 'a@b.c' })
  expect(whoOf({ phone: "'13800000000" })).toEqual({ kind: 'phone', value: '13800000000' })
})

it('knows files without a heading', () => {
  const list = listImport('vip', false)
  expect(list.bare?.(['13800000000', '甲', 'a@b.c'])).toEqual(['phone', undefined, 'email'])
  expect(list.bare?.(['+8613800000000', '13900000000'])).toEqual(['phone', undefined])
  expect(list.bare?.(['phone', '姓名'])).toBeUndefined()
  const codes = codeImport('cdb_1')
  expect(codes.bare?.(['1', 'OLD-0001-X', 'note'])).toEqual([undefined, 'code', undefined])
  expect(codes.bare?.(['no', 'code'])).toBeUndefined()
  expect(codes.key({ code: 'old 0001-x' })).toBe(codes.key({ code: 'OLD0001X' }))
})

it('says of each row that the API refuses what is wrong with it', async () => {
  asked.mockResolvedValueOnce({ changed: 1, unchanged: 0, unknown: [1] })
  const put = await listImport('vip', true).send([{ phone: '1' }, { phone: '2' }], true, 'k')
  expect(asked.mock.lastCall?.[0]).toMatchObject({ path: '/v1/lists/{code}/members/remove', body: { dry_run: true, members: [{ kind: 'phone', value: '1' }, { kind: 'phone', value: '2' }] } })
  expect([put.created, put.unchanged, [...(put.refused ?? []).keys()]]).toEqual([1, 0, [1]])
  asked.mockResolvedValueOnce({ rows: 3, added: 1, known: 1, refused: 1, problems: [{ row: 4, code: 'name_taken' }] })
  const codes = await codeImport('cdb_1').send([{ code: 'A,1' }, { code: 'B' }, { code: 'C' }], false, 'k')
  expect(asked.mock.lastCall?.[0]).toMatchObject({ body: { dry_run: false, csv: 'code\n"A,1"\nB\nC\n' } })
  expect([codes.created, codes.unchanged, [...(codes.refused ?? []).keys()]]).toEqual([1, 1, [2]])
})
