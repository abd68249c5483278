import { AxeBuilder } from '@axe-core/playwright'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'
import { fair } from './fair'
import { expect, signIn, test, type Quan } from './quan'
import { member, published } from './stage'

// A shop's own site, on another origin than the program: what it serves is what its
// operator pasted into a page, under a policy of the shop's.

interface Shop {
  url: string
  /** Puts a tag with these attributes into the page. */
  put: (attributes: string) => void
  /** What /member answers: the token of whoever is signed in at the shop, '' for nobody. */
  token: string
  asked: number
  server: Server
}

async function open(quan: Quan): Promise<Shop> {
  let attributes = ''
  const shop: Shop = { url: '', token: '', asked: 0, put: (a) => (attributes = a), server: createServer() }
  shop.server.on('request', (q, a) => {
    if (q.url === '/member') {
      shop.asked++
      a.setHeader('Content-Type', 'application/json')
      return a.end(JSON.stringify({ token: shop.token }))
    }
    if (q.url !== '/') return a.writeHead(204).end()
    a.setHeader('Content-Type', 'text/html; charset=utf-8')
    a.setHeader('Content-Security-Policy', `default-src 'none'; script-src ${quan.url}; frame-src ${quan.url}; connect-src 'self'; style-src 'unsafe-inline'`)
    // The shop's styles are rude on purpose: the card has a tree of its own.
    a.end(`<!doctype html><html lang="en"><title>Shop</title><style>iframe, div { border: 9px solid red; color: lime } body { margin: 0 auto; max-width: 700px }</style>
      <h1>Shop</h1><div style="min-height:176px; border: 0"><script async src="${quan.url}/widget.js" ${attributes}></script></div><p id="below">Below the card</p>`)
  })
  await new Promise<void>((r) => shop.server.listen(0, '127.0.0.1', r))
  shop.url = `http://127.0.0.1:${(shop.server.address() as AddressInfo).port}`
  return shop
}

interface Made {
  id: string
  code: string
}

/** offer places a coupon and answers the code of a link that these sites may show. */
async function offer(quan: Quan, sites: string[], claim: object = {}, template?: string): Promise<Made & { template: string }> {
  const of = template ?? (await published(quan, 'Fresh vegetables', {}, claim))
  const placement = await quan.call<Made>('POST', '/v1/placements', { market: 'main', template: of, name: 'Shop', channel: 'h5', open: true })
  const link = await quan.call<Made>('POST', '/v1/links', { placement: placement.id, name: 'Shop', sites })
  return { ...link, template: of }
}

const mint = async (quan: Quan, who: string, ttl = 600) => (await quan.call<{ token: string }>('POST', `/v1/members/id/${who}/tokens`, { ttl_seconds: ttl })).token
/** known is the id of a member who has an account. */
const known = async (quan: Quan, phone: string) => (await quan.call<{ id: string }>('GET', `/v1/members/phone/${encodeURIComponent(phone)}`)).id
const held = async (quan: Quan, who: string) => (await quan.call<{ items: unknown[] }>('GET', `/v1/members/id/${who}/coupons`)).items.length

const card = (page: Page) => page.frameLocator('iframe')

/** steady loads the page and fails where what lies below the card moved meanwhile. */
async function steady(page: Page, shop: Shop) {
  await page.addInitScript(() => {
    const w = window as unknown as { moved: number }
    w.moved = 0
    new PerformanceObserver((l) => l.getEntries().forEach((e) => (w.moved += (e as unknown as { value: number }).value))).observe({ type: 'layout-shift', buffered: true })
  })
  await page.goto(shop.url)
}
const moved = (page: Page) => page.evaluate(() => (window as unknown as { moved: number }).moved)

let shop: Shop
test.beforeEach(async ({ quan }) => void (shop = await open(quan)))
test.afterEach(() => void shop.server.close())
test.use({ locale: 'en' })

