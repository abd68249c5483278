import { fileURLToPath } from 'node:url'
import type { Page, Request } from '@playwright/test'
import { administrator, expect, type Quan } from './quan'
import { grave } from './fair'
import { member, published } from './stage'

/** Place is a page of the console, or what opens on one: a dialog, a drawer, a step. */
export interface Place {
  name: string
  path: string
  /** Opens what is to be seen on the page; names are in English, as labels in other languages differ. */
  open?: (page: Page) => Promise<void>
}

type Made = { id: string }
type Listed = { items: Made[] }

/** visit goes to a place as a link of the console does: the page stays, its address changes. */
export async function visit(page: Page, place: Place) {
  await page.evaluate((to) => {
    history.pushState(null, '', to)
    dispatchEvent(new PopStateEvent('popstate'))
    return new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))
  }, '/console/' + place.path)
  await place.open?.(page)
  await settled(page)
}

const pictures = fileURLToPath(new URL('./results/pages/', import.meta.url))

const quiet = 100 // ms without a request

/** Traffic is what a page has asked for: what is open, and what has happened at all. */
interface Traffic {
  open: Set<Request>
  events: number
  last: number
}
const traffics = new WeakMap<Page, Traffic>()

function trafficOf(page: Page): Traffic {
  const there = traffics.get(page)
  if (there) return there
  const t: Traffic = { open: new Set(), events: 0, last: Date.now() }
  const happened = () => (t.events++, (t.last = Date.now()))
  page.on('request', (r) => r.resourceType() !== 'eventsource' && (t.open.add(r), happened()))
  page.on('requestfinished', (r) => (t.open.delete(r), happened()))
  page.on('requestfailed', (r) => (t.open.delete(r), happened()))
  traffics.set(page, t)
  return t
}

/** settled waits until nothing is asked any more, nothing is left to draw, and no skeleton is left. A stream is not waited for. */
export async function settled(page: Page) {
  const t = trafficOf(page)
  await expect(async () => {
    const before = t.events
    // Twice idle: what came last has been drawn, and has asked for what it needs.
    await page.evaluate(async () => {
      for (let i = 0; i < 2; i++) await new Promise((idle) => requestIdleCallback(() => setTimeout(idle), { timeout: 500 })) // a busy machine may call nothing idle
    })
    expect(t.open.size === 0 && t.events === before && Date.now() - t.last >= quiet).toBe(true)
    expect(await page.locator('.ant-skeleton-active, .ant-spin-spinning').count()).toBe(0)
  }).toPass({ intervals: [30], timeout: 20_000 })
}

/** menuOf are the pages that the menu leads to. */
export async function menuOf(page: Page): Promise<Place[]> {
  const links = page.getByRole('navigation').getByRole('link')
  await links.first().waitFor()
  const paths = await links.evaluateAll((all) => all.map((a) => (a as HTMLAnchorElement).pathname.replace('/console/', '')))
  expect(paths.length).toBeGreaterThan(20)
  return paths.map((path) => ({ name: path.replaceAll('/', '-'), path }))
}

/** seen keeps a picture of the place where the page is, and fails where it reads badly; axe judges it where it is asked to. */
export async function seen(page: Page, place: Place, look: string, judged: boolean) {
  await expect.soft(page.getByRole('heading', { level: 1 }), place.name).toHaveCount(1)
  await page.mouse.move(0, 0) // nothing is hovered
  await page.screenshot({ path: `${pictures}${place.name}-${look}.png` }) // an artefact to be looked at
  if (judged || process.env.QUAN_AXE) expect.soft(await grave(page), place.name).toEqual([])
  // Nothing makes the page wider than the screen; wide tables scroll inside themselves.
  expect.soft(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), `${place.name} is too wide`).toBeLessThanOrEqual(0)
  if (place.open) await page.keyboard.press('Escape')
}

/**
 * furnish lays beside the goods of the demo what it does not have, so that no list is empty,
 * and answers the pages that are reached from others.
 */
