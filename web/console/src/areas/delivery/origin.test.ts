import { expect, test } from 'vitest'
import { originOf } from './origin'

test.each([
  ['https://shop.example.com', 'https://shop.example.com'],
  [' shop.example.com ', 'https://shop.example.com'],
  ['https://Shop.Example.com:443/a?b#c', 'https://shop.example.com'],
  ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080'],
  ['https://店.example', 'https://xn--hxt.example'],
  ['javascript:alert(1)', 'javascript:alert(1)'],
  ['*', 'https://*'],
  ['', ''],
])('%s', (typed, want) => {
  expect(originOf(typed)).toBe(want)
})
