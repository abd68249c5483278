import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import encodeQR from 'qr'
import { fair } from './fair'
import { admin, expect, signIn, test, type Quan } from './quan'
import { claim, member as enrol, published } from './stage'

const password = 'pears beside the old bridge'
const phone = '+8613800000001'
let templates: Record<string, string> = {}

/** shop is two stores, a clerk of one of them, and a member; each test claims what it needs. */
async function shop(quan: Quan) {
  if (templates.off) return
  await fetch(quan.url + '/v1/setup', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ ...admin, token: quan.setup }) })
  const cookie = (await fetch(quan.url + '/v1/sessions', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ login: admin.login, password: admin.password }) })).headers.get('Set-Cookie') ?? ''
  await quan.call('PUT', '/v1/merchants/green', { name: 'Green' })
  await quan.call('PUT', '/v1/stores/north', { name: '北门店', merchant: 'green', city: 'shanghai' })
  await quan.call('PUT', '/v1/stores/south', { name: '南门店', merchant: 'green', city: 'shanghai' })
  const clerk = await fetch(quan.url + '/v1/people', { method: 'POST', headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'clerk', Cookie: cookie }, body: JSON.stringify({ login: 'lin', name: 'Lin', password: 'a first password', roles: ['clerk'], scope: { stores: ['north'] } }) })
  expect(clerk.status, await clerk.clone().text()).toBe(201)
  const first = (await fetch(quan.url + '/v1/sessions', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ login: 'lin', password: 'a first password' }) })).headers.get('Set-Cookie') ?? ''
  expect((await fetch(quan.url + '/v1/account/password', { method: 'POST', headers: { 'Content-Type': 'application/json', Cookie: first }, body: JSON.stringify({ old: 'a first password', password }) })).status).toBe(200)
  await enrol(quan, phone)
  templates = {
    off: await published(quan, '满50减10', { amount_minor: 1000, threshold_minor: 5000 }),
    gift: await published(quan, '送纸袋', { kind: 'gift', amount_minor: 0, threshold_minor: 0, gift: { sku: 'bag', quantity: 1, value_minor: 100 } }),
  }
}

async function coupon(quan: Quan, kind: string) {
  const one = (await claim(quan, templates[kind] ?? '', phone)).coupons[0]
  if (!one) throw new Error('no coupon')
  return one
}

const dynamic = async (quan: Quan, id: string) => (await quan.call<{ code: string }>('POST', `/v1/coupons/${id}/qr`)).code
const stateOf = async (quan: Quan, id: string) => (await quan.call<{ state: string }>('GET', `/v1/coupons/${id}`)).state

async function enter(page: Page, quan: Quan, language = 'en') {
  await shop(quan)
  await page.addInitScript((l) => localStorage.setItem('quan.language', l), language)
  await page.goto(quan.url + '/counter/')
  await page.locator('[name=login]').fill('lin')
  await page.locator('[name=password]').fill(password)
  await page.locator('form button.main').click()
  await expect(page.getByRole('heading', { name: '北门店' })).toBeVisible() // the only store of the scope
}

async function scan(page: Page, text: string) {
  await page.locator('[name=scan]').fill(text)
  await page.locator('[name=scan]').press('Enter')
}

const shot = (page: Page, name: string) => (process.env.QUAN_SHOTS ? page.screenshot({ path: join(process.env.QUAN_SHOTS, name + '.png'), fullPage: true }) : undefined)

test.use({ viewport: { width: 360, height: 740 } })

