import type { Browser, Page } from '@playwright/test'
import { admin, administrator, errorsOf, expect, test } from './quan'
import { person, sentCode } from './stage'

/** A new operator does not read a manual: so many acts from signing in to a claimed coupon, and no more. */
const mostActs = 25

/** What people read on the way, in a language. */
const said = {
  'zh-CN': {
    login: '登录名', password: '密码', enter: '登录', name: '券名称', start: '开始编辑', threshold: '满多少可用', amount: '减多少', publish: '发布', confirm: '确认发布', link: '新建链接', create: '创建', open: '打开领取页',
    get: '立即领取', phone: '手机号', send: '获取验证码', code: '短信验证码', take: '登录并领取', claimed: '已放入卡包', use: '去使用', card: '满20减5',
    scan: '券码或二维码内容', look: '查看', order: '消费金额（CNY）', redeem: '核销', pay: '请收 ¥25.00',
    report: '使用与成本', templates: '券模板', make: '新建券模板', first: '制作优惠券', money: '¥5.00', deliver: '投放', links: '领取链接', issued: '已发放', used: '已使用',
  },
  en: {
    login: 'Login name', password: 'Password', enter: 'Sign in', name: 'Name of the coupon', start: 'Start editing', threshold: 'From an amount of', amount: 'Amount off', publish: 'Publish', confirm: 'Publish now', link: 'Make a link', create: 'Create', open: 'Open the phone page',
    get: 'Get it', phone: 'Mobile number', send: 'Send code', code: 'Code from the text message', take: 'Sign in and get it', claimed: 'In your wallet', use: 'Use it', card: '¥5',
    scan: 'Coupon number or QR text', look: 'Look', order: 'Amount of the order (CNY)', redeem: 'Redeem', pay: 'Collect CN¥25.00',
    report: 'Use and cost', templates: 'Templates', make: 'New template', first: 'Make a coupon', money: 'CN¥5.00', deliver: 'Delivery', links: 'Links and QR codes', issued: 'Issued', used: 'Used',
  },
} as const

/** Acts are what a person does: each is found by the words that they read, and counted. */
class Acts {
  readonly done: string[] = []

  /** press clicks a button, link or tab that bears these words. */
  async press(page: Page, role: 'button' | 'link' | 'tab', words: string) {
    // antd draws two Chinese characters apart, and reads its icons aloud before the words.
    const text = /^[一-鿿]{2}$/.test(words) ? `${words[0]}\\s?${words[1]}` : words.replace(/[()]/g, '\\$&')
    const it = page.getByRole(role, { name: new RegExp(text) }).filter({ hasText: new RegExp(`^${text}$`), visible: true })
    await it.click()
    this.done.push(`${role} ${words}`)
  }

  /** fill types into the field that bears these words. */
  async fill(page: Page, label: string, text: string) {
    await expect(page.getByText(label, { exact: true }).first()).toBeVisible()
    await page.getByLabel(label, { exact: true }).fill(text)
    this.done.push(`field ${label}`)
  }
}

test.use({ actionTimeout: 20_000 }) // a label that is missing is told at once

let phone = 13500000000

/** device is a phone, or a till, of somebody else: its own browser, in a language. */
async function device(browser: Browser, locale: string): Promise<{ page: Page; wrong: string[] }> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale, serviceWorkers: 'block' })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  return { page, wrong: errorsOf(page) }
}

test.beforeAll(async ({ programs }, info) => {
  const quan = await programs(info.file)
  await administrator(quan)
  await quan.call('PUT', '/v1/merchants/green', { name: 'Green' }, { 'If-None-Match': '*' }).catch(() => {})
  await quan.call('PUT', '/v1/stores/north', { name: '北门店', merchant: 'green', city: 'shanghai' }, { 'If-None-Match': '*' }).catch(() => {})
})

