import { fileURLToPath } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import { expect, signIn, test } from './quan'

const pictures = fileURLToPath(new URL('./results/pages/', import.meta.url))

const sizes = [
  { name: 'wide', width: 1440, height: 900, dark: false, language: 'zh-CN' },
  { name: 'phone', width: 390, height: 844, dark: true, language: 'en' },
]

for (const size of sizes)
  test(`every page of the menu reads well: ${size.name}`, async ({ page, quan }) => {
    test.setTimeout(240_000)
    await page.setViewportSize(size)
    await page.emulateMedia({ colorScheme: size.dark ? 'dark' : 'light', reducedMotion: 'reduce' })
    await signIn(page, quan, size.language)
    await page.getByRole('main').waitFor()
    if (size.name === 'phone') await page.getByRole('button', { name: 'Menu' }).click()
    const links = page.getByRole('navigation').getByRole('link')
    await links.first().waitFor()
    const addresses = await links.evaluateAll((all) => all.map((a) => (a as HTMLAnchorElement).href))
    expect(addresses.length).toBeGreaterThan(0)
    for (const address of addresses) {
      await page.goto(address)
      await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1)
      await page.waitForLoadState('networkidle')
      const name = new URL(address).pathname.replace(/^\/console\//, '').replaceAll('/', '-')
      await page.screenshot({ path: pictures + `${name}-${size.name}.png` }) // an artefact to be looked at
      const found = await new AxeBuilder({ page }).analyze()
      const grave = found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical')
      expect.soft(grave.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join('\n')}`), address).toEqual([])
      // Nothing makes the page wider than the screen; wide tables scroll inside themselves.
      expect.soft(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), `${address} is too wide`).toBeLessThanOrEqual(0)
    }
  })