export async function furnish(quan: Quan): Promise<Place[]> {
  await administrator(quan)
  // Without the demo there is no merchant, store or item yet.
  await quan.call('PUT', '/v1/merchants/green', { name: '绿野农场' }, { 'If-None-Match': '*' }).catch(() => {})
  await quan.call('PUT', '/v1/stores/north', { name: '北门店', merchant: 'green', city: 'shanghai' }, { 'If-None-Match': '*' }).catch(() => {})
  await quan.call('PUT', '/v1/items/rice', { name: '大米 5 千克', category: 'fresh/grain', price_minor: 4990, market: 'main', merchant: 'green' }, { 'If-None-Match': '*' }).catch(() => {})
  const names = (zh: string, en: string) => ({ 'zh-CN': zh, 'zh-TW': zh, en })
  const made = async (path: string, body: object) => (await quan.call<Made>('POST', path, body)).id
  const first = async (list: string) => (await quan.call<Listed>('GET', `${list}?limit=1`)).items[0]?.id ?? ''
  const budget = await made('/v1/budgets', { market: 'main', name: '双十一补贴', limits: [{ what: 'liability', period: 'campaign', per: 'campaign', cap: 2_000_000, alarms: [80, 100] }, { what: 'issue_count', period: 'day', per: 'campaign', cap: 500 }] })
  const template = await published(quan, '满20减5', {}, { budgets: [budget] })
  await quan.call('PUT', `/v1/templates/${template}`, { internal_name: '满20减5', customer_name: names('满20减5元', '5 off 20'), issuer: { kind: 'platform' }, draft: (await quan.call<{ items: { content: object }[] }>('GET', `/v1/templates/${template}/versions`)).items[0]?.content }, { 'If-Match': '"2"' })
  await made('/v1/batches', { market: 'main', template, name: '首批', size: 1000, open: true })
  const pack = await made('/v1/packs', { market: 'main', internal_name: '新人礼包', customer_name: names('新人大礼包', 'Welcome pack'), parts: [{ template, count: 2 }] })
  await quan.call('POST', `/v1/packs/${pack}/publish`, undefined, { 'If-Match': '"1"' })
  const plan = await made('/v1/packet-plans', { market: 'main', internal_name: '拼手气', customer_name: names('拼手气红包', 'Lucky packet'), content: { template, mode: 'lucky', shares: 3, total_minor: 400, life_hours: 24, sharer_opens: true } })
  await quan.call('POST', `/v1/packet-plans/${plan}/publish`, undefined, { 'If-Match': '"1"' })
  const codes = await made('/v1/code-batches', { market: 'main', template, kind: 'generated', name: '包裹卡', size: 500 })
  const placement = await made('/v1/placements', { market: 'main', template, name: '首页横幅', channel: 'app', open: true, cap: 500 })
  await made('/v1/links', { placement, code: 'autumn', name: '门店海报', channel: 'poster' })
  const who = await member(quan, '13800000001')
  await member(quan, '13800000002')
  const buyer = { kind: 'phone', value: '13800000001' }
  const coupon = (await quan.call<{ coupons: Made[] }>('POST', '/v1/claims', { template, member: buyer, channel: 'app', placement })).coupons[0]?.id
  await quan.call('POST', `/v1/members/id/${who}/notes`, { text: '来电询问有效期', ...(coupon ? { coupon } : {}) })
  const list = await quan.call<{ code: string }>('PUT', '/v1/lists/vip', { name: '门店 VIP' }, { 'If-None-Match': '*' })
  await quan.call('POST', `/v1/lists/${list.code}/members`, { members: [buyer] })
  await quan.call('PUT', '/v1/segments/vips', { name: '门店 VIP 客户', market: 'main', tree: { type: 'member_list', in: ['vip'] } }, { 'If-None-Match': '*' })
  const bulk = await made('/v1/bulk-grants', { name: '老客回馈', templates: [template], audience: 'list', csv: 'phone\n13800000002\n', reason: '回馈' })
  await quan.call('PUT', '/v1/facts/weather', { value: 'sun', cities: { 上海: 'rain' }, expires_at: '2099-01-01T00:00:00Z' })
  await quan.call('PUT', '/v1/markets/main/days/2026-10-01', { names: ['statutory'] })
  await quan.call('PUT', '/v1/markets/tw', { name: '台灣', currency: 'TWD', zone: 'Asia/Taipei', week_start: 0 }, { 'If-None-Match': '*' })
  const merchant = (await quan.call<{ items: { code: string }[] }>('GET', '/v1/merchants?limit=1')).items[0]?.code ?? ''
  const store = (await quan.call<{ items: { code: string }[] }>('GET', '/v1/stores?limit=1')).items[0]?.code ?? ''
  const item = (await quan.call<{ items: { sku: string }[] }>('GET', '/v1/items?limit=1')).items[0]?.sku ?? ''
  await made('/v1/people', { login: 'grace', name: 'Grace', roles: ['operator'], password: 'pears under the new bridge' })
  const person = (await quan.call<{ items: (Made & { login: string })[] }>('GET', '/v1/people')).items.find((p) => p.login === 'grace')?.id
  await quan.call('PUT', '/v1/stops', { scope: 'merchant', key: merchant, claims: true, uses: false, reason: '盘点' })
  const [key, job, sold] = await Promise.all([first('/v1/keys'), first('/v1/jobs'), quan.call<{ items: Made[] }>('GET', '/v1/placements?limit=1').then((x) => x.items[0]?.id)])
  const dialog = (name: string | RegExp) => async (page: Page) => {
    await page.getByRole('main').getByRole('button', { name }).first().click()
    await page.getByRole('dialog').first().waitFor()
  }
  const t = `coupons/templates/${template}`
  const button = (n: number) => async (page: Page) => {
    await page.locator('#content section button.ant-btn-primary').nth(n).click()
    await page.getByRole('dialog').first().waitFor()
  }
  return [
    { name: 'template', path: t },
    { name: 'template-delivery', path: `${t}?tab=delivery` },
    { name: 'template-versions', path: `${t}?tab=versions` },
    { name: 'template-trial', path: `${t}?tab=trial` },
    { name: 'template-new', path: 'coupons/templates/new' },
    ...['value', 'scope', 'validity', 'rules', 'funders', 'look'].map((step) => ({ name: `editor-${step}`, path: `${t}/edit?step=${step}` })),
    { name: 'batch-new', path: 'coupons/batches?new=1', open: async (page: Page) => page.getByRole('dialog').waitFor() },
    { name: 'budget-new', path: 'coupons/budgets', open: button(0) },
    { name: 'placement', path: `delivery/placements/${placement}` },
    { name: 'placement-sold', path: `delivery/placements/${sold}` },
    { name: 'placement-page', path: `delivery/placements/${placement}/page` },
    { name: 'placement-new', path: `delivery/placements?new=1&template=${template}`, open: async (page: Page) => page.getByRole('dialog').waitFor() },
    { name: 'pack', path: `delivery/packs/${pack}` },
    { name: 'pack-new', path: 'delivery/packs?new=1', open: async (page: Page) => page.getByRole('dialog').waitFor() },
    { name: 'packet', path: `delivery/packets/${plan}` },
    { name: 'packet-new', path: 'delivery/packets?new=1', open: async (page: Page) => page.getByRole('dialog').waitFor() },
    { name: 'codes', path: `delivery/codes/${codes}` },
    { name: 'codes-new', path: 'delivery/codes?new=1', open: async (page: Page) => page.getByRole('dialog').waitFor() },
    { name: 'grant', path: `delivery/grants/${bulk}` },
    { name: 'grant-new', path: 'delivery/grants?new=1', open: async (page: Page) => page.getByRole('dialog').waitFor() },
    { name: 'list', path: `delivery/lists/${list.code}` },
    { name: 'list-upload', path: `delivery/lists/${list.code}`, open: button(0) },
    { name: 'member', path: `members/list/${who}` },
    { name: 'member-coupons', path: `members/list/${who}?tab=coupons` },
    { name: 'member-compensate', path: `members/list/${who}`, open: async (page: Page) => {
      await page.locator('#content .ant-btn-primary').last().click()
      await page.getByRole('dialog').waitFor()
    } },
    { name: 'segment-new', path: 'members/segments', open: button(0) },
    { name: 'report-rows', path: 'reports/rows' },
    { name: 'settlement-rows', path: 'reports/settlement/rows' },
    { name: 'use-by-store', path: `reports/use?by=store&store=${store}` },
    { name: 'board-live', path: `reports/board?template=${template}` },
    { name: 'days', path: 'settings/markets/main/days' },
    { name: 'account', path: 'settings/account' },
    { name: 'item-new', path: 'settings/items?new=1', open: async (page: Page) => page.getByRole('dialog').waitFor() },
    { name: 'person-new', path: 'settings/people?new=1', open: async (page: Page) => page.getByRole('dialog').waitFor() },
    ...Object.entries({ merchants: merchant, stores: store, items: item, markets: 'main', facts: 'weather', people: person, keys: key, jobs: job }).map(([of, id]) => ({
      name: `${of}-edit`,
      path: `settings/${of}?edit=${encodeURIComponent(id ?? '')}`,
      open: async (page: Page) => page.getByRole('dialog').waitFor(),
    })),
    { name: 'items-import', path: 'settings/items', open: dialog(/Import|导入|匯入/) },
  ]
}
