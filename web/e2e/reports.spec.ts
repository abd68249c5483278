import { fair } from './fair'
import { expect, signIn, test } from './quan'
import { claim, member, published } from './stage'

test('figures open their rows, a settlement adds up, and home tells what needs somebody', async ({ page, quan }) => {
  const id = await published(quan, 'Five off', {}, { limits: [{ what: 'issue_count', period: 'ever', per: 'template', cap: 3 }] })
  for (const [n, phone] of ['+8613800000001', '+8613800000002', '+8613800000003'].entries()) {
    await member(quan, phone)
    const got = await claim(quan, id, phone)
    if (n === 2) continue
    await quan.call('POST', '/v1/redemptions', {
      order: { source: 'shop', ref: `R-${n}` },
      coupons: [got.coupons[0]?.id],
      cart: { channel: 'app', lines: [{ sku: 'apple', quantity: 3, unit_minor: 999 }] },
    })
  }
  await quan.call('POST', '/v1/refunds', { order: { source: 'shop', ref: 'R-1' }, refund: 'B-1', full: true })
  await signIn(page, quan)

  await page.getByRole('link', { name: 'Home' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Today, Ada' })).toBeVisible()
  await expect(page.getByText('Sold out')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Five off' })).toBeVisible()
  await fair(page)

  await page.getByRole('link', { name: 'Use and cost' }).click()
  const row = page.getByRole('row', { name: /Five off/ })
  await expect(row).toContainText('CN¥10.00') // two uses of five
  await expect(page.getByRole('img', { name: 'By day' })).toBeVisible()
  await fair(page)
  await row.getByRole('link', { name: 'Open' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Uses of coupons' })).toBeVisible()
  await expect(page.getByRole('row', { name: /shop R-/ })).toHaveCount(2)
  await page.getByRole('combobox', { name: 'Channel' }).click()
  await page.getByText('App · app').click() // a channel that there is
  await expect(page).toHaveURL(/channel=app/)
  await expect(page.getByRole('row', { name: /shop R-/ })).toHaveCount(2)
  await page.getByRole('combobox', { name: 'Channel' }).fill('kiosk')
  await page.getByRole('combobox', { name: 'Channel' }).press('Enter') // one that nobody has used yet
  await expect(page).toHaveURL(/channel=kiosk/)
  await expect(page.getByRole('row', { name: /shop R-/ })).toHaveCount(0)
  await fair(page)

  await page.getByRole('link', { name: 'Settlement' }).click()
  await expect(page.getByRole('row', { name: /Platform/ })).toContainText('CN¥10.00CN¥5.00CN¥5.00')
  const file = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('link', { name: /CSV/ }).click()
  expect((await file).suggestedFilename()).toMatch(/^settlement-.*\.csv$/)
  await fair(page)
  await page.getByRole('row', { name: /Platform/ }).getByRole('link', { name: 'Open' }).click()
  await expect(page.getByRole('row', { name: /shop R-/ })).toHaveCount(3) // two borne, one given back
})

test('the board shows a claim as it is made', async ({ page, quan }) => {
  const id = await published(quan, 'Flash')
  await member(quan, '+8613800000009')
  await signIn(page, quan, 'zh-CN')
  await page.goto(`${quan.url}/console/reports/board?template=${id}`)
  await expect(page.getByRole('status')).toHaveText('实时')
  const row = page.getByRole('row', { name: /Flash/ })
  await expect(row).toContainText('10,000')
  await claim(quan, id, '+8613800000009')
  await expect(row).toContainText('9,999')
  await fair(page)
})
