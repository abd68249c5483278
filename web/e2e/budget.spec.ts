import type { Page } from '@playwright/test'
import { administrator, expect, signIn, test } from './quan'

// What a page may cost (first load, and each page after it), as it travels.
const firstLoad = 450_000
const pageBytes = 300_000
const pageRequests = 3
/** Pages that ask for more than they may: a gap to be closed, not to be widened. */
const dearer: Record<string, number> = { 'Use and cost': 6, 'Placements compared': 4, Jobs: 4 }
const longTask = 200 // ms

interface Cost {
  requests: string[]
  bytes: number
}

/** costOf measures what goes over the network while f is done. */
async function costOf(page: Page, f: () => Promise<void>): Promise<Cost> {
  const client = await page.context().newCDPSession(page)
  await client.send('Network.enable')
  const cost: Cost = { requests: [], bytes: 0 }
  client.on('Network.requestWillBeSent', (e) => cost.requests.push(e.request.url))
  client.on('Network.loadingFinished', (e) => (cost.bytes += e.encodedDataLength))
  await f()
  await page.waitForLoadState('networkidle')
  await client.detach()
  return cost
}

test('the console is light: first load, then each page of the menu', async ({ page, quan }) => {
  await administrator(quan)
  const first = await costOf(page, async () => {
    await page.goto(quan.url + '/console/')
    await page.locator('form button[type=submit]').waitFor()
  })
  console.log(`first load: ${first.bytes} bytes in ${first.requests.length} requests`)
  expect(first.bytes).toBeLessThan(firstLoad)

  await signIn(page, quan)
  await page.getByRole('navigation').waitFor()
  await page.waitForLoadState('networkidle')
  await page.evaluate(() => {
    const w = window as unknown as { long: number[] }
    w.long = []
    new PerformanceObserver((l) => l.getEntries().forEach((e) => w.long.push(e.duration))).observe({ type: 'longtask' })
  })
  const links = await page.getByRole('navigation').getByRole('link').all()
  const names = await Promise.all(links.map((l) => l.textContent()))
  for (const name of names) {
    if (!name) continue
    const cost = await costOf(page, async () => {
      await page.getByRole('navigation').getByRole('link', { name, exact: true }).click()
      await page.getByRole('heading', { level: 1 }).first().waitFor()
    })
    // The tab's icon and the bell, which asks by the clock, are no page's.
    const asked = cost.requests.filter((u) => !/^data:|\/icon-|\/v1\/jobs\?.*actor=/.test(u))
    console.log(`${name}: ${cost.bytes} bytes in ${asked.length} requests`)
    expect.soft(asked.length, `${name}: ${asked.join('\n')}`).toBeLessThanOrEqual(dearer[name] ?? pageRequests)
    expect.soft(cost.bytes, name).toBeLessThan(pageBytes)
  }
  const long = await page.evaluate(() => (window as unknown as { long: number[] }).long)
  console.log(`long tasks: ${long.map(Math.round).join(' ') || 'none'} ms (allowed on a quiet machine: ${longTask})`)
})
