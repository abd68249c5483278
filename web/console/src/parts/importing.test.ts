import { expect, it } from 'vitest'
import { begun, rowsOf, run, split, tried, type Import, type Row } from './importing'
import { guess, remember } from './table'

const says = { t: (key: string, v?: Record<string, unknown>) => (v ? `${key} ${Object.values(v).join(' ')}` : key), words: (key: string) => `«${key}»` }

const people: Import = {
  area: 'x',
  what: 'x',
  many: 'members',
  key: (row) => String(row['phone'] ?? ''),
  anyOf: ['phone'],
  fields: [
    { name: 'phone', label: 'phone' },
    { name: 'tags', label: 'tags', kind: 'words' },
    { name: 'attributes', label: 'attributes', kind: 'object' },
    { name: 'own', label: 'own', kind: 'own' },
    { name: 'age', label: 'age', kind: 'integer' },
  ],
  send: () => Promise.reject(new Error('not here')),
}

const lines = (...rows: string[][]) => rows.map((cells, i) => ({ number: i + 2, cells }))

it('reads rows as they are written, and tells of each that it can not read', () => {
  const { good, bad } = rowsOf(
    people,
    ['phone', 'tags', 'json', 'city', '城市等级', 'age', 'x'],
    lines(['138', 'vip; 新客、vip', '{"tier":"gold","city":"x"}', '上海', '1', '30', 'not asked for'], ['139', '', '', '', '', ''], ['138'], ['', 'a'], ['137', '', '[1]'], ['136', '', '', '', '', 'old'], ['135', '', '', '', '', '1', '', 'too much']),
    ['phone', 'tags', 'attributes', 'own', 'own', 'age', undefined],
    says,
  )
  expect(good.map((g) => g.row)).toEqual([{ phone: '138', tags: ['vip', '新客'], attributes: { tier: 'gold', city: 'x' }, own: { city: '上海', 城市等级: '1' }, age: 30 }, { phone: '139' }])
  expect(bad.map((b) => [b.number, b.why])).toEqual([
    [4, 'import.twice 2'],
    [5, 'import.nobody'],
    [6, '«attributes»: import.object'],
    [7, '«age»: import.number'],
    [8, 'import.extra 8 7'],
  ])
  expect(split('a，b;a ; ,c')).toEqual(['a', 'b', 'c'])
})

it('refuses a cell that does not look as it has to, and cuts rows as the import says', async () => {
  const sizes: number[] = []
  const of: Import = {
    ...people,
    size: 2,
    fields: [{ name: 'phone', label: 'phone', form: /^\d+$/ }],
    send: (rows) => {
      sizes.push(rows.length)
      return Promise.resolve({ created: rows.length, updated: 0, unchanged: 0 })
    },
  }
  const read = rowsOf(of, [''], lines(['1'], ['x'], ['2'], ['3']), ['phone'], says)
  expect(read.bad.map((b) => [b.number, b.key, b.why])).toEqual([[3, 'x', '«phone»: import.form']])
  const trial = await tried(of, read, says.words, () => '', () => {})
  await run(of, begun(of, trial.good, () => ''), () => {})
  expect(sizes).toEqual([2, 1, 2, 1])
})

it('remembers what was said of headings, also that they are not imported', () => {
  const labels = { phone: ['手机'], tags: ['标签'] }
  expect(guess(['手机', '标签', 'City'], people.fields, labels)).toEqual(['phone', 'tags', undefined])
  const before = remember({}, ['手机', '标签', 'City', 'Zip'], ['phone', undefined, 'own', 'own'])
  expect(guess([' 手机', 'zip', 'CITY', '标签', 'toString'], people.fields, labels, before)).toEqual(['phone', 'own', 'own', undefined, undefined])
  expect(guess(['Mobile', 'phone'], people.fields, labels, remember({}, ['Mobile'], ['phone']))).toEqual(['phone', undefined])
})

it('tries all, imports the good ones once, and goes on where it broke off', async () => {
  const sent: { dry: boolean; key: string; rows: Row[] }[] = []
  let down = true
  const of: Import = {
    ...people,
    send: (rows, dry, key) => {
      sent.push({ dry, key, rows })
      if (!dry && down && rows.length < 500) return Promise.reject(new Error('no network'))
      return Promise.resolve({ created: rows.length - (dry ? 1 : 0), updated: 0, unchanged: 0, refused: dry ? new Map([[0, 'is somebody else’s']]) : new Map() })
    },
  }
  const all = rowsOf(of, ['phone'], lines(...Array.from({ length: 801 }, (_, i) => [`p${i}`])), ['phone'], says)
  let n = 0
  const key = () => `k${++n}`
  const trial = await tried(of, all, says.words, key, () => {})
  expect(trial.good.length).toBe(799)
  expect(trial.bad.map((b) => [b.number, b.key, b.why])).toEqual([[2, 'p0', 'is somebody else’s'], [502, 'p500', 'is somebody else’s']])
  expect(trial.fed.created).toBe(799)
  const r = begun(of, trial.good, key)
  await expect(run(of, r, () => {})).rejects.toThrow('no network')
  expect([r.done, r.fed.created]).toEqual([1, 500])
  down = false
  await run(of, r, () => {})
  expect([r.done, r.fed.created]).toEqual([2, 799])
  const done = sent.filter((s) => !s.dry)
  expect(done.map((s) => s.rows.length)).toEqual([500, 299, 299])
  expect(done[1]?.key).toBe(done[2]?.key)
})
