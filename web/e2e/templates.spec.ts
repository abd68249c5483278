import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, signIn, test } from './quan'

/** What a person reads on the way, in a language. */
const said = {
  en: {
    templates: 'Templates', make: 'New template', name: 'Name of the coupon', kind: 'Amount off From an amount', start: 'Start editing', threshold: 'From an amount of', amount: 'Amount off',
    saved: 'Saved', card: /5\.00 off.*20\.00|¥5 off/, next: 'Next: Scope', publish: 'Publish', confirm: 'Publish now', published: 'It is published', offer: 'Make a placement', sentences: 'What members read',
  },
  'zh-CN': {
    templates: '券模板', make: '新建券模板', name: '券名称', kind: '满减', start: '开始编辑', threshold: '满多少可用', amount: '减多少',
    saved: '已保存', card: /满20减5/, next: '下一步：适用范围', publish: '发布', confirm: '确认发布', published: '已发布', offer: '新建投放位', sentences: '会员看到的说明',
  },
}

const serious = async (page: Page) => {
  const found = await new AxeBuilder({ page }).analyze()
  expect(found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical').map((v) => [v.id, v.nodes.map((n) => n.html.slice(0, 200))])).toEqual([])
}

for (const language of ['en', 'zh-CN'] as const)
  test(`a coupon is made and published by what the page says (${language})`, async ({ page, quan }) => {
    const w = said[language]
    const name = `Spring 20-5 ${language}`
    await signIn(page, quan, language)
    await page.goto(quan.url + '/console/coupons/templates')
    await expect(page.getByRole('heading', { name: w.templates })).toBeVisible()
    await page.getByRole('button', { name: w.make }).first().click()
    await page.getByLabel(w.name).fill(name)
    await serious(page)
    await page.getByRole('button', { name: w.start }).click()

    await page.getByLabel(w.threshold, { exact: true }).fill('20')
    await page.getByLabel(w.amount, { exact: true }).fill('5')
    await expect(page.getByRole('status').filter({ hasText: w.saved })).toBeVisible()
    await expect(page.getByRole('complementary').getByText(w.sentences)).toBeVisible()
    await serious(page)
    await page.getByRole('button', { name: w.next }).click()
    for (let i = 3; i <= 6; i++) {
      await page.getByText(new RegExp(`^${i} `)).click()
      await serious(page)
    }
    await page.getByRole('button', { name: w.publish, exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: w.confirm }).click()

    await expect(page.getByText(w.published).first()).toBeVisible()
    await expect(page.getByRole('button', { name: w.offer })).toBeVisible()
    await serious(page)
    const made = await quan.call<{ items: { internal_name: string; status: string; id: string }[] }>('GET', '/v1/templates?search=' + encodeURIComponent(name))
    expect(made.items.map((t) => [t.internal_name, t.status])).toEqual([[name, 'published']])
    const version = await quan.call<{ items: { content: { terms: { amount_minor: number; threshold_minor: number } } }[] }>('GET', `/v1/templates/${made.items[0]?.id}/versions`)
    expect(version.items[0]?.content.terms).toMatchObject({ amount_minor: 500, threshold_minor: 2000 })
  })