for (const [language, words] of [
  ['en', { redeem: 'Redeem', next: 'Next customer', undo: 'That was a mistake: give it back', give: 'Give back', yes: 'Redeemed', pay: 'Collect CN¥50.00', used: 'Coupon already used', short: /below|threshold|more/i, today: "Today's totals" }],
  ['zh-CN', { redeem: '核销', next: '下一位', undo: '刚才弄错了，退回', give: '退回', yes: '核销成功', pay: '请收 ¥50.00', used: '券已用完', short: /满|门槛|差/, today: '今日合计' }],
] as const) {
  test(`a clerk redeems, is refused, and takes a mistake back: ${language}`, async ({ page, quan }) => {
    await enter(page, quan, language)
    await fair(page)
    await shot(page, `scan-${language}`)
    const one = await coupon(quan, 'off')
    await scan(page, await dynamic(quan, one.id))
    await expect(page.getByRole('heading', { name: '满50减10' })).toBeVisible()
    await page.locator('[name=amount]').fill('40')
    await expect(page.getByRole('alert')).toHaveText(words.short)
    await expect(page.locator('form').getByRole('button', { name: words.redeem, exact: true })).toBeDisabled()
    await shot(page, `short-${language}`)
    await page.locator('[name=amount]').fill('60')
    await expect(page.locator('dl').last()).toContainText('50.00')
    await shot(page, `look-${language}`)
    await fair(page)
    await page.locator('form').getByRole('button', { name: words.redeem, exact: true }).click()
    await expect(page.locator('[data-verdict=yes]')).toContainText(words.pay)
    await shot(page, `yes-${language}`)
    await fair(page)
    expect(await stateOf(quan, one.id)).toBe('used')

    await page.getByRole('button', { name: words.next }).click()
    await scan(page, one.number.toLowerCase()) // typed, in small letters
    await expect(page.locator('[data-verdict=no]')).toContainText(words.used)
    await shot(page, `no-${language}`)
    await fair(page)
    await page.getByRole('button', { name: words.next }).click()
    await scan(page, '7K3M-92QX-A0VC-4T')
    await expect(page.locator('[data-verdict=no]')).toBeVisible()
    await page.getByRole('button', { name: words.next }).click()

    // A gift needs no cart; it was a mistake.
    const gift = await coupon(quan, 'gift')
    await scan(page, gift.number)
    await page.locator('form').getByRole('button', { name: words.redeem, exact: true }).click()
    await expect(page.locator('[data-verdict=yes]')).toContainText('bag × 1')
    await page.getByRole('button', { name: words.undo }).click()
    await page.getByRole('button', { name: words.give, exact: true }).click()
    await expect(page.locator('[data-verdict=back]')).toBeVisible()
    await shot(page, `back-${language}`)
    expect(await stateOf(quan, gift.id)).toBe('usable')
    await page.getByRole('button', { name: words.next }).click()

    await page.locator('nav.tabs button').nth(2).click()
    await expect(page.getByRole('heading', { name: words.today })).toBeVisible()
    await expect(page.locator('.figure').first()).not.toContainText('0')
    await shot(page, `today-${language}`)
    await fair(page)
    // The one with money on it comes back from the list.
    await page.locator('li', { hasText: '满50减10' }).first().getByRole('button').click()
    await page.getByRole('button', { name: words.give, exact: true }).click()
    await expect(page.locator('[data-verdict=back]')).toContainText('50.00')
    expect(await stateOf(quan, one.id)).toBe('usable')
  })
}

for (const [language, words] of [
  ['en', { redeem: 'Redeem', next: 'Next customer', over: 'Coupon expired' }],
  ['zh-CN', { redeem: '核销', next: '下一位', over: '券已过期' }],
] as const)
  test(`strange input is taken for what it is, and a coupon that is over is told: ${language}`, async ({ page, quan }) => {
    await shop(quan)
    const html = '<img src=x onerror="document.title=1"> \u202e55.0 ffo ' + '长'.repeat(120)
    const strange = await published(quan, html, { amount_minor: 100, threshold_minor: 1000 })
    const short = await published(quan, `短 ${language}`, { validity: { kind: 'fixed', from: new Date(Date.now() - 1000).toISOString(), to: new Date(Date.now() + 4000).toISOString() } })
    const over = (await claim(quan, short, phone)).coupons[0]
    const one = (await claim(quan, strange, phone)).coupons[0]
    await enter(page, quan, language)
    await scan(page, '9'.repeat(10_000))
    await expect(page.locator('[data-verdict=no]')).toBeVisible()
    await page.getByRole('button', { name: words.next }).click()
    await scan(page, html)
    await expect(page.locator('[data-verdict=no]')).toBeVisible()
    await page.getByRole('button', { name: words.next }).click()

    await scan(page, `\u202a${one?.number}\u202c`) // as it is copied from a chat
    await expect(page.getByRole('heading', { name: html })).toBeVisible()
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
    await shot(page, `strange-${language}`)
    await page.locator('[name=amount]').fill('9'.repeat(10_000))
    await expect(page.locator('form').getByRole('button', { name: words.redeem, exact: true })).toBeDisabled()
    await page.locator('[name=amount]').fill('12')
    await page.locator('form').getByRole('button', { name: words.redeem, exact: true }).click()
    await expect(page.locator('[data-verdict=yes]')).toContainText(html)
    expect(await page.title()).not.toBe('1')
    await page.getByRole('button', { name: words.next }).click()

    await expect.poll(() => stateOf(quan, over?.id ?? '')).toBe('expired')
    await scan(page, over?.number ?? '')
    await expect(page.locator('[data-verdict=no]')).toContainText(words.over)
  })

