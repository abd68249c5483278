import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { fair } from './fair'
import { expect, test, type Quan } from './quan'
import { claim, published, sentCode } from './stage'

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, serviceWorkers: 'block' })

const key = (phone: string) => ({ kind: 'phone', value: '+86' + phone })

async function reads(page: Page) {
  await fair(page)
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out').toBe(true)
}

/** enter signs the page's browser in as the owner of a phone. */
async function enter(page: Page, quan: Quan, phone: string) {
  const from = quan.log().length
  expect((await page.request.post(quan.url + '/v1/visits/codes', { data: { phone } })).ok()).toBe(true)
  const sent = () => /sign-in code.*?code"?[=:]"?(\d{6})/.exec(quan.log().slice(from))?.[1] ?? ''
  await expect.poll(sent).toMatch(/^\d{6}$/)
  expect((await page.request.post(quan.url + '/v1/visits', { data: { phone, code: sent() } })).status()).toBe(201)
}

let packets = 0

/** packet sends one of two shares, and answers its link. */
async function packet(quan: Quan, sender: string, shares = 2): Promise<string> {
  const names = { 'zh-CN': '拼手气红包', 'zh-TW': '拚手氣紅包', en: 'Lucky packet' }
  const template = await published(quan, 'Dinner')
  const plan = (await quan.call<{ id: string }>('POST', '/v1/packet-plans', { market: 'main', internal_name: `packet ${++packets}`, customer_name: names, content: { template, mode: 'lucky', shares, total_minor: 400, life_hours: 24, sharer_opens: true } })).id
  await quan.call('POST', `/v1/packet-plans/${plan}/publish`, undefined, { 'If-Match': '"1"' })
  await quan.call('PUT', `/v1/members/phone/%2B86${sender}`, {}, { 'If-None-Match': '*' })
  return (await quan.call<{ link: string }>('POST', '/v1/packets', { plan, member: key(sender) })).link
}

const speech = {
  'zh-CN': {
    open: '打开红包', phone: '手机号', send: '获取验证码', code: '短信验证码', go: '登录', got: '您领到一张券', list: (n: number) => `领取情况（${n}/2）`, you: '您', first: '第 1 位', best: '手气最佳', over: /^红包已于/, use: '去使用', share: '分享', wallet: '我的卡包',
    box: '输入兑换码', redeem: '兑换', done: '兑换成功，券已放入卡包。',
  },
  en: {
    open: 'Open the packet', phone: 'Mobile number', send: 'Send code', code: 'Code from the text message', go: 'Sign in', got: 'You got a coupon', list: (n: number) => `Who got what (${n} of 2)`, you: 'You', first: 'No. 1', best: 'Best luck', over: /^Ended/, use: 'Use it', share: 'Share', wallet: 'My wallet',
    box: 'Enter an exchange code', redeem: 'Redeem', done: 'Done. The coupon is in your wallet.',
  },
} as const

