import { expect, it } from 'vitest'
import { momentOf, wall } from './zone'

it('goes from a moment to the wall and back, in any zone', () => {
  expect(wall('2026-11-22T10:30:00Z', 'Asia/Shanghai')).toBe('2026-11-22T18:30:00')
  expect(momentOf('2026-11-22T18:30:00', 'Asia/Shanghai')).toBe('2026-11-22T10:30:00.000Z')
  expect(momentOf('2026-03-29T12:00:00', 'Europe/Berlin')).toBe('2026-03-29T10:00:00.000Z')
  for (const zone of ['Asia/Kathmandu', 'America/St_Johns', 'Pacific/Apia', 'UTC'])
    for (const shown of ['2026-01-01T00:00:00', '2026-06-30T23:59:59']) expect(wall(momentOf(shown, zone), zone)).toBe(shown)
})

it('has midnight as 00, not 24', () => {
  expect(wall('2026-11-21T16:00:00Z', 'Asia/Shanghai')).toBe('2026-11-22T00:00:00')
})

it('goes an hour beside what summer time leaves out', () => {
  expect(['2026-03-29T00:30:00.000Z', '2026-03-29T01:30:00.000Z']).toContain(momentOf('2026-03-29T02:30:00', 'Europe/Berlin'))
})
