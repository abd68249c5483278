import { fair } from './fair'
import { expect, signIn, test } from './quan'
import { published } from './stage'

test('a placement is made, closed, changed and archived', async ({ page, quan }) => {
  await published(quan, 'Spring 20-5')
  await signIn(page, quan)
  await page.getByRole('link', { name: /^(Delivery|Placements)$/ }).click()
  await expect(page.getByText('No placements yet.')).toBeVisible()
  await page.getByRole('button', { name: 'New placement' }).click()
  const form = page.getByRole('dialog')
  await form.getByRole('button', { name: 'Create' }).click()
  await expect(form.getByText('Please fill this in.').first()).toBeVisible()
  await form.getByLabel('Template').click()
  await page.getByTitle('Spring 20-5').click()
  await expect(form.getByLabel('Name')).toHaveValue('Spring 20-5')
  await form.getByLabel('Name').fill('Front page')
  await form.getByLabel('Cap').fill('100')
  await form.getByRole('button', { name: 'Create' }).click()

  await expect(page.getByRole('heading', { name: 'Front page' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Spring 20-5' })).toBeVisible()
  await page.getByRole('button', { name: 'Close', exact: true }).click()
  await expect(page.getByText('Closed', { exact: true })).toBeVisible()

  await page.getByRole('button', { name: 'Edit' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('First page')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('heading', { name: 'First page' })).toBeVisible()

  await page.getByRole('button', { name: 'Archive' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Archive' }).click()
  await expect(page.getByText('Archived', { exact: true })).toBeVisible()
  await page.getByRole('link', { name: /^(Delivery|Placements)$/ }).click()
  await expect(page.getByText('No placements yet.')).toBeVisible()
})

test('another tool opens the form with what it offers', async ({ page, quan }) => {
  const template = await published(quan, 'Noodles')
  await signIn(page, quan)
  await page.goto(`${quan.url}/console/delivery/placements?new=1&template=${template}`)
  const form = page.getByRole('dialog')
  await expect(form.getByLabel('Name')).toHaveValue('Noodles')
  await fair(page)
  await form.getByRole('button', { name: 'Create' }).click()
  await expect(page.getByRole('heading', { name: 'Noodles' })).toBeVisible()
})

test('two who change a placement: the second sees it and loses nothing', async ({ page, quan }) => {
  const template = await published(quan, 'Rice')
  const made = await quan.call<{ id: string }>('POST', '/v1/placements', { market: 'main', template, name: 'Rice', channel: 'app', open: true })
  await signIn(page, quan)
  await page.goto(`${quan.url}/console/delivery/placements/${made.id}`)
  await page.getByRole('button', { name: 'Edit' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('Name').fill('Rice and beans')
  await quan.call('PUT', `/v1/placements/${made.id}`, { name: 'Rice', channel: 'douyin', open: true }, { 'If-Match': '"1"' })
  await form.getByRole('button', { name: 'Save' }).click()
  await form.getByRole('button', { name: 'Load the newest' }).click()
  await expect(form.getByLabel('Channel')).toHaveValue('douyin')
  await expect(form.getByLabel('Name')).toHaveValue('Rice and beans')
  await form.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('heading', { name: 'Rice and beans' })).toBeVisible()
})
