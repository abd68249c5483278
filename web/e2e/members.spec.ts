import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, signIn, test } from './quan'
import { claim, member, published } from './stage'

const phone = '+8613800000001'

async function accessible(page: Page) {
  await page.mouse.move(0, 0) // what is under the mouse has other colours for a moment
  await page.waitForTimeout(400)
  const found = await new AxeBuilder({ page }).analyze()
  expect(found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical')).toEqual([])
}

test('an agent finds a caller, sees what happened, and makes up for it', async ({ page, quan }) => {
  const template = await published(quan, 'Spring 20-5', {}, { limits: [{ what: 'issue_count', period: 'ever', per: 'template', cap: 100 }, { what: 'issue_count', period: 'ever', per: 'member', cap: 1 }] })
  const sorry = await published(quan, 'Sorry')
  const who = await member(quan, phone)
  const coupon = (await claim(quan, template, phone)).coupons[0]
  await claim(quan, template, phone).catch(() => {}) // refused: one a member
  await quan.call('POST', `/v1/coupons/${coupon?.id}/withdraw`, { reason: 'by mistake' })
  await signIn(page, quan)

  // Find: a number that is nobody's, then the caller's, said without the country.
  await page.getByRole('link', { name: /^(Members|All members)$/ }).first().click()
  const box = page.getByRole('searchbox', { name: 'Find a member' })
  await box.fill('13999999999')
  await box.press('Enter')
  await expect(page.getByText('Nobody was found')).toBeVisible()
  await accessible(page)
  await box.fill('13800000001')
  await box.press('Enter')
  await expect(page.getByRole('heading', { name: who })).toBeVisible()
  await expect(page).not.toHaveURL(/138/)

  // What happened.
  await expect(page.getByText('Claimed', { exact: true })).toBeVisible()
  await expect(page.getByText('Withdrawn', { exact: true })).toBeVisible()
  await expect(page.getByText('Became a member')).toBeVisible()
  await accessible(page)

  // Why not.
  await page.getByRole('button', { name: 'Why refused?' }).click()
  await page.getByRole('dialog').getByLabel('Template').click()
  await page.getByTitle('Spring 20-5').click()
  await page.getByRole('dialog').getByRole('button', { name: 'Ask' }).click()
  await expect(page.getByRole('dialog').getByRole('alert').first()).toBeVisible()
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()

  // The coupon again, once.
  await page.getByRole('tab', { name: 'Coupons' }).click()
  await page.getByRole('button', { name: 'Give again' }).click()
  const again = page.getByRole('dialog')
  await again.getByRole('button', { name: 'Give again' }).click()
  await expect(again.getByText('Please fill this in.')).toBeVisible()
  await again.getByLabel('Reason').fill('withdrawn by mistake')
  await again.getByRole('button', { name: 'Give again' }).click()
  await expect(page.getByText('The coupon was given again.')).toBeVisible()
  await expect(page.getByText('usable', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Give again' }).click()
  await page.getByRole('dialog').getByLabel('Reason').fill('once more')
  await page.getByRole('dialog').getByRole('button', { name: 'Give again' }).click()
  await expect(page.getByRole('dialog').getByText('Given again already')).toBeVisible()
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()

  // Extend, with what is left of today's quota beside.
  await page.getByRole('button', { name: 'Extend' }).click()
  await expect(page.getByRole('dialog').getByText('20 more today')).toBeVisible()
  await page.getByRole('dialog').getByLabel('Reason').fill('the shop was closed')
  await page.getByRole('dialog').getByRole('button', { name: 'Extend' }).click()
  await expect(page.getByText('The coupon ends later now.')).toBeVisible()

  // A note, and what was done stands on the timeline.
  await page.getByRole('button', { name: 'Write a note' }).click()
  await page.getByRole('dialog').getByLabel('Text').fill('<b>angry</b> but polite')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await page.getByRole('tab', { name: 'Timeline' }).click()
  await expect(page.getByText('<b>angry</b> but polite')).toBeVisible()
  await expect(page.getByText('withdrawn by mistake')).toBeVisible()

  // Compensation: first an administrator says with what.
  await page.getByRole('link', { name: 'Service desk' }).click()
  await page.getByLabel('Templates that compensate').click()
  await page.getByTitle('Sorry').click()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('The desk was saved.')).toBeVisible()
  await accessible(page)
  await page.goto(`${quan.url}/console/members/list/${who}`)
  await page.getByRole('button', { name: 'Compensate' }).click()
  await page.getByRole('dialog').getByLabel('Coupon').click()
  await page.getByTitle('Sorry').click()
  await page.getByRole('dialog').getByLabel('Reason').fill('waited an hour')
  await page.getByRole('dialog').getByRole('button', { name: 'Compensate' }).click()
  await expect(page.getByText('The coupon was given.')).toBeVisible()
  await expect(page.getByText('waited an hour')).toBeVisible()
  const desk = await quan.call<{ used: { compensate: { all: number } }; templates: string[] }>('GET', '/v1/desks/main')
  expect(desk.used.compensate.all).toBe(1)
  expect(desk.templates).toEqual([sorry])
})

test('a segment is made, counted while it is written, and filters the list', async ({ page, quan }) => {
  await quan.call('POST', '/v1/members/facts', {
    create: true,
    members: ['+8613900000001', '+8613900000002'].map((value, i) => ({ member: { kind: 'phone', value }, add_tags: i === 0 ? ['vip'] : [] })),
  })
  await signIn(page, quan)
  await page.getByRole('link', { name: /^(Members|All members)$/ }).first().click()
  await page.getByRole('link', { name: 'Saved segments' }).click()
  await expect(page.getByText('No saved segments yet.')).toBeVisible()
  await page.getByRole('button', { name: 'New segment' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('Name').fill('VIP')
  await form.getByLabel('Code').fill('vip')
  await form.getByRole('combobox', { name: 'Add a condition' }).fill('Tag')
  await page.getByTitle('Tag', { exact: true }).click()
  await form.getByRole('combobox', { name: 'One of' }).fill('vip')
  await page.keyboard.press('Enter')
  await expect(form.getByText('Members now')).toBeVisible()
  await expect(form.locator('.ant-statistic').first().getByText('1', { exact: true })).toBeVisible()
  await form.getByRole('button', { name: 'New', exact: true }).click()
  await expect(page.getByText('The segment was saved.')).toBeVisible()
  await page.getByRole('link', { name: 'Show' }).click()
  await expect(page).toHaveURL(/segment=vip/)
  await expect(page.getByText('1 rows')).toBeVisible()
  await accessible(page)
})
