import { api, ask, Problem } from '@/api/client'
import { language } from '@/i18n'
import { inLanguage } from '@/parts/texts'
import type { Permission } from '@/session'

/** Hit is something that was found, and where it is shown. */
export interface Hit {
  kind: string
  to: string
  label: string
}

/** Finder looks for one kind of thing. */
interface Finder {
  kind: string
  /** Whoever lacks one of these does not look for it: its page is not for them. */
  may: Permission[]
  /** Is it worth asking for this text? */
  fits: (text: string) => boolean
  find: (text: string, signal: AbortSignal) => Promise<Hit[]>
}

/** none takes "there is no such thing" and "you may not see it" for nothing found. */
async function none<T>(asked: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await asked
  } catch (e) {
    if (e instanceof Problem && e.status < 500) return otherwise
    throw e
  }
}

/** known asks for one thing by its id, where the text is one. */
const known = <T>(text: string, kind: string, ask: (id: string) => Promise<T>): Promise<T[]> | undefined => (new RegExp(`^${kind}_[0-9a-z]{13}$`).test(text) ? none(ask(text).then((x) => [x]), []) : undefined)

const page = (to: string, kind: string, label: string): Hit => ({ kind, to, label })

/** As many of a kind are shown; the API looks through all of them. */
const most = { limit: 6 } as const

/** What can be found by a text, most telling first. */
export const finders: Finder[] = [
  {
    // Phones, coupon numbers, orders and ids: the text goes in the body, so that it stands in no address.
    kind: 'member',
    may: ['member.read'],
    fits: (text) => text.length >= 6 && text.length <= 128,
    find: async (text, signal) => {
      const found = await none(ask(api.POST('/v1/members/find', { body: { text }, signal })), { items: [] })
      return found.items.map((h) => page(`/members/list/${h.member}${h.coupon ? `?coupon=${h.coupon}` : h.order ? '?parts=order' : ''}`, h.by, text))
    },
  },
  {
    kind: 'template',
    may: ['template.read', 'market.read'],
    fits: (text) => text.length <= 100,
    find: async (text, signal) => {
      const one = known(text, 'tpl', (id) => ask(api.GET('/v1/templates/{id}', { params: { path: { id } }, signal })))
      const all = one ? await one : (await ask(api.GET('/v1/templates', { params: { query: { ...most, search: text, order: 'newest' } }, signal }))).items
      return all.map((r) => page(`/coupons/templates/${r.id}`, 'template', inLanguage(r.customer_name, language()) || r.internal_name))
    },
  },
  {
    kind: 'placement',
    may: ['reference.read', 'market.read'],
    fits: (text) => text.length <= 100,
    find: async (text, signal) => {
      const one = known(text, 'plc', (id) => ask(api.GET('/v1/placements/{id}', { params: { path: { id } }, signal })))
      const all = one ? await one : (await ask(api.GET('/v1/placements', { params: { query: { ...most, search: text, order: 'newest' } }, signal }))).items
      return all.map((r) => page(`/delivery/placements/${r.id}`, 'placement', r.name))
    },
  },
  {
    kind: 'store',
    may: ['reference.read'],
    fits: (text) => text.length <= 100,
    find: async (text, signal) => {
      const all = await ask(api.GET('/v1/stores', { params: { query: { ...most, search: text } }, signal }))
      return all.items.map((r) => page(`/settings/stores?edit=${encodeURIComponent(r.code)}`, 'store', `${r.name} · ${r.code}`))
    },
  },
  {
    kind: 'item',
    may: ['reference.read'],
    fits: (text) => text.length <= 100,
    find: async (text, signal) => {
      const all = await ask(api.GET('/v1/items', { params: { query: { ...most, search: text } }, signal }))
      return all.items.map((i) => page(`/settings/items?edit=${encodeURIComponent(i.sku)}`, 'item', `${i.name} · ${i.sku}`))
    },
  },
]

/** findAll asks all finders at once; the error of one hides nothing of the others. */
export async function findAll(text: string, may: (p: Permission) => boolean, signal: AbortSignal): Promise<Hit[]> {
  const asked = finders.filter((f) => f.may.every(may) && f.fits(text)).map((f) => f.find(text, signal))
  const done = await Promise.allSettled(asked)
  const failed = done.find((d) => d.status === 'rejected')
  const hits = done.flatMap((d) => (d.status === 'fulfilled' ? d.value.slice(0, 6) : []))
  if (hits.length === 0 && failed) throw failed.reason
  return hits
}