test('a member whom the shop knows claims in the shop, once', async ({ page, quan }) => {
  const who = await member(quan, '+8613700000101')
  const { code } = await offer(quan, [shop.url], { limits: [{ what: 'issue_count', period: 'ever', per: 'template', cap: 9 }, { what: 'issue_count', period: 'ever', per: 'member', cap: 1 }] })
  const token = await mint(quan, who)
  shop.put(`data-placement-link="${code}" data-member-token="${token}"`)
  const client = await page.context().newCDPSession(page)
  await client.send('Network.enable')
  await page.addInitScript(() => {
    const w = window as unknown as { states: string[] }
    w.states = []
    addEventListener('quan-state', (e) => w.states.push((e as CustomEvent<{ state: string }>).detail.state))
  })
  const own: string[] = []
  page.on('request', (r) => r.url().startsWith(quan.url) && own.push(new URL(r.url()).pathname))
  await steady(page, shop)
  await expect(card(page).getByText('5 off from 20')).toBeVisible()
  expect(await moved(page)).toBe(0)
  expect(own.filter((p) => p.startsWith('/v1/'))).toEqual([`/v1/pages/${code}`]) // as a member from the first question on
  const found = await new AxeBuilder({ page }).analyze()
  expect(found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical')).toEqual([])
  await card(page).getByRole('button', { name: 'Get it' }).dblclick()
  await expect(card(page).getByText('In your wallet')).toBeVisible()
  expect(await held(quan, who)).toBe(1)
  expect(await page.evaluate(() => (window as unknown as { states: string[] }).states)).toEqual(['open', 'claimed'])
  await expect(card(page).getByRole('button', { name: 'Get it' })).toHaveCount(0)
  // The way to the code leads into the wallet, signed in.
  const [wallet] = await Promise.all([page.waitForEvent('popup'), card(page).getByRole('link', { name: 'Use it' }).click()])
  await expect(wallet.getByRole('dialog').locator('svg[role=img]')).toBeVisible()
  expect(wallet.url()).not.toContain('token')
  await page.reload()
  await expect(card(page).getByText('In your wallet')).toBeVisible()
})

test('a stranger signs in by phone in the card, and is known after a reload', async ({ page, quan }) => {
  const { code } = await offer(quan, [shop.url])
  shop.put(`data-placement-link="${code}" data-lang="zh-TW"`)
  await page.setViewportSize({ width: 320, height: 640 })
  await steady(page, shop)
  await card(page).getByRole('button', { name: '立即領取' }).click()
  const from = quan.log().length
  await card(page).getByLabel('手機號碼', { exact: true }).fill('13700000102')
  await card(page).getByRole('button', { name: '取得驗證碼' }).click()
  const sent = () => /sign-in code.*?code"?[=:]"?(\d{6})/.exec(quan.log().slice(from))?.[1] ?? ''
  await expect.poll(sent).toMatch(/^\d{6}$/)
  await card(page).getByLabel('簡訊驗證碼').fill(sent())
  await card(page).getByRole('button', { name: '登入並領取' }).click()
  await expect(card(page).getByText('已放入票券夾')).toBeVisible()
  const who = await known(quan, '+8613700000102')
  expect(await held(quan, who)).toBe(1)
  expect(await page.context().cookies()).toEqual([]) // nothing that travels by itself
  expect(await page.evaluate(() => Object.keys(sessionStorage).length + Object.keys(localStorage).length)).toBe(0)
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
  await page.reload()
  await expect(card(page).getByText('已放入票券夾')).toBeVisible()
})

test('a token that is over, forged or of another merchant: the shop is asked once more, then the phone', async ({ page, quan }) => {
  const who = await member(quan, '+8613700000103')
  const { code, template } = await offer(quan, [shop.url])
  const good = await mint(quan, who)
  const forged = good.slice(0, -2) + (good.endsWith('AA') ? 'BB' : 'AA')
  shop.token = good
  shop.put(`data-placement-link="${code}" data-member-token="${forged}" data-token-from="/member"`)
  await page.goto(shop.url)
  await expect.poll(() => shop.asked).toBe(1)
  // Two taps before the first one was drawn are one act, also where a member may have several.
  await card(page).getByRole('button', { name: 'Get it' }).evaluate((b) => ((b as HTMLElement).click(), (b as HTMLElement).click()))
  await expect(card(page).getByText('In your wallet')).toBeVisible()
  expect(shop.asked).toBe(1)
  expect(await held(quan, who)).toBe(1)

  shop.token = forged
  await page.reload()
  await card(page).getByRole('button', { name: 'Get it' }).click()
  await expect(card(page).getByLabel('Mobile number')).toBeVisible()

  // The key of another merchant speaks for its own coupons only.
  for (const m of ['farm', 'mill']) await quan.call('PUT', `/v1/merchants/${m}`, { name: m }, { 'If-None-Match': '*' })
  const key = await quan.call<{ secret: string }>('POST', '/v1/keys', { kind: 'server', name: 'mill', scope: { merchants: ['mill'] } })
  const theirs = await quan.call<{ token: string }>('POST', `/v1/members/id/${who}/tokens`, { ttl_seconds: 600 }, { Authorization: `Bearer ${key.secret}` })
  expect(template).toBeTruthy()
  const farm = await quan.call<{ id: string }>('POST', '/v1/templates', {
    market: 'main', internal_name: 'farm', customer_name: { en: 'Farm eggs' }, issuer: { kind: 'merchant', code: 'farm' },
    draft: {
      terms: { kind: 'amount_off', amount_minor: 300, threshold_minor: 900, uses_per_coupon: 1, validity: { kind: 'days', days: 7 }, funders: [{ kind: 'merchant', code: 'farm', share_bps: 10_000 }] },
      claim: { limits: [{ what: 'issue_count', period: 'ever', per: 'template', cap: 10 }] },
    },
  })
  await quan.call('POST', `/v1/templates/${farm.id}/publish`, undefined, { 'If-Match': '"1"' })
  const eggs = await offer(quan, [shop.url], {}, farm.id)
  shop.put(`data-placement-link="${eggs.code}" data-member-token="${theirs.token}"`)
  await page.goto(shop.url)
  await card(page).getByRole('button', { name: 'Get it' }).click()
  await expect(card(page).getByLabel('Mobile number')).toBeVisible()
  expect(await held(quan, who)).toBe(1)
})

test('before, sold out, not for you, ended, gone', async ({ page, quan }) => {
  const sites = [shop.url]
  const limits = [{ what: 'issue_count', period: 'ever', per: 'template', cap: 1 }]
  const see = async (code: string, more = '') => {
    shop.put(`data-placement-link="${code}" ${more}`)
    await steady(page, shop)
  }
  const none = await offer(quan, sites, { limits })
  await quan.call('POST', '/v1/claims', { template: none.template, member: { id: await member(quan, '+8613700000104') }, channel: 'h5' })
  await see(none.code)
  await expect(card(page).getByText('All gone')).toBeVisible()
  await expect(card(page).getByRole('button', { name: 'Get it' })).toHaveCount(0)
  expect(await moved(page)).toBe(0)

  await see((await offer(quan, sites, { window: { from: new Date(Date.now() + 3600_000).toISOString() } })).code)
  await expect(card(page).getByRole('timer')).toHaveText(/^00:5\d:\d\d$/)
  await see((await offer(quan, sites, { window: { from: new Date(Date.now() - 3600_000).toISOString(), to: new Date(Date.now() - 60_000).toISOString() } })).code)
  await expect(card(page).getByText('This offer has ended')).toBeVisible()

  const blocked = await member(quan, '+8613700000105')
  await quan.call('PUT', `/v1/members/id/${blocked}/block`, { blocked: true, reason: 'test' })
  await see((await offer(quan, sites)).code, `data-member-token="${await mint(quan, blocked)}"`)
  await expect(card(page).locator('.act')).not.toContainText('Get it')
  await expect(card(page).locator('.act b')).toHaveText(/\w+/)

  const gone = await offer(quan, sites)
  await quan.call('DELETE', `/v1/links/${gone.id}`, undefined, { 'If-Match': '"1"' })
  await see(gone.code)
  await expect(card(page).getByText('This link leads nowhere any more')).toBeVisible()
})

test('a site that the link does not name, and a server that is gone, leave the way to the page', async ({ page, quan, context }) => {
  const { code } = await offer(quan, ['https://shop.example.com'])
  shop.put(`data-placement-link="${code}"`)
  const refused: string[] = []
  page.removeAllListeners('console') // the browser says aloud that a policy forbids the frame
  page.on('console', (m) => refused.push(m.text()))
  await page.goto(shop.url)
  const way = page.getByRole('link', { name: 'See the coupon' })
  await expect(way).toHaveAttribute('href', `${quan.url}/p/${code}`)
  expect(refused.join()).toContain('frame-ancestors')
  await expect(page.locator('iframe')).toBeHidden()

  const named = await offer(quan, [shop.url])
  shop.put(`data-placement-link="${named.code}"`)
  await context.route(`${quan.url}/widget/**`, (r) => r.abort())
  await page.goto(shop.url)
  await expect(way).toBeVisible()
  await context.unroute(`${quan.url}/widget/**`)
  await context.route(`${quan.url}/v1/pages/**`, (r) => r.abort())
  await page.goto(shop.url)
  await expect(card(page).getByRole('alert')).toContainText('No answer from the network')
  await context.unroute(`${quan.url}/v1/pages/**`)
  await card(page).getByRole('button', { name: 'Try again' }).click()
  await expect(card(page).getByRole('button', { name: 'Get it' })).toBeVisible()
})

test('the card is light', async ({ page, quan }) => {
  const { code } = await offer(quan, [shop.url])
  shop.put(`data-placement-link="${code}"`)
  const sizes = new Map<string, Promise<number>>()
  page.on('requestfinished', (r) => r.url().startsWith(quan.url) && sizes.set(r.url(), r.sizes().then((s) => s.responseBodySize)))
  await page.goto(shop.url)
  await card(page).getByRole('button', { name: 'Get it' }).waitFor()
  let [files, answers] = [0, 0]
  for (const [url, size] of sizes) url.includes('/v1/') ? (answers += await size) : (files += await size)
  console.log(`the card in another site: ${files} bytes of files and ${answers} of answers in ${sizes.size} requests`)
  expect(sizes.size).toBeGreaterThan(4)
  expect(files).toBeLessThan(15_000)
})

test('the console names the sites and gives the tag to paste', async ({ page, quan, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const placement = await quan.call<Made>('POST', '/v1/placements', { market: 'main', template: await published(quan, 'Tea'), name: 'Tea at the shop', channel: 'h5', open: true })
  const link = await quan.call<Made>('POST', '/v1/links', { placement: placement.id, name: 'Shop', channel: 'h5' })
  await signIn(page, quan)
  await page.goto(`${quan.url}/console/delivery/placements/${placement.id}`)
  await page.getByRole('button', { name: 'Card for other sites Shop' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('Name the sites first')).toBeVisible()
  await dialog.getByLabel('Sites that may show it').fill('http://shop.example.com')
  await page.keyboard.press('Enter')
  await dialog.getByRole('button', { name: 'Save sites' }).click()
  await expect(dialog.getByRole('alert')).toBeVisible() // without TLS anybody on the way reads tokens
  await dialog.getByTitle('http://shop.example.com').getByRole('img', { name: 'close', includeHidden: true }).click() // Backspace is deaf for a quarter second after Enter
  await dialog.getByLabel('Sites that may show it').fill(`${shop.url}/product?id=1`)
  await page.keyboard.press('Enter')
  await dialog.getByRole('button', { name: 'Save sites' }).click()
  await expect(dialog.getByText(`data-placement-link="${link.code}"`)).toBeVisible()
  await fair(page)
  await dialog.getByRole('button', { name: 'Copy the tag' }).last().click()
  const tag = await page.evaluate(() => navigator.clipboard.readText())
  expect(tag).toBe(`<div style="min-height:176px"><script async src="${quan.url}/widget.js" data-placement-link="${link.code}"></script></div>`)
  expect((await quan.call<{ sites: string[] }>('GET', `/v1/links/${link.id}`)).sites).toEqual([shop.url])
  shop.put(`data-placement-link="${link.code}"`)
  await page.goto(shop.url)
  await expect(card(page).getByRole('button', { name: 'Get it' })).toBeVisible()
})