for (const [n, lang] of (['zh-CN', 'en'] as const).entries()) {
  test.describe(lang, () => {
    test.use({ locale: lang })
    const w = speech[lang]

    test('a share packet: two open it, a third comes too late', async ({ page, quan, browser }) => {
      const [sender, one, two, three] = [1, 2, 3, 4].map((x) => `1360000${n}00${x}`) as [string, string, string, string]
      const link = await packet(quan, sender)
      await page.goto(`${quan.url}/packet/${link}`)
      await expect(page).toHaveTitle(lang === 'en' ? 'Share packet' : '分享红包')
      await reads(page)
      await page.getByRole('button', { name: w.open }).click()
      await reads(page)
      await page.getByLabel(w.phone, { exact: true }).fill(one)
      const from = quan.log().length
      await page.getByRole('button', { name: w.send }).click()
      const sent = () => /sign-in code.*?code"?[=:]"?(\d{6})/.exec(quan.log().slice(from))?.[1] ?? ''
      await expect.poll(sent).toMatch(/^\d{6}$/)
      await page.getByLabel(w.code).fill(sent())
      await page.getByRole('button', { name: w.go, exact: true }).click()
      await expect(page.getByText(w.got)).toBeVisible()
      await expect(page.getByRole('heading', { name: w.list(1) })).toBeVisible()
      await expect(page.getByRole('listitem')).toContainText([w.you])
      await reads(page)

      const other = await browser.newContext({ locale: lang })
      const second = await other.newPage()
      await enter(second, quan, two)
      await second.goto(`${quan.url}/packet/${link}`)
      await second.getByRole('button', { name: w.open }).click()
      await expect(second.getByRole('listitem')).toContainText([w.first, w.you])
      await expect(second.getByText(w.best)).toHaveCount(1)
      await expect(second.getByRole('listitem').getByText(/\d\.\d\d/)).toHaveCount(2)
      await second.reload() // again is the same answer, not another share
      await second.getByRole('button', { name: w.open }).dblclick()
      await expect(second.getByRole('heading', { name: w.list(2) })).toBeVisible()
      await enter(second, quan, three)
      await second.reload()
      await second.getByRole('button', { name: w.open }).click()
      await expect(second.getByRole('alert')).toBeVisible()
      await expect(second.getByRole('alert')).not.toContainText('packet_')
      await expect(second.getByText(w.got)).toHaveCount(0)
      await reads(second)
      await second.goto(`${quan.url}/packet/none-such`)
      await second.getByRole('button', { name: w.open }).click()
      await expect(second.getByRole('alert')).toBeVisible()
      await other.close()
      await page.getByRole('link', { name: lang === 'en' ? 'Use it' : '去使用' }).click()
      await expect(page.getByRole('dialog').locator('svg[role=img]')).toBeVisible()
    })

    // A packet lives an hour at least: the clock that has passed it is played on the way here.
    test('a share packet whose time is over says so, and shows what was given', async ({ page, quan, browser }) => {
      const [sender, one, two] = [5, 6, 7].map((x) => `1360000${n}00${x}`) as [string, string, string]
      const link = await packet(quan, sender)
      await enter(page, quan, one)
      await page.goto(`${quan.url}/packet/${link}`)
      await page.getByRole('button', { name: w.open }).click()
      await expect(page.getByText(w.got)).toBeVisible()
      await page.route('**/v1/packets/openings', async (route) => {
        const answer = await route.fetch()
        const told = await answer.json()
        await route.fulfill({ response: answer, json: { ...told, packet: { ...told.packet, state: 'over', expires_at: '2026-01-02T03:04:00Z' } } })
      })
      await page.reload()
      await page.getByRole('button', { name: w.open }).click()
      await expect(page.getByText(w.over)).toContainText('2026')
      await expect(page.getByRole('listitem')).toContainText([w.you]) // it stays the member's
      await expect(page.getByRole('link', { name: w.use })).toBeVisible()
      await expect(page.getByRole('button', { name: w.share })).toHaveCount(0)
      await reads(page)

      const other = await browser.newContext({ locale: lang, viewport: { width: 390, height: 844 } })
      const late = await other.newPage()
      await enter(late, quan, two)
      const words = JSON.parse(readFileSync(new URL(`../../internal/kernel/i18n/words/${lang}.json`, import.meta.url), 'utf8')).fault.packet_over as { title: string; detail: string }
      await late.route('**/v1/packets/openings', (route) => route.fulfill({ status: 409, contentType: 'application/problem+json', json: { type: '/docs#packet_over', status: 409, code: 'packet_over', request_id: 'req_late', ...words } }))
      await late.goto(`${quan.url}/packet/${link}`)
      await late.getByRole('button', { name: w.open }).click()
      await expect(late.getByRole('alert')).toContainText(words.title)
      await expect(late.getByRole('alert')).toContainText(words.detail)
      await expect(late.getByRole('button', { name: w.open })).toHaveCount(0)
      await expect(late.getByText(w.got)).toHaveCount(0)
      await expect(late.getByRole('link', { name: w.wallet })).toBeVisible()
      await reads(late)
      await other.close()
    })

    test('the code box: right, then wrong, used and foreign alike, then slower', async ({ page, quan }) => {
      const template = await published(quan, `Leaflet ${lang}`)
      const batch = (await quan.call<{ id: string }>('POST', '/v1/code-batches', { market: 'main', template, kind: 'imported', name: `Leaflet ${lang}` })).id
      const codes = ['RIGHT', 'TAKEN', 'OTHER', 'AFTER'].map((x) => `${x}7K2M9QXA${n}`)
      await quan.call('POST', `/v1/code-batches/${batch}/import`, { csv: codes.join('\n') })
      const away = (await quan.call<{ id: string }>('POST', '/v1/code-batches', { market: 'main', template, kind: 'imported', name: `Away ${lang}` })).id
      const revoked = `GONEX7K2M9QXA${n}`
      await quan.call('POST', `/v1/code-batches/${away}/import`, { csv: revoked })
      await quan.call('PUT', `/v1/code-batches/${away}`, { name: 'Away', revoked: true }, { 'If-Match': '"1"' })
      await quan.call('PUT', `/v1/members/phone/%2B861361000${n}001`, {}, { 'If-None-Match': '*' })
      await quan.call('POST', '/v1/codes/redeem', { code: codes[1], member: key(`1361000${n}001`) })
      await enter(page, quan, `1361000${n}002`)
      await page.goto(quan.url + '/wallet')
      await page.getByRole('button', { name: w.box }).click()
      const box = page.getByRole('dialog')
      // A session that ends in the form is asked for again there, and the code is not typed twice.
      await page.context().clearCookies()
      await box.getByLabel(w.box).fill(codes[3] ?? '')
      await box.getByRole('button', { name: w.redeem }).click()
      await box.getByLabel(w.phone, { exact: true }).fill(`1361000${n}003`)
      const from = quan.log().length
      await box.getByRole('button', { name: w.send }).click()
      await expect.poll(() => sentCode(quan, from)).toMatch(/^\d{6}$/)
      await box.getByLabel(w.code).fill(sentCode(quan, from))
      await box.getByRole('button', { name: w.go, exact: true }).click()
      await expect(box.getByText(w.done)).toBeVisible()
      await box.getByLabel(w.box).fill(` ${codes[0]?.toLowerCase().replace(/(.{4})/g, '$1-')} `)
      await box.getByRole('button', { name: w.redeem }).dblclick()
      await expect(box.getByText(w.done)).toBeVisible()
      await reads(page)
      const told = new Set<string>()
      for (const bad of [codes[0], codes[1], revoked, 'NONSENSE7K2M', "' OR 1=1 --", '码'.repeat(20)]) {
        await box.getByLabel(w.box).fill(bad ?? '')
        await box.getByRole('button', { name: w.redeem }).click()
        await expect(box.getByRole('button', { name: w.redeem })).toBeEnabled()
        await expect(box.getByRole('alert').locator('b')).toBeVisible()
        told.add(await box.getByRole('alert').locator('> :not(small)').evaluateAll((all) => all.map((e) => e.textContent).join(' | ')))
      }
      expect([...told]).toHaveLength(1)
      await reads(page)
      // Whoever goes on guessing is slowed down, and told for how long.
      const before = [...told][0]
      await expect(async () => {
        await box.getByLabel(w.box).fill('NONSENSE7K2M')
        await box.getByRole('button', { name: w.redeem }).click()
        await expect(box.getByRole('button', { name: w.redeem })).toBeEnabled()
        expect(await box.getByRole('alert').locator('> :not(small)').evaluateAll((all) => all.map((e) => e.textContent).join(' | '))).not.toBe(before)
      }).toPass({ intervals: [10] })
      await expect(box.getByRole('alert')).toContainText(/\d (秒后|s\.)/)
      await expect(box.getByRole('alert')).not.toContainText('rate_limited')
      await page.getByRole('dialog').getByRole('button').first().click()
      await expect(page.getByRole('article')).toHaveCount(2) // of two codes: two taps are one
    })
  })
}

