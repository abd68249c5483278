import { expect, it } from 'vitest'
import { chunks, csv, guess } from './table'

it('finds the field of a column by its name, its words or what files call it, once', () => {
  const fields = [{ name: 'sku', label: 'x' }, { name: 'price_minor', label: 'x', also: ['price'] }, { name: 'name', label: 'x' }]
  expect(guess(['SKU', '商品 名称', 'Price', 'price_minor', 'other'], fields, { name: ['商品名称'] })).toEqual(['sku', 'name', 'price_minor', undefined, undefined])
})

it('writes no formula and breaks no row', () => {
  expect(csv([['=1+1', 'a"b', 'x,y'], ['＝x', '-5', 'line\nbreak']])).toBe('\ufeff\'=1+1,"a""b","x,y"\r\n\'＝x,\'-5,"line\nbreak"\r\n')
})

it('cuts lists', () => {
  expect(chunks([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]])
  expect(chunks([], 2)).toEqual([])
})
