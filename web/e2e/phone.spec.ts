import type { Page } from '@playwright/test'
import { fair } from './fair'
import { expect, test, type Quan } from './quan'
import { sentCode } from './stage'

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, serviceWorkers: 'block' })

const shots = process.env.QUAN_SHOTS
let n = 0

async function shot(page: Page, name: string) {
  if (shots) await page.screenshot({ path: `${shots}/${String(++n).padStart(2, '0')}-${name}.png` })
}

interface Made {
  id: string
  code: string
}

/** offer publishes a coupon, places it, and returns the code of a link to its page. */
async function offer(quan: Quan, change: { limits?: unknown[]; window?: unknown; when?: unknown; name?: string; validity?: unknown; placement?: object } = {}): Promise<string> {
  const draft = {
    terms: {
      kind: 'amount_off', amount_minor: 500, threshold_minor: 3000, uses_per_coupon: 1,
      validity: change.validity ?? { kind: 'days', days: 7 }, funders: [{ kind: 'platform', code: 'platform', share_bps: 10000 }],
    },
    claim: {
      limits: change.limits ?? [{ what: 'issue_count', period: 'ever', per: 'template', cap: 100 }, { what: 'issue_count', period: 'ever', per: 'member', cap: 1 }],
      ...(change.window ? { window: change.window } : {}),
      ...(change.when ? { when: change.when } : {}),
    },
  }
  const template = await quan.call<Made>('POST', '/v1/templates', {
    market: 'main', internal_name: 'phone page', customer_name: change.name ? { 'zh-CN': change.name } : { 'zh-CN': '鲜蔬满减券', 'zh-TW': '鮮蔬折價券', en: 'Fresh vegetables' }, issuer: { kind: 'platform' }, draft,
  })
  const a = await fetch(`${quan.url}/v1/templates/${template.id}/publish`, { method: 'POST', headers: { Authorization: `Bearer ${quan.key}`, 'If-Match': '"1"', 'Idempotency-Key': template.id } })
  if (!a.ok) throw new Error(await a.text())
  const placement = await quan.call<Made>('POST', '/v1/placements', { market: 'main', template: template.id, name: 'phone page', channel: 'h5', open: true, ...change.placement })
  return (await quan.call<Made>('POST', '/v1/links', { placement: placement.id, name: 'Poster', channel: 'poster' })).code
}

let phone = 13900000000

/** signIn types a phone and the code that the program logged, and presses the button. */
async function signIn(page: Page, quan: Quan, words: { phone: string; send: string; code: string; go: string }) {
  await page.getByLabel(words.phone, { exact: true }).fill(String(++phone))
  const from = quan.log().length
  await page.getByRole('button', { name: words.send }).click()
  await expect.poll(() => sentCode(quan, from)).toMatch(/^\d{6}$/)
  const code = sentCode(quan, from)
  await page.getByLabel(words.code).fill(code)
  await page.getByRole('button', { name: words.go, exact: true }).click()
}

const speech = {
  'zh-CN': { phone: '手机号', send: '获取验证码', code: '短信验证码', go: '登录并领取', claim: '立即领取', claimed: '已放入卡包', use: '去使用', wallet: '我的卡包', show: '出示券码', close: '关闭', name: '鲜蔬满减券' },
  en: { phone: 'Mobile number', send: 'Send code', code: 'Code from the text message', go: 'Sign in and get it', claim: 'Get it', claimed: 'In your wallet', use: 'Use it', wallet: 'My wallet', show: 'Show code', close: 'Close', name: 'Fresh vegetables' },
} as const

