import { fair } from './fair'
import { expect, signIn, test, type Quan } from './quan'

/** What a person reads on the way, in a language. */
const said = {
  en: {
    templates: 'Templates', make: 'New template', name: 'Name of the coupon', kind: 'Amount off From an amount', start: 'Start editing', threshold: 'From an amount of', amount: 'Amount off',
    saved: 'Saved', card: /5\.00 off.*20\.00|¥5 off/, next: 'Next: Scope', publish: /^Publish$/, confirm: 'Publish now', published: 'It is published', offer: 'Make a placement', sentences: 'What members read',
  },
  'zh-CN': {
    templates: '券模板', make: '新建券模板', name: '券名称', kind: '满减', start: '开始编辑', threshold: '满多少可用', amount: '减多少',
    saved: '已保存', card: /满20减5/, next: '下一步：适用范围', publish: /^发\s?布$/, // antd divides two characters
    confirm: '确认发布', published: '已发布', offer: '新建资源位', sentences: '会员看到的说明',
  },
}

for (const language of ['en', 'zh-CN'] as const)
  test(`a coupon is made and published by what the page says (${language})`, async ({ page, quan }) => {
    const w = said[language]
    const name = `Spring 20-5 ${language}`
    await signIn(page, quan, language)
    await page.getByRole('link', { name: w.templates, exact: true }).click()
    await expect(page.getByRole('heading', { name: w.templates })).toBeVisible()
    await page.getByRole('button', { name: w.make }).first().click()
    await page.getByLabel(w.name).fill(name)
    await page.getByRole('button', { name: w.start }).click()

    await page.getByLabel(w.threshold, { exact: true }).fill('20')
    await page.getByLabel(w.amount, { exact: true }).fill('5')
    await expect(page.getByRole('status').filter({ hasText: w.saved })).toBeVisible()
    await expect(page.getByRole('complementary').getByText(w.sentences)).toBeVisible()
    await fair(page)
    await page.getByRole('button', { name: w.next }).click()
    for (const [i, step] of ['validity', 'rules', 'funders', 'look'].entries()) {
      await page.getByText(new RegExp(`^${i + 3} `)).first().click()
      await expect(page).toHaveURL(new RegExp(`step=${step}`))
    }
    await page.getByRole('button', { name: w.publish }).click()
    await page.getByRole('dialog').getByRole('button', { name: w.confirm }).click()

    await expect(page.getByText(w.published).first()).toBeVisible()
    await expect(page.getByRole('link', { name: w.offer })).toBeVisible()
    await fair(page)
    const made = await quan.call<{ items: { internal_name: string; status: string; id: string }[] }>('GET', '/v1/templates?search=' + encodeURIComponent(name))
    expect(made.items.map((t) => [t.internal_name, t.status])).toEqual([[name, 'published']])
    const version = await quan.call<{ items: { content: { terms: { amount_minor: number; threshold_minor: number } } }[] }>('GET', `/v1/templates/${made.items[0]?.id}/versions`)
    expect(version.items[0]?.content.terms).toMatchObject({ amount_minor: 500, threshold_minor: 2000 })
  })

/** draft makes a draft of 5 off from 20, and answers its id. */
async function draft(quan: Quan, name: string): Promise<string> {
  const made = await quan.call<{ id: string }>('POST', '/v1/templates', {
    market: 'main',
    internal_name: name,
    customer_name: { en: name },
    issuer: { kind: 'platform' },
    draft: {
      terms: { kind: 'amount_off', amount_minor: 500, threshold_minor: 2000, uses_per_coupon: 1, validity: { kind: 'days', days: 7 }, funders: [{ kind: 'platform', code: 'platform', share_bps: 10_000 }] },
      claim: { when: { any: [{ type: 'channel', in: ['app'] }, { none: [{ type: 'weekday', in: ['mon'] }] }] } },
    },
  })
  return made.id
}

