import { fair } from './fair'
import { expect, signIn, test } from './quan'
import { claim, member, published } from './stage'

const phone = '+8613800000001'

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
  await fair(page)
  await box.fill('13800000001')
  await box.press('Enter')
  await expect(page.getByRole('heading', { name: who })).toBeVisible()
  await expect(page).not.toHaveURL(/138/)

  // What happened.
  await expect(page.getByText('Claimed', { exact: true })).toBeVisible()
  await expect(page.getByText('Withdrawn', { exact: true })).toBeVisible()
  await expect(page.getByText('Became a member')).toBeVisible()
  await fair(page)

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
  await fair(page)
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
  const add = async (name: string, value: string, nth = -1) => {
    await form.getByRole('button', { name: 'Add a condition' }).nth(nth).click()
    await form.getByRole('combobox', { name: 'Add a condition' }).fill(name)
    await page.locator('.ant-select-item-option-content').getByText(name, { exact: true }).click()
    await form.getByRole('combobox', { name: 'One of' }).last().fill(value)
    await page.keyboard.press('Enter')
    await form.getByText('Members now').click() // away from the words that are offered
  }
  await add('Tag', 'vip')
  await expect(form.getByText('Members now')).toBeVisible()
  await expect(form.locator('.ant-statistic').first().getByText('1', { exact: true })).toBeVisible()
  await form.getByRole('button', { name: 'Create', exact: true }).click()
  await expect(page.getByText('The segment was saved.')).toBeVisible()
  await page.getByRole('link', { name: 'Show' }).click()
  await expect(page).toHaveURL(/segment=vip/)
  await expect(page.getByText(/^1 row ·/)).toBeVisible()
  await fair(page)

  // A group within: nobody of the tag, or of a tier. It is drawn again as it was saved.
  await page.getByRole('link', { name: 'Saved segments' }).click()
  await page.getByRole('button', { name: 'VIP' }).click()
  await form.getByRole('button', { name: 'Add a group' }).click()
  await page.getByRole('menuitem', { name: 'None of these' }).click()
  await add('Tag', 'staff', 0)
  await expect(form.locator('.ant-statistic').first().getByText('1', { exact: true })).toBeVisible()
  await fair(page)
  await form.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('The segment was saved.').last()).toBeVisible()
  const saved = await quan.call<{ tree: unknown }>('GET', '/v1/segments/vip')
  expect(saved.tree).toEqual({ all: [{ type: 'member_tag', in: ['vip'] }, { none: [{ type: 'member_tag', in: ['staff'] }] }] })
  await page.getByRole('button', { name: 'VIP' }).click()
  await expect(form.getByText('Group 2')).toBeVisible()
  await expect(form.getByText('staff')).toBeVisible()
})

test('members are imported, tagged together, and changed while somebody else does', async ({ page, quan }) => {
  const ann = await member(quan, '+8613700000001')
  await member(quan, '+8613700000003')
  await quan.call('POST', '/v1/members/facts', { create: true, members: [{ member: { kind: 'email', value: 'ben@example.com' } }] })
  await signIn(page, quan)
  await page.goto(quan.url + '/console/members/list')
  await page.getByRole('button', { name: 'Import' }).click()
  const file = page.locator('input[type=file]')
  const upload = (name: string, text: string | Buffer) => file.setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })
  for (const [name, body, says] of [
    ['photo.csv', Buffer.from([0x89, 0x50, 0x4e, 0x47]), 'a picture or a PDF'],
    ['empty.csv', '', 'nothing in the file'],
    ['heading.csv', '手机号,标签\r\n', 'no rows'],
    ['open.csv', '"手机号\r\n138', 'a quote is open'],
  ] as const) {
    await upload(name, body)
    await expect(page.getByRole('alert')).toContainText(says)
  }
  // UTF-16 with tabs, as Excel saves "Unicode text".
  const rows = '手机号\t邮箱\t标签\t城市\r\n+8613700000001\tann@example.com\t=vip；新客\t上海\r\n+8613700000002\tben@example.com\t\t\r\n+8613700000001\t\t\t\r\n+8613700000003\tann@example.com\tx\t\r\n+8613700000004\t\t\t北京\r\nabc\t\t\t\r\n'
  for (const [made, same] of [['1', '0'], ['0', '3']] as const) {
    await upload('members.csv', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(rows, 'utf16le')]))
    if (made === '1') {
      await page.getByRole('combobox', { name: 'Goes into: 城市' }).click()
      await page.getByTitle("Attribute with the column's name").click()
    }
    await page.getByRole('button', { name: 'Try it' }).click()
    const dialog = page.getByRole('dialog')
    await expect(dialog).toContainText('Tried; nothing is written yet')
    await expect(dialog).toContainText('3 bad')
    await expect(dialog).toContainText('The same as row 2')
    await expect(dialog).toContainText('names another member already')
    const [report] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: 'Download' }).click()])
    expect(report.suggestedFilename()).toBe('members-report.csv')
    await fair(page)
    await page.getByRole('button', { name: /Import 3 rows/ }).click()
    await expect(page.getByRole('status')).toContainText(`${made} new`)
    await expect(page.getByRole('status')).toContainText(`${same} as they were`)
    await page.getByRole('button', { name: 'Another file' }).click()
  }
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  const now = await quan.call<{ tags: string[]; attributes: Record<string, string>; identities: { kind: string }[]; rev: number }>('GET', `/v1/members/id/${ann}`)
  expect([now.tags, now.attributes, now.identities.length]).toEqual([['=vip', '新客'], { 城市: '上海' }, 2])

  // Several at once: the button says how many.
  await page.getByRole('checkbox').nth(1).check()
  await page.getByRole('checkbox').nth(2).check()
  await page.getByRole('button', { name: 'Add tags' }).click()
  await expect(page.getByRole('dialog')).toContainText('Add tags to 2 members')
  await page.getByRole('dialog').getByRole('combobox', { name: 'Tags' }).fill('together')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Add to 2' }).click()
  await expect(page.getByRole('status')).toContainText('2 done')
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()

  // Two change one member: what was typed is kept, and nothing is lost without a word.
  await page.goto(`${quan.url}/console/members/list/${ann}`)
  await page.getByRole('button', { name: 'Change data' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('Value of attribute 1').fill('杭州')
  await quan.call('POST', '/v1/members/facts', { members: [{ member: { id: ann }, add_tags: ['meanwhile'] }] })
  await form.getByRole('button', { name: 'Save' }).click()
  await expect(form.getByRole('alert')).toContainText('Somebody else')
  await expect(form.getByLabel('Value of attribute 1')).toHaveValue('杭州')
  await form.getByRole('button', { name: 'Load the newest' }).click()
  await expect(form.getByText('meanwhile')).toBeVisible()
  await form.getByLabel('Value of attribute 1').fill('杭州')
  await fair(page)
  await form.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('The data was saved.')).toBeVisible()
  // An identity that is somebody else's.
  await page.getByRole('button', { name: 'Add an identity' }).click()
  await page.getByRole('dialog').getByLabel('Value').fill('+8613700000004')
  await page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByRole('dialog').getByRole('alert').first()).toContainText('another member')
  await page.getByRole('dialog').getByLabel('Value').fill('+8613700000009')
  await page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByText('The identity was added.')).toBeVisible()
})