test('scans without network wait and are sent once', async ({ page, context, quan }) => {
  await enter(page, quan)
  const good = await coupon(quan, 'off')
  const spent = await coupon(quan, 'gift')
  const code = await dynamic(quan, good.id)
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await expect.poll(() => page.evaluate(() => caches.match('/counter/').then((r) => r?.ok ?? false))).toBe(true)

  await context.setOffline(true)
  await page.reload() // the page comes from the device
  await expect(page.getByText('No network', { exact: true })).toBeVisible()
  for (const [text, amount] of [
    [code, '80'],
    [spent.number, ''],
  ] as const) {
    await scan(page, text)
    await expect(page.getByRole('alert')).toContainText('the shop bears the loss')
    if (amount) await shot(page, 'offline-en')
    await page.locator('[name=amount]').fill(amount)
    await page.getByRole('button', { name: 'I understand: keep it' }).click()
    await expect(page.locator('[data-verdict=wait]')).toContainText('Not redeemed yet')
    await page.getByRole('button', { name: 'Next customer' }).click()
  }
  await page.getByRole('button', { name: /Waiting/ }).click()
  await expect(page.locator('[data-state=waiting]')).toHaveCount(2)
  await shot(page, 'waiting-en')
  await fair(page)
  expect(await stateOf(quan, good.id)).toBe('usable')

  // Meanwhile the gift is used elsewhere.
  await quan.call('POST', '/v1/redemptions', { order: { source: 'shop', ref: 'E-1' }, coupons: [spent.id], cart: { lines: [] } })
  // The first answer is lost on its way: what was done is asked for again, not done again.
  let lost = 0
  await context.route('**/v1/redemptions', async (route) => {
    if (route.request().method() !== 'POST' || lost > 0) return route.fallback()
    lost++
    await route.fetch()
    await route.abort()
  })
  await context.setOffline(false)
  await expect(page.locator('[data-state=yes]')).toHaveCount(1, { timeout: 20_000 })
  await expect(page.locator('[data-state=no]')).toContainText('Coupon already used')
  expect(lost).toBe(1)
  await shot(page, 'sent-en')
  expect(await stateOf(quan, good.id)).toBe('used')
  const uses = await quan.call<{ items: { coupon: string; scanned_at?: string }[] }>('GET', '/v1/redemptions?store=north')
  const ours = uses.items.filter((u) => u.coupon === good.id)
  expect(ours).toHaveLength(1)
  expect(ours[0]?.scanned_at).toBeTruthy()
})

test('an answer that is lost leaves no doubt for long', async ({ page, context, quan }) => {
  await enter(page, quan)
  const one = await coupon(quan, 'off')
  await scan(page, one.number)
  await page.locator('[name=amount]').fill('60')
  let lost = 0
  await context.route('**/v1/redemptions', async (route) => {
    if (lost++ > 0) return route.fallback()
    await route.fetch()
    await route.abort()
  })
  await page.locator('form').getByRole('button', { name: 'Redeem', exact: true }).click()
  await expect(page.locator('[data-verdict=wait]')).toContainText('Outcome unknown')
  await shot(page, 'unknown-en')
  await page.getByRole('button', { name: /Waiting/ }).click()
  await expect(page.locator('[data-state=yes]')).toHaveCount(1, { timeout: 20_000 })
  expect((await quan.call<{ used: number }>('GET', `/v1/coupons/${one.id}`)).used).toBe(1)
})

