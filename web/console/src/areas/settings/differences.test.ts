import { expect, it } from 'vitest'
import { differences } from './differences'

it('names the fields that have changed, and only them', () => {
  expect(differences({ name: 'A', scope: { stores: ['x', 'y'] }, same: 1 }, { name: 'B', scope: { stores: ['x'] }, same: 1, added: false })).toEqual([
    { path: 'name', before: 'A', after: 'B' },
    { path: 'scope.stores', before: 'x, y', after: 'x' },
    { path: 'added', before: '', after: 'false' },
  ])
  expect(differences(undefined, { rows: [{ a: 1 }] })).toEqual([{ path: 'rows.0.a', before: '', after: '1' }])
  expect(differences(null, null)).toEqual([])
  expect(differences('text', undefined)).toEqual([{ path: '', before: 'text', after: '' }])
})