for (const lang of ['zh-CN', 'en'] as const) {
  test.describe(lang, () => {
    test.use({ locale: lang })
    test('a stranger claims with a phone and shows the code', async ({ page, quan }) => {
      const w = speech[lang]
      const code = await offer(quan)
      const heard: string[] = []
      page.on('request', (r) => heard.push(r.url()))
      await page.goto(`${quan.url}/p/${code}`)
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(w.name)
      expect(heard.every((u) => u.startsWith(quan.url) || u.startsWith('data:'))).toBe(true)
      await fair(page)
      await shot(page, `${lang}-claim`)
      await page.getByRole('button', { name: w.claim }).click()
      await shot(page, `${lang}-sign-in`)
      await fair(page)
      await signIn(page, quan, w)
      await expect(page.getByText(w.claimed, { exact: true })).toBeVisible()
      await expect(page.getByRole('dialog')).toHaveCount(0)
      await shot(page, `${lang}-claimed`)
      await page.reload()
      await expect(page.getByText(w.claimed, { exact: true })).toBeVisible()
      await expect(page.getByRole('button', { name: w.claim })).toHaveCount(0)
      await page.getByRole('link', { name: w.use }).click()
      await expect(page.getByRole('dialog').locator('svg[role=img]')).toBeVisible()
      await shot(page, `${lang}-code`)
      await page.getByRole('dialog').getByRole('button', { name: w.close }).click()
      await expect(page.getByRole('heading', { name: w.wallet })).toBeVisible()
      await page.waitForLoadState('networkidle')
      await expect(page.getByRole('dialog')).toHaveCount(0)
      await fair(page)
      await shot(page, `${lang}-wallet`)
      const number = (await (await page.request.get(`${quan.url}/v1/wallet`, { headers: { 'Quan-Member-Token': 'session' } })).json()).items[0].number as string
      const seen = await quan.call<{ usable: boolean }>('POST', '/v1/counter/look', { scan: number })
      expect(seen.usable).toBe(true)
    })
  })
}