const content = async (quan: Quan, id: string) => (await quan.call<{ draft: { terms: Record<string, unknown>; claim: { when: unknown } } }>('GET', `/v1/templates/${id}`)).draft

test('two editors of one draft: neither loses what was typed', async ({ page, quan }) => {
  await signIn(page, quan)
  for (const choice of ['Save mine on top of it', 'Load the newest']) {
    const id = await draft(quan, `Contended ${choice}`)
    await page.goto(`${quan.url}/console/coupons/templates/${id}/edit`)
    const amount = page.getByLabel('Amount off', { exact: true })
    await expect(amount).toHaveValue('5.00')
    const there = await quan.call<{ internal_name: string; customer_name: object; issuer: object; draft: { terms: object } }>('GET', `/v1/templates/${id}`)
    await quan.call('PUT', `/v1/templates/${id}`, { internal_name: 'by the other one', customer_name: there.customer_name, issuer: there.issuer, draft: { ...there.draft, terms: { ...there.draft.terms, amount_minor: 700 } } }, { 'If-Match': '"1"' })
    await amount.fill('6')
    await expect(page.getByText('Somebody else has changed this meanwhile')).toBeVisible()
    await expect(amount).toHaveValue('6')
    expect((await content(quan, id)).terms.amount_minor).toBe(700)
    await page.reload() // what was typed is still there, and so is the conflict
    await expect(page.getByText('Somebody else has changed this meanwhile')).toBeVisible()
    await expect(amount).toHaveValue('6.00')
    await page.getByRole('button', { name: choice }).click()
    await expect(page.getByRole('status').filter({ hasText: 'Saved' })).toBeVisible()
    const mine = choice.startsWith('Save')
    expect((await content(quan, id)).terms.amount_minor).toBe(mine ? 600 : 700)
    await expect(amount).toHaveValue(mine ? '6.00' : '7.00')
  }
})

test('without a server what is typed is kept, and sent once it is back', async ({ page, quan }) => {
  await signIn(page, quan)
  const id = await draft(quan, 'Away')
  await page.goto(`${quan.url}/console/coupons/templates/${id}/edit`)
  const amount = page.getByLabel('Amount off', { exact: true })
  await expect(amount).toHaveValue('5.00')
  await page.context().setOffline(true)
  await amount.fill('8')
  await expect(page.getByText('No network: kept on this device')).toBeVisible()
  await page.getByRole('link', { name: 'Back to the template' }).click()
  await expect(page.getByRole('dialog')).toContainText('Something is not saved yet')
  await page.getByRole('button', { name: 'Stay' }).click()
  await page.context().setOffline(false)
  await expect(page.getByRole('status').filter({ hasText: 'Saved' })).toBeVisible()
  const saved = await content(quan, id)
  expect(saved.terms).toMatchObject({ amount_minor: 800, threshold_minor: 2000 })
  expect(saved.claim.when).toEqual({ any: [{ type: 'channel', in: ['app'] }, { none: [{ type: 'weekday', in: ['mon'] }] }] })
})

test('names from hell are shown as what they are', async ({ page, quan }) => {
  await signIn(page, quan)
  const html = '<img src=x onerror="document.title=1"><b>bold</b>'
  const turned = 'price \u202e05.0\u202c now'
  const id = await draft(quan, html)
  await page.goto(`${quan.url}/console/coupons/templates/${id}/edit?step=look`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(html)
  const name = page.getByLabel('Internal name')
  await name.fill('n'.repeat(10_000))
  expect((await name.inputValue()).length).toBe(200)
  await expect(page.getByRole('status').filter({ hasText: 'Saved' })).toBeVisible()
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
  await name.fill(turned)
  await expect(page.getByText(/Saved|Not saved/).first()).toBeVisible()
  await page.goto(`${quan.url}/console/coupons/templates`)
  await expect(page.getByText(html).first()).toBeVisible()
  expect(await page.title()).not.toBe('1')
})
