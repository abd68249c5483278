import { expect, it } from 'vitest'

const files = import.meta.glob<Record<string, unknown>>('./**/words/*.json', { eager: true, import: 'default' })

function keys(o: unknown, at = ''): string[] {
  if (typeof o === 'string') return [at]
  return Object.entries(o as object).flatMap(([k, v]) => keys(v, at ? `${at}.${k}` : k))
}

function holes(o: unknown): string[] {
  if (typeof o === 'string') return [...o.matchAll(/{{\s*(\w+)/g)].map((m) => m[1] ?? '')
  return Object.entries(o as object).flatMap(([k, v]) => holes(v).map((h) => `${k}:${h}`))
}

it('has each word in all three languages, with the same holes', () => {
  const folders = new Set(Object.keys(files).map((f) => f.replace(/[^/]+$/, '')))
  expect(folders.size).toBeGreaterThan(1)
  for (const folder of folders) {
    const cn = files[folder + 'zh-CN.json']
    for (const l of ['zh-TW', 'en']) {
      const other = files[`${folder}${l}.json`]
      const plural = (k: string) => k.replace(/_(one|other)$/, '')
      expect(new Set(keys(other).map(plural)), `${folder}${l}.json`).toEqual(new Set(keys(cn).map(plural)))
      if (l === 'zh-TW') expect(holes(other).sort(), `${folder}${l}.json`).toEqual(holes(cn).sort())
    }
  }
})
