import { call, newKey, Problem, Unreachable, type Schemas } from './api'
import type { Contact } from './contact'

export type Line = Schemas['CartLine']

/** Entry is one scan that waits, or what became of it. It is kept before anything is sent. */
export interface Entry {
  /** Its Idempotency-Key, and its name in the device's database. */
  key: string
  /** The order's number, which no other device makes. */
  ref: string
  clerk: string
  shop: string
  city: string
  merchant: string
  scan: string
  /** Of a scan without network; of one whose answer was lost there is none. */
  away?: { contact: string; elapsed_ms: number }
  /** By this device's clock, for people. */
  at: number
  market: string
  currency: string
  lines: Line[]
  balance?: number
  /** Known once the scan was looked at: from then on only the redemption is sent. */
  coupon?: string
  name?: string
  state: 'waiting' | 'yes' | 'no'
  /** What became of it, in words. */
  title?: string
  detail?: string
  payable?: number
  done?: number
}

/** Kept is where entries lie: the device's database, or memory in tests. */
export interface Kept {
  all(): Promise<Entry[]>
  put(e: Entry): Promise<void>
  drop(key: string): Promise<void>
}

/** device names this device in order numbers; it is drawn once. */
export function device(): string {
  const kept = 'quan.counter.device'
  let d = localStorage.getItem(kept)
  if (!d) {
    d = newKey().slice(0, 16)
    localStorage.setItem(kept, d)
  }
  return d
}

/** newRef is an order number of this device: its own number, then one that it makes once. */
export function newRef(): string {
  return `${device()}-${Date.now().toString(36)}-${newKey().slice(0, 8)}`
}

/** body is the redemption of an entry: the same bytes, however often it is sent. */
export function body(e: Entry): unknown {
  return {
    market: e.market,
    order: { source: 'counter', ref: e.ref },
    coupons: [e.coupon],
    cart: { lines: e.lines, currency: e.currency, store: e.shop, ...(e.city ? { city: e.city } : {}), channel: 'counter' },
    ...(e.merchant ? { merchant: e.merchant } : {}),
    ...(e.balance === undefined ? {} : { balances: { [e.coupon ?? '']: e.balance } }),
    ...(e.away ? { away: e.away } : {}),
  }
}

/** redeem sends an entry's redemption. */
export const redeem = (e: Entry) => call<Schemas['RedeemedRow']>('POST', '/v1/redemptions', body(e), e.key)

/** awayOf is the proof of when something is scanned now, null where this device was not in touch lately. */
export function awayOf(c: Contact | null, now: number): { contact: string; elapsed_ms: number } | null {
  if (!c || now < c.heard || now - c.heard > 12 * 3_600_000) return null
  return { contact: c.contact, elapsed_ms: now - c.heard }
}

/**
 * Queue sends what waits, one after the other, each until it has an outcome. A refusal is an
 * outcome; no answer, an overloaded server or an ended session is none.
 */
export class Queue {
  private running: Promise<boolean> | null = null

  constructor(
    readonly kept: Kept,
    private readonly changed: () => void,
  ) {}

  /** add keeps an entry before anything else happens with it. */
  async add(e: Entry): Promise<void> {
    await this.kept.put(e)
    this.changed()
  }

  /** forget drops an entry whose outcome was shown, or that somebody gave up. */
  async forget(key: string): Promise<void> {
    await this.kept.drop(key)
    this.changed()
  }

  /** send sends what waits of this clerk's; a call while it runs joins it. False where something still waits. */
  send(clerk: string): Promise<boolean> {
    // Pages of one device take turns; under one key nothing is done twice anyway.
    const alone = async () => {
      const locks = (navigator as { locks?: LockManager | null }).locks // secure pages have some
      return locks ? await locks.request('quan-counter', () => this.run(clerk)) : await this.run(clerk)
    }
    this.running ??= alone().finally(() => {
      this.running = null
      this.changed()
    })
    return this.running
  }

  private async run(clerk: string): Promise<boolean> {
    const waiting = (await this.kept.all()).filter((e) => e.state === 'waiting' && e.clerk === clerk).sort((a, b) => a.at - b.at)
    for (const e of waiting) if (!(await this.settle(e))) return false
    return true
  }

  /** settle sends one; false where the others need not be tried now. */
  async settle(e: Entry): Promise<boolean> {
    try {
      if (!e.coupon) {
        const seen = await call<Schemas['LookRow']>('POST', '/v1/counter/look', { scan: e.scan, ...(e.away ? { away: e.away } : {}) })
        e.coupon = seen.coupon.id
        e.name = seen.name
        e.market = seen.market
        await this.kept.put(e) // the same redemption from here on, also after a crash
      }
      const done = await redeem(e)
      e.state = 'yes'
      e.payable = done.order.paid_minor
      e.currency = done.order.currency
    } catch (error) {
      if (error instanceof Unreachable) return false
      if (!(error instanceof Problem)) throw error
      if (error.passing || error.status === 401 || error.code === 'permission_denied') return false
      e.state = 'no'
      e.title = error.title
      e.detail = error.detail
    }
    e.done = Date.now()
    await this.kept.put(e)
    this.changed()
    return true
  }
}
