import type { components } from '../../../api/schema'
import { language } from './words'

/** Schemas of the API, by name. */
export type Schemas = components['schemas']
export type Shown = Schemas['ShownPageRow']
export type Held = Schemas['WalletRow']

/** Problem is a refusal of the API, in the words that the server chose for the reader. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly request: string,
    readonly params: Record<string, unknown>,
  ) {
    super(title)
  }
}

/** Unreachable says that no answer came: what was sent may have been done or not. */
export class Unreachable extends Error {}

// As whom pages ask: the member of the cookie, or of a token.
let who = 'session'

/** askAs asks as the member of a session's or the shop's token from now on, '' as that of the cookie. */
export function askAs(token: string) {
  who = token || 'session'
}

/** How long an answer may take. */
const patience = 15_000

/**
 * call asks the API as the member who signed in on these pages, if one did. It throws
 * Problem or Unreachable where no success came.
 */
export async function call<T>(method: string, path: string, body?: unknown, key?: string): Promise<T> {
  const headers: Record<string, string> = { 'Accept-Language': language(), 'Quan-Member-Token': who }
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  if (key) headers['Idempotency-Key'] = key
  let text: string
  let status: number
  try {
    const late = new Promise<never>((_, no) => setTimeout(() => no(new Error('late')), patience))
    const answer = await Promise.race([fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), cache: 'no-store', credentials: 'same-origin' }), late])
    status = answer.status
    text = await answer.text()
  } catch (e) {
    throw new Unreachable(String(e))
  }
  let data: unknown
  try {
    data = text ? JSON.parse(text) : undefined
  } catch {
    throw new Unreachable(String(status)) // a proxy or a captive portal answered
  }
  if (status < 300) return data as T
  const p = data as Partial<Schemas['Problem']> | undefined
  if (!p || !p.code) throw new Unreachable(String(status))
  throw new Problem(status, p.code, p.title || p.code, (p.errors && p.errors[0] && p.errors[0].detail) || p.detail || '', p.request_id || '', p.params || {})
}

/** newKey names an act: the same for its repetitions. */
export function newKey(): string {
  let key = ''
  crypto.getRandomValues(new Uint8Array(16)).forEach((x) => (key += ('0' + x.toString(16)).slice(-2)))
  return key
}

/** refused reports whether an error is a refusal with this code. */
export const refused = (e: unknown, code: string): boolean => e instanceof Problem && e.code === code