test('a session that ends at the till is asked for again, and the redemption is made once', async ({ page, context, quan }) => {
  await enter(page, quan)
  const one = await coupon(quan, 'off')
  await scan(page, one.number)
  await page.locator('[name=amount]').fill('60')
  await expect(page.locator('dl').last()).toContainText('50.00')
  await context.clearCookies()
  await page.locator('form').getByRole('button', { name: 'Redeem', exact: true }).click()
  await expect(page.locator('[name=login]')).toBeVisible()
  expect(await stateOf(quan, one.id)).toBe('usable')
  await page.locator('[name=login]').fill('lin')
  await page.locator('[name=password]').fill(password)
  await page.locator('form button.main').click()
  await expect.poll(() => stateOf(quan, one.id)).toBe('used') // what was kept is sent
  const uses = await quan.call<{ items: { coupon: string }[] }>('GET', '/v1/redemptions?store=north')
  expect(uses.items.filter((u) => u.coupon === one.id)).toHaveLength(1)
})

/** film is a camera's picture of a QR code, as Chromium's fake camera plays it. */
function film(text: string): string {
  const modules = encodeQR(text, 'raw', { border: 4 })
  const [width, height, dot] = [640, 480, 8]
  const luma = Buffer.alloc(width * height, 235)
  const left = Math.floor((width - modules.length * dot) / 2)
  const top = Math.floor((height - modules.length * dot) / 2)
  modules.forEach((row, y) => row.forEach((dark, x) => {
    for (let i = 0; dark && i < dot; i++) luma.fill(16, (top + y * dot + i) * width + left + x * dot, (top + y * dot + i) * width + left + (x + 1) * dot)
  }))
  const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, Buffer.alloc((width * height) / 2, 128)])
  const file = join(mkdtempSync(join(tmpdir(), 'quan-film-')), 'code.y4m')
  writeFileSync(file, Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`), frame, frame]))
  return file
}

test('the camera reads a code', async ({ playwright, quan, launchOptions }) => {
  await shop(quan)
  const one = await coupon(quan, 'gift')
  const file = film(await dynamic(quan, one.id))
  const browser = await playwright.chromium.launch({ ...launchOptions, args: [...(launchOptions.args ?? []), '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${file}`] })
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await enter(page, quan)
    await shot(page, 'till-en')
    await page.getByRole('button', { name: 'Open the camera' }).click()
    await expect(page.getByRole('heading', { name: '送纸袋' })).toBeVisible()
    await expect(page.getByText('the customer showed it just now')).toBeVisible()
    await shot(page, 'till-look-en')
  } finally {
    await browser.close()
    rmSync(join(file, '..'), { recursive: true, force: true })
  }
})

test('the console tells what counters did, and leads from a figure to its rows', async ({ page, quan }) => {
  await shop(quan)
  const one = await coupon(quan, 'gift')
  await quan.call('POST', '/v1/redemptions', { order: { source: 'shop', ref: 'C-1' }, coupons: [one.id], cart: { lines: [], store: 'south' } })
  await page.setViewportSize({ width: 1280, height: 800 })
  await signIn(page, quan)
  await page.goto(quan.url + '/console/counter/totals?store=south')
  await expect(page.getByRole('heading', { name: 'Counters' })).toBeVisible()
  await shot(page, 'console-totals')
  await fair(page)
  await page.getByRole('row', { name: /南门店/ }).getByRole('link', { name: '1' }).first().click()
  await expect(page.getByRole('heading', { name: 'Redemptions' })).toBeVisible()
  await expect(page.getByRole('row', { name: /送纸袋/ })).toHaveCount(1)
  await shot(page, 'console-redemptions')
  await fair(page)
  await page.getByRole('row', { name: /送纸袋/ }).getByRole('button', { name: 'Give back' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Give back' }).click()
  await expect.poll(() => stateOf(quan, one.id)).toBe('usable')
})