test.describe('the wallet', () => {
  test.use({ locale: 'zh-TW', colorScheme: 'dark', viewport: { width: 320, height: 640 } })

  test('what was given to a phone before it had an account is there after the sign-in: usable, locked, used, over', async ({ page, quan }) => {
    const phone = '13620000001'
    await quan.call('PUT', `/v1/members/phone/%2B86${phone}`, {}, { 'If-None-Match': '*' }) // a shop knows the number; nobody has signed in with it
    const give = async (name: string, terms: object = {}) => (await claim(quan, await published(quan, name, terms), '+86' + phone)).coupons[0]?.id ?? ''
    const ends = new Date(Date.now() + 8000).toISOString()
    const order = (ref: string, coupon: string) => ({ order: { source: 'shop', ref }, coupons: [coupon], cart: { channel: 'app', lines: [{ sku: 'apple', quantity: 3, unit_minor: 999 }] } })
    await give('Short', { validity: { kind: 'fixed', from: new Date(Date.now() - 60_000).toISOString(), to: ends } })
    await give('很長的名字'.repeat(12) + '<b>x</b>')
    await give('Soon', { validity: { kind: 'days', days: 7, delay_days: 1 } })
    await quan.call('POST', '/v1/redemptions', order('W-1', await give('Used')))
    await quan.call('POST', '/v1/locks', order('W-2', await give('Held')))

    await page.goto(quan.url + '/wallet')
    await expect(page.getByRole('heading', { name: '手機號碼登入' })).toBeVisible()
    await reads(page)
    await enter(page, quan, phone)
    await page.reload()
    await expect(page.getByRole('tab', { name: '可使用' })).toHaveAttribute('aria-selected', 'true')
    await expect(page.getByText('起可用')).toBeVisible()
    await reads(page)
    for (const [tab, name] of [
      ['使用中', 'Held'],
      ['已使用', 'Used'],
    ] as const) {
      await page.getByRole('tab', { name: tab }).click()
      await expect(page.getByRole('article')).toHaveCount(1)
      await expect(page.getByRole('article')).toContainText(name)
      await expect(page.getByRole('article').getByRole('button')).toHaveCount(0)
      await reads(page)
    }
    await expect(async () => {
      await page.reload()
      await page.getByRole('tab', { name: '已失效' }).click()
      await expect(page.getByRole('article')).toContainText('Short', { timeout: 500 })
    }).toPass()
    await reads(page)
  })

  test('the code renews itself before its minute is over, and says when it can not', async ({ page, quan, context }) => {
    const phone = '13620000002'
    await quan.call('PUT', `/v1/members/phone/%2B86${phone}`, {}, { 'If-None-Match': '*' })
    await claim(quan, await published(quan, 'Tea'), '+86' + phone)
    await enter(page, quan, phone)
    await page.clock.install()
    const made: { code: string; expires_at: string; made_at: string }[] = []
    page.on('response', async (r) => r.url().endsWith('/qr') && r.ok() && made.push(await r.json()))
    await page.goto(quan.url + '/wallet')
    await page.getByRole('button', { name: '出示券碼' }).click()
    const picture = page.getByRole('dialog').locator('svg[role=img] path').last()
    const first = await picture.getAttribute('d')
    await reads(page)
    await expect.poll(() => made.length).toBe(1)
    expect(Date.parse(made[0]?.expires_at ?? '') - Date.parse(made[0]?.made_at ?? '')).toBe(60_000)
    expect((await quan.call<{ usable: boolean }>('POST', '/v1/counter/look', { scan: made[0]?.code })).usable).toBe(true)
    await page.clock.fastForward(46_000)
    await expect.poll(() => made.length).toBe(2)
    expect(made[1]?.code).not.toBe(made[0]?.code)
    await expect(picture).not.toHaveAttribute('d', first ?? '')
    await context.setOffline(true)
    await page.clock.fastForward(46_000)
    await expect(page.getByRole('alert')).toContainText('連不上網路')
    await expect(picture).toHaveCount(0) // an old code is no code
    await context.setOffline(false)
    await page.getByRole('button', { name: '再試一次' }).click()
    await expect(picture).toHaveCount(1)
  })
})

test.describe('budgets', () => {
  test.use({ locale: 'en' })
  test('the first views of wallet, packet and counter are light', async ({ page, quan }) => {
    await enter(page, quan, '13630000001')
    for (const path of ['/wallet', '/packet/7K2M', '/counter/']) {
      const client = await page.context().newCDPSession(page)
      await client.send('Network.enable')
      await client.send('Network.clearBrowserCache')
      let bytes = 0
      client.on('Network.loadingFinished', (e) => (bytes += e.encodedDataLength))
      await page.goto(quan.url + path)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.waitForLoadState('networkidle')
      console.log(`first view of ${path}: ${bytes} bytes`)
      expect.soft(bytes, path).toBeLessThan(30_000)
      await client.detach()
    }
  })
})
