import { signIn, test } from './quan'
import { furnish, menuOf, seen, settled, visit } from './shop'

// The wide look, by day and with the demo's data, is budget.spec.ts.
test('every page, step and dialog reads well on a phone by night', async ({ page, quan }) => {
  test.setTimeout(600_000)
  page.setDefaultTimeout(20_000)
  await page.setViewportSize({ width: 390, height: 844 })
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  const places = await furnish(quan)
  await signIn(page, quan)
  await page.getByRole('main').waitFor()
  await page.getByRole('banner').getByRole('button').first().click()
  const menu = await menuOf(page)
  await page.keyboard.press('Escape')
  await settled(page)
  for (const place of [...menu, ...places]) {
    await visit(page, place)
    await seen(page, place, 'phone', menu.includes(place)) // others are judged by day
  }
})