test.describe('states', () => {
  test.use({ locale: 'en' })
  test('sold out, not begun, gone, and a code that nobody knows', async ({ page, quan }) => {
    const none = await offer(quan, { limits: [{ what: 'issue_count', period: 'ever', per: 'template', cap: 1 }] })
    const member = await quan.call<Made>('PUT', '/v1/members/phone/%2B8613700000001', {})
    const shown = await quan.call<{ template: string }>('GET', `/v1/pages/${none}`)
    await quan.call('POST', '/v1/claims', { template: shown.template, member: { id: member.id }, channel: 'h5' })
    await page.goto(`${quan.url}/p/${none}`)
    await expect(page.getByText('All gone')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Get it' })).toHaveCount(0)
    await shot(page, 'en-sold-out')

    const soon = await offer(quan, { window: { from: new Date(Date.now() + 3600_000).toISOString() } })
    await page.goto(`${quan.url}/p/${soon}`)
    await expect(page.getByRole('timer')).toHaveText(/^00:5\d:\d\d$/)
    await shot(page, 'en-before')

    await page.goto(`${quan.url}/p/none-such`)
    await expect(page.getByRole('heading', { name: 'This link leads nowhere any more' })).toBeVisible()

    await page.goto(`${quan.url}/wallet`)
    await page.getByRole('button', { name: '繁體中文' }).click()
    await expect(page.getByRole('heading', { name: '手機號碼登入' })).toBeVisible()
    await shot(page, 'zh-TW-sign-in')
  })

  test('a wrong code is told plainly, and a lost network loses nothing', async ({ page, quan, context }) => {
    const code = await offer(quan)
    await page.goto(`${quan.url}/p/${code}`)
    await page.getByRole('button', { name: 'Get it' }).click()
    await page.getByLabel('Mobile number').fill(String(++phone))
    await page.getByRole('button', { name: 'Send code' }).click()
    await expect(page.getByText('The code is on its way')).toBeVisible()
    await page.getByLabel('Code from the text message').fill('12345x')
    await page.getByRole('button', { name: 'Sign in and get it' }).click()
    await expect(page.getByRole('alert')).toContainText('Wrong code')
    await expect(page.getByRole('alert')).toContainText('Request req_')
    await context.setOffline(true)
    await page.getByRole('button', { name: 'Sign in and get it' }).click()
    await expect(page.getByRole('alert')).toContainText('No answer from the network')
    await context.setOffline(false)
    await page.getByLabel('Code from the text message').fill(sentCode(quan))
    await page.getByRole('button', { name: 'Sign in and get it' }).click()
    await expect(page.getByText('In your wallet', { exact: true })).toBeVisible()

    // The answer to a claim is lost on its way: the second tap is the same act.
    const other = await offer(quan, { limits: [{ what: 'issue_count', period: 'ever', per: 'template', cap: 9 }] })
    await page.goto(`${quan.url}/p/${other}`)
    let lost = 0
    await page.route('**/claims', async (route) => {
      if (lost++ > 0) return route.fallback()
      await route.fetch()
      await route.abort()
    })
    await page.getByRole('button', { name: 'Get it' }).click()
    await expect(page.getByRole('alert')).toContainText('No answer from the network')
    await page.getByRole('alert').getByRole('button', { name: 'Try again' }).click()
    await expect(page.getByRole('alert')).toHaveCount(0)
    await expect(page.getByText('In your wallet', { exact: true })).toBeVisible()
    expect(lost).toBe(2)
    const held = (await (await page.request.get(`${quan.url}/v1/wallet`, { headers: { 'Quan-Member-Token': 'session' } })).json()).items as unknown[]
    expect(held).toHaveLength(2) // one of each offer
  })

  test('the first view is light', async ({ page, quan }) => {
    const code = await offer(quan)
    const client = await page.context().newCDPSession(page)
    await client.send('Network.enable')
    let bytes = 0
    client.on('Network.loadingFinished', (e) => (bytes += e.encodedDataLength))
    await page.goto(`${quan.url}/p/${code}`)
    await page.getByRole('button', { name: 'Get it' }).waitFor()
    await page.waitForLoadState('networkidle')
    console.log(`first view of a phone page: ${bytes} bytes`)
    expect(bytes).toBeLessThan(30_000)
  })
})

test.describe('far from the market', () => {
  test.use({ locale: 'en', timezoneId: 'America/New_York' })
  test('times are told in the market’s zone, by name', async ({ page, quan, browser }) => {
    const code = await offer(quan, { window: { to: '2099-06-01T12:00:00Z' }, validity: { kind: 'fixed', from: '2026-01-01T00:00:00Z', to: '2099-06-30T11:30:00Z' } })
    await page.goto(`${quan.url}/p/${code}`)
    await expect(page.getByText(/^Until 6\/1\/2099, 20:00 GMT\+8$/)).toBeVisible()
    await page.getByRole('button', { name: 'Get it' }).click()
    await signIn(page, quan, speech.en)
    await expect(page.getByText(/Until 6\/30\/2099, 19:30 GMT\+8$/)).toBeVisible()
    await page.getByRole('link', { name: 'Use it' }).click()
    await expect(page.getByRole('dialog').getByText('Until 6/30/2099, 19:30 GMT+8')).toBeVisible()
    // Where the clocks show the same there is nothing to explain.
    const near = await browser.newContext({ locale: 'en', timezoneId: 'Asia/Singapore' })
    const same = await near.newPage()
    await same.goto(`${quan.url}/p/${code}`)
    await expect(same.getByText('Until 6/1/2099, 20:00', { exact: true })).toBeVisible()
    await near.close()
  })
})

const refused = {
  'zh-CN': { no: '暂不能领取', why: '领取条件：带有标签vip', gone: '已领完', goneMore: '该券已被领完', ended: '活动已结束', over: '已失效', bad: '请检查手机号' },
  en: { no: 'Not for you right now', why: 'To get it: You are tagged vip', gone: 'All gone', goneMore: 'All of these coupons have been claimed', ended: 'This offer has ended', over: 'Over', bad: 'Check the number' },
} as const

for (const lang of ['zh-CN', 'en'] as const)
  test.describe(`refusals ${lang}`, () => {
    test.use({ locale: lang })
    test('whom a condition leaves out is told which; sold out while somebody signs in; ended; over', async ({ page, quan }) => {
      const w = { ...speech[lang], ...refused[lang] }
      const vip = await offer(quan, { when: { type: 'member_tag', in: ['vip'] } })
      await page.goto(`${quan.url}/p/${vip}`)
      await page.getByRole('button', { name: w.claim }).click()
      await signIn(page, quan, w)
      await expect(page.getByText(w.no, { exact: true })).toBeVisible()
      await expect(page.getByText(w.why, { exact: true })).toHaveCount(2) // as the reason, and among the terms
      await expect(page.getByRole('alert')).toHaveCount(0) // told once
      await expect(page.getByRole('button', { name: w.claim })).toHaveCount(0)
      await fair(page)
      await shot(page, `${lang}-not-for-you`)
      // Whoever comes to have what it asks gets it, without signing in again.
      await quan.call('POST', '/v1/members/facts', { members: [{ member: { kind: 'phone', value: `+86${phone}` }, add_tags: ['vip'] }] })
      await page.reload()
      await page.getByRole('button', { name: w.claim }).click()
      await expect(page.getByText(w.claimed, { exact: true })).toBeVisible()

      // The last one goes while the member looks at the page.
      const last = await offer(quan, { limits: [{ what: 'issue_count', period: 'ever', per: 'template', cap: 1 }] })
      await page.goto(`${quan.url}/p/${last}`)
      await page.getByRole('button', { name: w.claim }).waitFor()
      const other = await quan.call<Made>('PUT', `/v1/members/phone/${encodeURIComponent(`+86${++phone}`)}`, {})
      const { template } = await quan.call<{ template: string }>('GET', `/v1/pages/${last}`)
      await quan.call('POST', '/v1/claims', { template, member: { id: other.id }, channel: 'h5' })
      await page.getByRole('button', { name: w.claim }).click()
      await expect(page.getByText(w.gone, { exact: true })).toBeVisible()
      await expect(page.getByText(w.goneMore)).toBeVisible()
      await expect(page.getByRole('button', { name: w.claim })).toHaveCount(0)

      const ended = await offer(quan, { placement: { from: '2020-01-01T00:00:00Z', to: '2020-02-01T00:00:00Z' } })
      await page.goto(`${quan.url}/p/${ended}`)
      await expect(page.getByText(w.ended, { exact: true })).toBeVisible()
      await expect(page.getByRole('button', { name: w.claim })).toHaveCount(0)

      // A coupon that is over is told as that, and shows no code.
      const short = await offer(quan, { validity: { kind: 'fixed', from: new Date(Date.now() - 1000).toISOString(), to: new Date(Date.now() + 6000).toISOString() } })
      await page.goto(`${quan.url}/p/${short}`)
      await page.getByRole('button', { name: w.claim }).click()
      await expect(page.getByText(w.claimed, { exact: true })).toBeVisible()
      await expect(async () => {
        await page.goto(`${quan.url}/wallet`)
        await page.getByRole('tab', { name: w.over }).click()
        await expect(page.getByRole('article')).toHaveCount(1, { timeout: 500 })
      }).toPass()
      await expect(page.getByRole('article')).toContainText(w.over)
      await expect(page.getByRole('article').getByRole('button', { name: w.show })).toHaveCount(0)
    })

    test('strange names and endless input are what they are', async ({ page, quan }) => {
      const w = { ...speech[lang], ...refused[lang] }
      const html = '<img src=x onerror="document.title=1"><b>粗</b>'
      const turned = `${html} \u202e55.0 ffo ${'长'.repeat(120)}`
      const code = await offer(quan, { name: turned })
      await page.goto(`${quan.url}/p/${code}`)
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(turned)
      await expect(page).toHaveTitle(turned) // as text, behind the shorter one of the head
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
      await expect(page.locator('img[src=x]')).toHaveCount(0)
      await shot(page, `${lang}-strange`)
      await page.getByRole('button', { name: w.claim }).click()
      const field = page.getByLabel(w.phone, { exact: true })
      await field.fill('9'.repeat(10_000))
      expect((await field.inputValue()).length).toBe(64)
      await page.getByRole('button', { name: w.send }).click()
      await expect(page.getByRole('alert')).toContainText(w.bad)
      await shot(page, `${lang}-endless`)
      // A number as it is copied from a chat: with marks that nobody sees.
      await field.fill(`\u202a+86 ${++phone}\u202c`)
      const from = quan.log().length
      await page.getByRole('button', { name: w.send }).click()
      await expect.poll(() => sentCode(quan, from)).toMatch(/^\d{6}$/)
      await page.getByLabel(w.code).fill(sentCode(quan, from))
      await page.getByRole('button', { name: w.go, exact: true }).click()
      await expect(page.getByText(w.claimed, { exact: true })).toBeVisible()
      await page.goto(`${quan.url}/wallet`)
      await expect(page.getByRole('article')).toContainText(turned)
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
    })
  })
