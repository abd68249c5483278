import { expect, it } from 'vitest'
import { choicesOf } from './choices'

const called = (v: string) => ({ h5: 'Phone page', app: 'App' })[v] ?? v

it('offers what there is, once, by its name', () => {
  expect(choicesOf(['h5', 'kiosk', '', undefined, 'h5', 'app'], called, '', '')).toEqual([
    { value: 'app', label: 'App · app' },
    { value: 'kiosk', label: 'kiosk' },
    { value: 'h5', label: 'Phone page · h5' },
  ])
})

it('narrows it by what is typed, in names and in values', () => {
  const values = (typed: string, chosen = '') => choicesOf(['h5', 'app', 'kiosk'], called, typed, chosen).map((c) => c.value)
  expect(values('PHONE')).toEqual(['h5'])
  expect(values('k')).toEqual(['kiosk'])
  expect(values('nothing')).toEqual([])
  expect(values('kiosk', 'kiosk')).toEqual(['app', 'kiosk', 'h5']) // another can be chosen
})
