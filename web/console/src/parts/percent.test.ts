import { expect, it } from 'vitest'
import { plainPercent, readPercent } from './percent'

it('reads percentages without rounding', () => {
  for (const [text, bps] of [['15', 1500], ['12.5', 1250], ['0.01', 1], ['100', 10_000], ['8%', 800], ['0', 0]] as const) expect(readPercent(text)).toBe(bps)
  for (const text of ['', '1.234', '100.01', '-1', '1e2', '１', 'a']) expect(readPercent(text)).toBeNull()
})

it('writes them as they are typed', () => {
  for (const [bps, text] of [[1500, '15'], [1250, '12.5'], [1, '0.01'], [10_000, '100'], [0, '0'], [1001, '10.01']] as const) expect(plainPercent(bps)).toBe(text)
})