for (const language of ['zh-CN', 'en'] as const)
  test.describe(language, () => {
    test.use({ locale: language })
    test('a coupon is made, published, placed, claimed on a phone, redeemed at a counter, and seen in the report', async ({ page, quan, browser }) => {
      test.slow()
      const w = said[language]
      const name = `Tomatoes ${language}`
      const acts = new Acts()
      await page.goto(quan.url)
      await acts.fill(page, w.login, admin.login)
      await acts.fill(page, w.password, admin.password)
      await acts.press(page, 'button', w.enter)
      const clock = Date.now()
      if (language === 'zh-CN') await acts.press(page, 'link', w.first) // nothing is placed yet: the first page leads
      else {
        await acts.press(page, 'link', w.templates)
        await acts.press(page, 'button', w.make)
      }
      await acts.fill(page, w.name, name)
      await acts.press(page, 'button', w.start)
      await acts.fill(page, w.threshold, '20')
      await acts.fill(page, w.amount, '5')
      await acts.press(page, 'button', w.publish)
      await acts.press(page, 'button', w.confirm)
      await acts.press(page, 'link', w.link)
      await expect(page.getByLabel(w.name.replace(/券|of the coupon/, '').trim(), { exact: true }).first()).toHaveValue(name) // pre-filled
      await acts.press(page, 'button', w.create)
      const opened = page.waitForEvent('popup')
      await acts.press(page, 'link', w.open)
      const popup = await opened
      const address = popup.url()
      await popup.close()

      const member = await device(browser, language)
      await member.page.goto(address) // as a phone that scans the QR code
      await expect(member.page.getByRole('heading', { level: 1 })).toHaveText(name)
      await acts.press(member.page, 'button', w.get)
      await acts.fill(member.page, w.phone, String(++phone))
      const from = quan.log().length
      await acts.press(member.page, 'button', w.send)
      await expect.poll(() => sentCode(quan, from)).toMatch(/^\d{6}$/)
      await acts.fill(member.page, w.code, sentCode(quan, from))
      await acts.press(member.page, 'button', w.take)
      await expect(member.page.getByText(w.claimed, { exact: true })).toBeVisible()
      console.log(`${language}: ${acts.done.length} acts from signing in to a claimed coupon (at most ${mostActs}), ${Date.now() - clock} ms`)
      expect(acts.done.length, acts.done.join('\n')).toBeLessThanOrEqual(mostActs)

      // The member shows it, a clerk redeems it.
      await acts.press(member.page, 'link', w.use)
      const number = (await member.page.getByRole('dialog').locator('.number').textContent()) ?? ''
      const clerk = await person(quan, `lin-${language.toLowerCase()}`, ['clerk'], { stores: ['north'] })
      const till = await device(browser, language)
      await till.page.goto(quan.url + '/counter/')
      await acts.fill(till.page, w.login, clerk.login)
      await acts.fill(till.page, w.password, clerk.password)
      await acts.press(till.page, 'button', w.enter)
      await acts.fill(till.page, w.scan, number)
      await acts.press(till.page, 'button', w.look)
      await expect(till.page.getByRole('heading', { name })).toBeVisible()
      await till.page.locator('[name=amount]').fill('30')
      await till.page.locator('form').getByRole('button', { name: w.redeem, exact: true }).click()
      await expect(till.page.locator('[data-verdict=yes]')).toContainText(w.pay)

      // The figures: the report, the link, the template's page.
      await page.keyboard.press('Escape')
      await expect(page.getByRole('row', { name: new RegExp(name) })).toBeVisible()
      await acts.press(page, 'link', w.report)
      const row = page.getByRole('row', { name: new RegExp(name) })
      await expect(row).toContainText(w.money)
      await acts.press(page, 'link', w.links)
      await expect(async () => {
        await page.reload()
        const cells = page.getByRole('row', { name: new RegExp(name) }).getByRole('cell')
        await expect(cells.nth(3)).toHaveText(/^[12]$/, { timeout: 2000 }) // the operator looked too
        expect(await cells.nth(5).textContent()).toBe('1')
        expect(await cells.nth(6).textContent()).toBe('1')
      }).toPass()
      await acts.press(page, 'link', w.templates)
      await expect(page.getByRole('heading', { level: 1, name: w.templates })).toBeVisible()
      await acts.press(page, 'link', name)
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(name)
      for (const what of [w.issued, w.used]) await expect(page.getByText(what, { exact: true }).locator('xpath=following-sibling::*[contains(@class, "numbers")]')).toHaveText(/^1\b/)
      await page.locator('label').filter({ hasText: new RegExp(`^${w.deliver}$`) }).click()
      const tools = page.getByRole('row', { name: new RegExp(name) })
      await expect(tools).toHaveCount(2) // the placement and its link
      for (const tool of await tools.all()) {
        await expect(tool.getByRole('link')).toHaveText(name)
        await expect(tool).toContainText('100%')
      }
      expect([...member.wrong, ...till.wrong]).toEqual([])
      await member.page.context().close()
      await till.page.context().close()
    })
  })
