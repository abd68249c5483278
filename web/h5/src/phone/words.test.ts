import { expect, test } from 'vitest'
import en from './words/en.json'
import cn from './words/zh-CN.json'
import tw from './words/zh-TW.json'
import en2 from './words/page/en.json'
import cn2 from './words/page/zh-CN.json'
import tw2 from './words/page/zh-TW.json'

const holes = (text: string) => (text.match(/{\w+}/g) || []).sort()

test.each([
  ['zh-TW', cn, tw],
  ['en', cn, en],
  ['zh-TW, pages', cn2, tw2],
  ['en, pages', cn2, en2],
] as [string, Record<string, string>, Record<string, string>][])('%s says what zh-CN says, and fills in the same', (_, a, b) => {
  expect(Object.keys(b)).toEqual(Object.keys(a))
  for (const k in a) expect(holes(b[k] || ''), k).toEqual(holes(a[k] || ''))
})

test('no word is written twice', () => {
  expect(Object.keys(cn2).filter((k) => k in cn)).toEqual([])
})
