import type { Page } from '@playwright/test'
import { administrator, expect, signIn, test } from './quan'
import { settled } from './shop'
import { member, person, published } from './stage'

// What each role sees of the console: what it may use, and words elsewhere.

const unasked = (page: Page) => {
  const said: string[] = []
  page.on('response', (a) => {
    if ([401, 403].includes(a.status())) said.push(`${a.status()} ${new URL(a.url()).pathname}`)
  })
  return said
}

const roles = [
  { role: 'clerk', has: ['Totals', 'Redemptions', 'Stores'], lacks: ['Home', 'Templates', 'Placements', 'All members', 'Use and cost', 'Bulk grants', 'People and roles', 'API keys', 'Audit log', 'Jobs', 'Stops'], typed: ['coupons/templates', 'members/list', 'settings/people', 'delivery/links?new=1'] },
  { role: 'service', has: ['All members', 'Service desk', 'Exchange codes', 'Redemptions'], lacks: ['Home', 'Bulk grants', 'Use and cost', 'People and roles', 'Budgets', 'Audit log'], typed: ['delivery/grants', 'reports/use', 'settings/keys'] },
  { role: 'finance', has: ['Home', 'Budgets', 'Settlement', 'Audit log'], lacks: ['All members', 'Exchange codes', 'Jobs', 'People and roles', 'API keys'], typed: ['settings/jobs', 'delivery/codes', 'members/list/mem_0000000000000'] },
] as const

for (const { role, has, lacks, typed } of roles)
  test(`${role}: the menu has what the role may use, each entry works, and other addresses say so in words`, async ({ page, quan }) => {
    test.slow()
    await administrator(quan)
    await signIn(page, quan, 'en', await person(quan, `a-${role}`, [role]))
    const refused = unasked(page)
    const menu = page.getByRole('navigation')
    await menu.getByRole('link').first().waitFor()
    for (const name of has) await expect(menu.getByRole('link', { name, exact: true })).toBeVisible()
    for (const name of lacks) await expect(menu.getByRole('link', { name, exact: true })).toHaveCount(0)
    for (const link of await menu.getByRole('link').all()) {
      const name = await link.textContent()
      await link.click()
      await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1)
      await settled(page)
      await expect.soft(page.getByRole('main').getByRole('alert').filter({ hasText: 'Request req_' }), `${name}`).toHaveCount(0)
    }
    expect(refused, 'pages of the menu ask for what the role may not see').toEqual([])

    for (const address of typed) {
      await page.goto(`${quan.url}/console/${address}`)
      await expect(page.getByRole('heading', { level: 1, name: 'This page is not for your role' })).toBeVisible()
      await expect(page.getByText(`a-${role} may not see it. An administrator can give the right`)).toBeVisible()
    }
    await page.getByRole('link', { name: 'Go to the start' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'This page is not for your role' })).toHaveCount(0)
    await page.goto(`${quan.url}/console/none/such`)
    await expect(page.getByRole('heading', { level: 1, name: 'There is no such page' })).toBeVisible()
    expect(refused, 'a page that is not for the role asks for nothing').toEqual([])
  })

test('a clerk who signs in to the console is led to the counter, an agent finds a caller by what they say', async ({ page, quan, context }) => {
  await signIn(page, quan, 'en', await person(quan, 'lin', ['clerk']))
  await expect(page.getByRole('heading', { level: 1, name: 'Counters' })).toBeVisible()
  const till = page.waitForEvent('popup')
  await page.getByRole('link', { name: 'Open the counter' }).click()
  await expect((await till).getByRole('heading', { name: 'Which store are you in?' })).toBeVisible() // the session is theirs here too
  await context.clearCookies()

  const who = await member(quan, '+8613800000077')
  await signIn(page, quan, 'en', await person(quan, 'sue', ['service']))
  await page.getByRole('navigation').waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: /A page, template/ }).fill('13800000077')
  await expect(page.getByRole('option', { name: /13800000077/ })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: who })).toBeVisible()
})

test('who is bound to a merchant sees of lists what is that merchant’s', async ({ page, quan }) => {
  await administrator(quan)
  for (const [merchant, store] of [['green', 'north'], ['blue', 'harbour']] as const) {
    await quan.call('PUT', `/v1/merchants/${merchant}`, { name: `Merchant ${merchant}` }, { 'If-None-Match': '*' })
    await quan.call('PUT', `/v1/stores/${store}`, { name: `Store ${store}`, merchant, city: 'shanghai' }, { 'If-None-Match': '*' })
    await published(quan, `Coupon of ${merchant}`, {}, {}, { issuer: { kind: 'merchant', code: merchant } })
  }
  await published(quan, 'Coupon of the platform')
  await signIn(page, quan, 'en', await person(quan, 'gao', ['merchant'], { merchants: ['green'] }))
  const menu = page.getByRole('navigation')
  for (const [list, own, other] of [
    ['Merchants', 'Merchant green', 'Merchant blue'],
    ['Stores', 'Store north', 'Store harbour'],
    ['Templates', 'Coupon of green', 'Coupon of blue'],
  ] as const) {
    await menu.getByRole('link', { name: list, exact: true }).click()
    await expect(page.getByRole('row', { name: new RegExp(own) })).toBeVisible()
    await expect(page.getByRole('main').getByText(other)).toHaveCount(0)
    await expect(page.getByText('Coupon of the platform')).toHaveCount(0)
  }
})

test('the counter lets nobody in who may not redeem, in words', async ({ page, quan }) => {
  await administrator(quan)
  const analyst = await person(quan, 'ann', ['analyst'])
  for (const [locale, text] of [['zh-CN', '您的账号没有核销权限，请联系管理员。'], ['en', 'Your account may not redeem coupons. Ask an administrator.']] as const) {
    await page.goto(quan.url + '/counter/')
    await page.evaluate((l) => localStorage.setItem('quan.language', l), locale)
    await page.reload()
    await page.locator('[name=login]').fill(analyst.login)
    await page.locator('[name=password]').fill(analyst.password)
    await page.locator('form button.main').click()
    await expect(page.getByRole('alert')).toContainText(text)
  }
  expect((await page.request.get(quan.url + '/v1/account')).status(), 'no session is left behind').toBe(401)
})
