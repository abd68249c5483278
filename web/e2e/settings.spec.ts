import { createHmac } from 'node:crypto'
import type { Page } from '@playwright/test'
import { fair } from './fair'
import { admin, expect, signIn, test, type Quan } from './quan'

/** totp is what an authenticator app shows for a secret, so many periods from now. */
function totp(secret: string, ahead = 0): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...secret.replace(/=+$/, '')].map((c) => letters.indexOf(c).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((b) => parseInt(b, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead))
  const mac = createHmac('sha1', key).update(counter).digest()
  const at = (mac[19] ?? 0) & 15
  return ((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).toString().padStart(6, '0')
}

const open = (page: Page, quan: Quan, where: string) => page.goto(`${quan.url}/console/settings/${where}`)

/** has sees to a row that a test needs; one that is there stays. */
async function has(quan: Quan, path: string, body: unknown) {
  const a = await fetch(quan.url + path, { method: 'PUT', headers: { Authorization: `Bearer ${quan.key}`, 'Content-Type': 'application/json', 'If-None-Match': '*' }, body: JSON.stringify(body) })
  expect([201, 412]).toContain(a.status)
}

test('a merchant, a store and an item are made, changed and archived; a conflict keeps what was typed', async ({ page, quan }) => {
  test.setTimeout(120_000)
  await signIn(page, quan)
  await open(page, quan, 'merchants')
  await page.getByRole('button', { name: 'New merchant' }).click()
  await page.getByLabel('Code').fill('acme')
  await page.getByLabel('Name').fill('<b>Acme</b> \u202egnirts')
  await page.getByRole('button', { name: 'Create' }).click()
  await expect(page.getByRole('cell', { name: /<b>Acme<\/b>/ })).toBeVisible()

  // The same code again is refused in words, and what was typed is still there.
  await page.getByRole('button', { name: 'New merchant' }).click()
  await page.getByLabel('Code').fill('acme')
  await page.getByLabel('Name').fill('Another')
  await page.getByRole('button', { name: 'Create' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'one with this code already' })).toBeVisible()
  await page.getByRole('button', { name: 'Cancel' }).click()

  await page.getByRole('button', { name: 'acme', exact: true }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Mine')
  const seen = await quan.call<{ rev: number }>('GET', '/v1/merchants/acme')
  const other = await fetch(quan.url + '/v1/merchants/acme', {
    method: 'PUT',
    headers: { Authorization: `Bearer ${quan.key}`, 'Content-Type': 'application/json', 'If-Match': `"${seen.rev}"` },
    body: JSON.stringify({ name: 'Theirs' }),
  })
  expect(other.status).toBe(200)
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText('Somebody else has changed this meanwhile')).toBeVisible()
  await expect(page.getByRole('dialog').getByLabel('Name')).toHaveValue('Mine')
  await page.getByRole('button', { name: 'Save mine on top of it' }).click()
  await expect(page.getByRole('cell', { name: 'Mine' })).toBeVisible()
  expect((await quan.call<{ name: string }>('GET', '/v1/merchants/acme')).name).toBe('Mine')
  // The log says who did what, and leads there.
  await open(page, quan, 'audit?object=acme')
  await page.getByRole('button', { name: /Merchant · changed/ }).first().click()
  await expect(page.getByRole('dialog')).toContainText('Theirs')
  await fair(page)
})

