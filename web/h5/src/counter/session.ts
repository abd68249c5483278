import { call, pair, Problem, tillKey, type Schemas } from './api'

/** Whoever stands at the counter: a clerk who signed in, or a paired till. */
export interface Clerk {
  id: string
  name: string
}

/** Shop is the store where the counter stands. */
export interface Shop {
  code: string
  name: string
  city: string
  merchant: string
}

const keptClerk = 'quan.counter.clerk'
const keptShop = 'quan.counter.shop'

function kept<T>(name: string): T | null {
  try {
    return JSON.parse(localStorage.getItem(name) ?? 'null') as T | null
  } catch {
    return null
  }
}

function keep(name: string, value: unknown) {
  if (value === null) localStorage.removeItem(name)
  else localStorage.setItem(name, JSON.stringify(value))
}

/** lastClerk is who worked here last: without network they go on. */
export const lastClerk = () => kept<Clerk>(keptClerk)
export const lastShop = () => kept<Shop>(keptShop)
export const keepShop = (s: Shop | null) => keep(keptShop, s)

/** NotAClerk says that somebody signed in who may not redeem, or has to see to their password first. */
export class NotAClerk extends Error {}

/** who asks who is signed in; null is nobody. */
export async function who(): Promise<Clerk | null> {
  let me: Schemas['MeAnswerBody']
  try {
    me = await call<Schemas['MeAnswerBody']>('GET', '/v1/me')
  } catch (e) {
    if (!(e instanceof Problem) || e.status !== 401) throw e
    keep(keptClerk, null)
    return null
  }
  if (!me.permissions.includes('coupon.use')) throw new NotAClerk()
  const name = tillKey() ? '' : (await call<Schemas['AccountRow']>('GET', '/v1/account')).name
  const clerk = { id: me.id, name }
  keep(keptClerk, clerk)
  return clerk
}

/** signIn starts a clerk's session. */
export async function signIn(login: string, password: string, code: string): Promise<Clerk | null> {
  const account = await call<Schemas['AccountRow']>('POST', '/v1/sessions', { login, password, ...(code ? { code } : {}) })
  if (account.initial || !account.permissions.includes('coupon.use')) {
    await call('POST', '/v1/account/sign-out')
    throw new NotAClerk(account.initial ? 'initial' : 'role')
  }
  return who()
}

/** leave ends the session, or the pairing of a till. */
export async function leave(): Promise<void> {
  if (tillKey()) pair('')
  else await call('POST', '/v1/account/sign-out')
  keep(keptClerk, null)
}

/** shops are the stores within the clerk's scope, by code. */
export async function shops(): Promise<Shop[]> {
  const out: Shop[] = []
  let cursor: string | undefined
  do {
    const page = await call<Schemas['ListingStoreRow']>('GET', '/v1/stores?limit=500' + (cursor ? '&cursor=' + encodeURIComponent(cursor) : ''))
    out.push(...page.items.map((s) => ({ code: s.code, name: s.name, city: s.city ?? '', merchant: s.merchant ?? '' })))
    cursor = page.next_cursor
  } while (cursor && out.length < 5000)
  return out
}
