import { call, type Schemas } from './api'

/** Contact is the newest moment at which the server was in touch, and what it told. */
export interface Contact {
  contact: string
  clerk: string
  market: string
  currency: string
  day: string
  zone?: string
  /** By this device's clock; only differences of it are used. */
  heard: number
}

const kept = 'quan.counter.contact'

/** lastContact is the newest of this clerk's. */
export function lastContact(clerk: string): Contact | null {
  try {
    const c = JSON.parse(localStorage.getItem(kept) ?? 'null') as Contact | null
    return c?.clerk === clerk ? c : null
  } catch {
    return null
  }
}

/** keepInTouch asks for a new contact. */
export async function keepInTouch(clerk: string, market: string): Promise<Contact> {
  const a = await call<Schemas['ContactRow']>('GET', '/v1/counter/contact' + (market ? '?market=' + encodeURIComponent(market) : ''))
  // The answer's way home is counted in: a scan is rather said to be a little later than too early.
  const c: Contact = { contact: a.contact, clerk, market: a.market, currency: a.currency, day: a.day, zone: a.zone, heard: Date.now() }
  localStorage.setItem(kept, JSON.stringify(c))
  return c
}
