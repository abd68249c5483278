import { fair } from './fair'
import { admin, expect, test } from './quan'

test('the first administrator comes by the printed link and signs in again', async ({ page, quan }) => {
  await page.addInitScript(() => localStorage.setItem('quan.language', 'en'))
  await page.goto(`${quan.url}/console/#setup=${quan.setup}`)
  await page.getByLabel('Your name').fill(admin.name)
  await page.getByLabel('Login name').fill(admin.login)
  await page.getByLabel('Password').fill('short')
  await page.getByRole('button', { name: 'Make it and sign in' }).click()
  await expect(page.getByText('At least 10 characters.').last()).toBeVisible()
  await page.getByLabel('Password').fill(admin.password)
  await page.getByRole('button', { name: 'Make it and sign in' }).click()
  await expect(page.getByRole('navigation')).toBeVisible()
  expect(page.url()).not.toContain('setup')

  await page.getByRole('button', { name: 'My account' }).click()
  await page.getByText('Sign out').click()
  await page.getByLabel('Login name').fill(admin.login)
  await page.getByLabel('Password').fill('not the password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert')).toContainText('Request req_')
  await page.getByLabel('Password').fill(admin.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('navigation')).toBeVisible()
})

test('the entrance speaks three languages and reads well', async ({ page, quan }) => {
  await page.goto(quan.url + '/')
  for (const [button, title] of [['简体中文', '登录'], ['繁體中文', '登入'], ['English', 'Sign in']] as const) {
    await page.getByText(button, { exact: true }).click()
    await expect(page.getByRole('heading', { name: title, exact: true })).toBeVisible()
  }
  await fair(page)
})
