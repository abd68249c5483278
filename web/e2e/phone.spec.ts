import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test, type Quan } from './quan'

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
async function offer(quan: Quan, change: { limits?: unknown[]; window?: unknown } = {}): Promise<string> {
  const draft = {
    terms: {
      kind: 'amount_off', amount_minor: 500, threshold_minor: 3000, uses_per_coupon: 1,
      validity: { kind: 'days', days: 7 }, funders: [{ kind: 'platform', code: 'platform', share_bps: 10000 }],
    },
    claim: {
      limits: change.limits ?? [{ what: 'issue_count', period: 'ever', per: 'template', cap: 100 }, { what: 'issue_count', period: 'ever', per: 'member', cap: 1 }],
      ...(change.window ? { window: change.window } : {}),
    },
  }
  const template = await quan.call<Made>('POST', '/v1/templates', {
    market: 'main', internal_name: 'phone page', customer_name: { 'zh-CN': '鲜蔬满减券', 'zh-TW': '鮮蔬折價券', en: 'Fresh vegetables' }, issuer: { kind: 'platform' }, draft,
  })
  const a = await fetch(`${quan.url}/v1/templates/${template.id}/publish`, { method: 'POST', headers: { Authorization: `Bearer ${quan.key}`, 'If-Match': '"1"', 'Idempotency-Key': template.id } })
  if (!a.ok) throw new Error(await a.text())
  const placement = await quan.call<Made>('POST', '/v1/placements', { market: 'main', template: template.id, name: 'phone page', channel: 'h5', open: true })
  return (await quan.call<Made>('POST', '/v1/links', { placement: placement.id, name: 'Poster', channel: 'poster' })).code
}

let phone = 13900000000

/** signIn types a phone and the code that the program logged, and presses the button. */
async function signIn(page: Page, quan: Quan, words: { phone: string; send: string; code: string; go: string }) {
  await page.getByLabel(words.phone, { exact: true }).fill(String(++phone))
  const from = quan.log().length
  await page.getByRole('button', { name: words.send }).click()
  await expect.poll(() => /sign-in code.*?code"?[=:]"?(\d{6})/.exec(quan.log().slice(from))?.[1] ?? '').toMatch(/^\d{6}$/)
  const code = /sign-in code.*?code"?[=:]"?(\d{6})/.exec(quan.log().slice(from))?.[1] ?? ''
  await page.getByLabel(words.code).fill(code)
  await page.getByRole('button', { name: words.go, exact: true }).click()
}

async function reads(page: Page) {
  const found = await new AxeBuilder({ page }).analyze()
  expect(found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical')).toEqual([])
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
      await reads(page)
      await shot(page, `${lang}-claim`)
      await page.getByRole('button', { name: w.claim }).click()
      await shot(page, `${lang}-sign-in`)
      await reads(page)
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
      await reads(page)
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
    const sent = [...quan.log().matchAll(/sign-in code.*?code"?[=:]"?(\d{6})/g)].pop()?.[1] ?? ''
    await page.getByLabel('Code from the text message').fill(sent)
    await page.getByRole('button', { name: 'Sign in and get it' }).click()
    await expect(page.getByText('In your wallet', { exact: true })).toBeVisible()
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
