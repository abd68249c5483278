import { expect, test } from 'vitest'
import { bright, dress, reads } from './colour'

test('letters on colours', () => {
  expect(['#ffe100', '#fff', '#8ab4f8'].map(bright)).toEqual([true, true, true])
  expect(['#c8102e', '#000', '#0b57d0'].map(bright)).toEqual([false, false, false])
  expect(reads('#0b57d0', '#fff')).toBe(true)
  expect(reads('#ffe100', '#ffffff')).toBe(false)
  expect(reads('#ffe100', '#1e2024')).toBe(true)
  expect(reads('#c8102e', '#1e2024')).toBe(false)
})

test('a colour that can not be read is for buttons only', () => {
  const root = document.documentElement
  root.style.setProperty('--card', '#fff')
  dress('fresh', '#ffe100')
  expect([root.getAttribute('data-theme'), root.style.getPropertyValue('--act'), root.style.getPropertyValue('--act-ink'), root.style.getPropertyValue('--say')]).toEqual(['fresh', '#ffe100', '#1a1a1a', 'var(--ink)'])
  dress('fresh', '#13703a')
  expect(root.style.getPropertyValue('--say')).toBe('#13703a')
})