test('a file is imported: the wrong one is refused, bad rows are told, twice doubles nothing', async ({ page, quan }) => {
  await signIn(page, quan)
  await has(quan, '/v1/merchants/acme', { name: 'Acme' })
  await open(page, quan, 'stores')
  await page.getByRole('button', { name: 'Import' }).click()
  const file = page.locator('input[type=file]')
  await file.setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0]) })
  await expect(page.getByRole('alert')).toContainText('a picture')
  const rows = '门店代码,name,merchant,city\r\npier,\'=Pier,acme,上海\r\nquay,Quay,nobody,\r\n,No code,acme,\r\n'
  for (const [created, unchanged] of [[1, 0], [0, 1]]) {
    await file.setInputFiles({ name: 'stores.csv', mimeType: 'text/csv', buffer: Buffer.from(rows) })
    await page.getByRole('button', { name: 'Try it' }).click()
    await expect(page.getByText('Tried; nothing is written yet')).toBeVisible()
    await expect(page.getByRole('dialog')).toContainText('2 bad')
    await page.getByRole('button', { name: /Import 1 row/ }).click()
    await expect(page.getByText('Imported', { exact: true })).toBeVisible()
    await expect(page.getByRole('status')).toContainText(`${created} new`)
    await expect(page.getByRole('status')).toContainText(new RegExp(`${unchanged} as (it was|they were)`))
    await page.getByRole('button', { name: 'Another file' }).click()
  }
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByRole('cell', { name: '=Pier' })).toBeVisible()
  // What goes out is no formula either.
  const csv = await page.request.get(quan.url + '/v1/stores?format=csv')
  expect(await csv.text()).toContain("'=Pier")
  expect(csv.headers()['content-disposition']).toContain('stores.csv')
  await page.getByRole('button', { name: 'Export' }).click()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('The whole list as Excel').click()])
  expect(download.suggestedFilename()).toBe('stores.xlsx')
})

test('a second factor is set up, asked for, and stood in for by a recovery code', async ({ page, quan }) => {
  test.setTimeout(150_000)
  await signIn(page, quan)
  await quan.call('POST', '/v1/people', { login: 'grace', name: 'Grace', password: 'first password for her', roles: ['operator'] })
  await page.context().clearCookies()
  await page.goto(quan.url + '/console/')
  const enter = async (password: string, code?: string) => {
    await page.getByLabel('Login name').fill('grace')
    await page.getByLabel('Password').fill(password)
    if (code) {
      const field = page.getByLabel('Code')
      if (!(await field.isVisible())) await page.getByRole('button', { name: 'I have a second factor' }).click()
      await field.fill(code)
    }
    await page.getByRole('button', { name: /Sign in$/ }).click()
  }
  await enter('first password for her')
  await page.getByLabel('Present password').fill('first password for her')
  await page.getByLabel('New password').fill('a password of her own')
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page.getByRole('navigation')).toBeVisible()

  // An operator sees less: no people, no keys, no log.
  const menu = page.getByRole('navigation')
  await expect(menu.getByText('Stores')).toBeVisible()
  for (const hidden of ['People and roles', 'API keys', 'Audit log']) await expect(menu.getByText(hidden)).toHaveCount(0)
  await open(page, quan, 'markets')
  await expect(page.getByRole('heading', { name: 'Markets' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'New market' })).toHaveCount(0)

  await page.getByRole('button', { name: 'My account' }).click()
  await page.getByRole('menuitem', { name: 'My account' }).click()
  await page.getByRole('button', { name: 'Set up a second factor' }).click()
  await page.getByRole('dialog').getByLabel('Present password').fill('a password of her own')
  await page.getByRole('button', { name: 'Go on' }).click()
  await expect(page.getByRole('img', { name: 'QR code' })).toBeVisible()
  const secret = (await page.getByLabel('Secret', { exact: true }).textContent()) ?? ''
  await page.getByLabel('Six digits').fill(totp(secret))
  await page.getByRole('button', { name: 'Confirm' }).click()
  const codes = ((await page.getByLabel('Recovery codes', { exact: true }).last().textContent()) ?? '').trim().split(/\s+/)
  expect(codes.length).toBeGreaterThan(5)
  await page.getByRole('button', { name: 'I have kept them' }).click()
  await expect(page.getByText(`${codes.length} recovery codes are left.`)).toBeVisible()
  await fair(page)

  await page.context().clearCookies()
  await page.goto(quan.url + '/console/')
  await enter('a password of her own')
  await expect(page.getByRole('navigation')).toHaveCount(0)
  await enter('a password of her own', codes[0])
  await expect(page.getByRole('navigation')).toBeVisible()
  await page.context().clearCookies()
  await page.goto(quan.url + '/console/')
  await enter('a password of her own', codes[0]) // each stands in once
  await expect(page.getByRole('alert')).toBeVisible()
  await enter('a password of her own', totp(secret, 1))
  await expect(page.getByRole('navigation')).toBeVisible()
})

