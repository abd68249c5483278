import { fileURLToPath } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import { expect, signIn, test } from './quan'
import { furnish, settled, visit, type Place } from './shop'

const pictures = fileURLToPath(new URL('./results/pages/', import.meta.url))

const looks = [
  { name: 'wide', width: 1440, height: 900, dark: false, language: 'zh-CN' },
  { name: 'phone', width: 390, height: 844, dark: true, language: 'en' },
]

let further: Promise<Place[]> | undefined

for (const look of looks)
  test(`every page, step and dialog reads well: ${look.name}`, async ({ page, quan }) => {
    test.setTimeout(600_000)
    page.setDefaultTimeout(20_000)
    await page.setViewportSize(look)
    await page.emulateMedia({ colorScheme: look.dark ? 'dark' : 'light', reducedMotion: 'reduce' })
    const places = await (further ??= furnish(quan))
    await signIn(page, quan, look.language)
    await page.getByRole('main').waitFor()
    if (look.name === 'phone') await page.getByRole('banner').getByRole('button').first().click()
    const links = page.getByRole('navigation').getByRole('link')
    await links.first().waitFor()
    const menu = await links.evaluateAll((all) => all.map((a) => (a as HTMLAnchorElement).pathname.replace('/console/', '')))
    expect(menu.length).toBeGreaterThan(20)
    if (look.name === 'phone') await page.keyboard.press('Escape')
    await settled(page)
    for (const place of [...menu.map((path): Place => ({ name: path.replaceAll('/', '-'), path })), ...places]) {
      await visit(page, place)
      await expect.soft(page.getByRole('heading', { level: 1 }), place.name).toHaveCount(1)
      await page.mouse.move(0, 0) // nothing is hovered
      await page.screenshot({ path: `${pictures}${place.name}-${look.name}.png` }) // an artefact to be looked at
      // Each is judged once: pages of the menu by night, all others by day.
      if (look.dark === menu.includes(place.path) || process.env.QUAN_AXE) {
        const found = await new AxeBuilder({ page }).analyze()
        const grave = found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical')
        expect.soft(grave.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join('\n')}`), place.name).toEqual([])
      }
      // Nothing makes the page wider than the screen; wide tables scroll inside themselves.
      expect.soft(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), `${place.name} is too wide`).toBeLessThanOrEqual(0)
      if (place.open) await page.keyboard.press('Escape')
    }
  })
