import { describe, expect, it } from 'vitest'
import { plainMoney, readMoney, showMoney } from './money'

describe('money', () => {
  it('is exact where a float is not', () => {
    expect(readMoney('90071992547409.91', 'CNY')).toBeNull() // more digits than an amount may have
    expect(readMoney('70368744177.29', 'CNY')).toBe(7036874417729)
    expect(showMoney(7036874417729, 'CNY', 'en')).toBe('CN¥70,368,744,177.29')
  })
  it('goes by the decimals of its currency', () => {
    expect(readMoney('12.5', 'CNY')).toBe(1250)
    expect(readMoney('12.345', 'CNY')).toBeNull()
    expect(readMoney('12.5', 'JPY')).toBeNull()
    expect(showMoney(1250, 'JPY', 'en')).toBe('¥1,250')
  })
  it('reads back what it writes', () => {
    for (const minor of [0, 1, 9, 10, 99, 100, 101, 123456, -1, -105]) for (const c of ['CNY', 'JPY', 'KWD']) expect(readMoney(plainMoney(minor, c), c)).toBe(minor)
  })
})