test('a session that ends in a form is asked for again above it, and the draft is kept', async ({ page, quan }) => {
  await signIn(page, quan)
  await open(page, quan, 'merchants')
  await page.getByRole('button', { name: 'New merchant' }).click()
  await page.getByLabel('Code').fill('late')
  await page.getByLabel('Name').fill('Typed before the end')
  await page.context().clearCookies()
  await page.getByRole('button', { name: 'Create' }).click()
  const again = page.getByRole('dialog', { name: 'Your session has ended' })
  await expect(again).toBeVisible()
  await again.getByLabel('Password').fill(admin.password)
  await again.getByRole('button', { name: /Sign in$/ }).click()
  await expect(again).toHaveCount(0)
  await expect(page.getByLabel('Name')).toHaveValue('Typed before the end')
  await page.getByRole('button', { name: 'Create' }).click()
  await expect(page.getByRole('cell', { name: 'Typed before the end' })).toBeVisible()
})

test('a server that is gone and comes back doubles nothing', async ({ page, quan }) => {
  await signIn(page, quan)
  await open(page, quan, 'keys')
  await page.getByRole('button', { name: 'New key' }).click()
  await page.getByLabel('What for').fill('made once')
  // The answer is lost on its way: the server has done it, the page can't know.
  let lost = false
  await page.route('**/v1/keys', async (route) => {
    if (lost || route.request().method() !== 'POST') return route.continue()
    lost = true
    await route.fetch()
    await quan.stop()
    await route.abort()
  })
  await page.getByRole('button', { name: 'Create' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'The server does not answer' })).toBeVisible()
  await page.getByRole('button', { name: 'Create' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'The server does not answer' })).toBeVisible()
  await quan.start()
  await page.getByRole('button', { name: 'Create' }).click()
  await expect(page.getByRole('cell', { name: 'made once' })).toHaveCount(1)
  const keys = await quan.call<{ items: { name: string }[] }>('GET', '/v1/keys?limit=500')
  expect(keys.items.filter((k) => k.name === 'made once')).toHaveLength(1)
})

test('a key is shown once and revoked; what is stopped says what it stops', async ({ page, quan }) => {
  await signIn(page, quan)
  await open(page, quan, 'keys')
  await page.getByRole('button', { name: 'New key' }).click()
  await page.getByLabel('What for').fill('counter 3')
  await page.getByRole('radio', { name: /Counter/ }).check()
  await page.getByRole('button', { name: 'Create' }).click()
  const secret = (await page.getByLabel('Secret', { exact: true }).textContent()) ?? ''
  expect(secret).toMatch(/^quan_/)
  await page.getByRole('button', { name: 'I have kept it' }).click()
  const asks = () => fetch(quan.url + '/v1/me', { headers: { Authorization: `Bearer ${secret}` } })
  expect((await asks()).status).toBe(200)
  await page.getByRole('button', { name: 'counter 3' }).click()
  await page.getByRole('button', { name: 'Revoke' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).last().click()
  await expect.poll(async () => (await asks()).status).toBe(401)

  await open(page, quan, 'stops')
  await page.getByText('Everything', { exact: true }).click()
  await page.getByLabel('Reason').fill('drill')
  await page.getByRole('button', { name: 'Stop it' }).click()
  await expect(page.getByRole('dialog')).toContainText('No coupon is given out')
  await page.getByRole('dialog').getByRole('button', { name: 'Stop it' }).click()
  await expect(page.getByRole('cell', { name: 'drill' })).toBeVisible()
  await page.getByRole('button', { name: 'Lift' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Lift' }).click()
  await expect(page.getByText('Nothing is stopped.')).toBeVisible()
})

test('Ctrl K finds pages and things, by keyboard', async ({ page, quan }) => {
  await has(quan, '/v1/merchants/acme', { name: 'Acme' })
  await has(quan, '/v1/stores/pier', { name: '=Pier', merchant: 'acme' })
  await signIn(page, quan)
  await page.getByRole('navigation').waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: /A page, template/ }).fill('pier')
  await expect(page.getByRole('option', { name: /pier/ })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog').getByLabel('Name')).toHaveValue('=Pier')
})
