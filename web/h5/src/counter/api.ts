import type { components } from '../../../api/schema'
import { language } from './words'

/** Schemas of the API, by name. */
export type Schemas = components['schemas']

/** Problem is a refusal of the API, in the words that the server chose for the reader. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly request: string,
  ) {
    super(title)
  }

  /** Whether the same may go well a little later, so that what waits goes on waiting. */
  get passing(): boolean {
    return this.status >= 500 || this.status === 429 || this.code === 'key_running'
  }
}

/** Unreachable says that no answer came: what was sent may have been done or not. */
export class Unreachable extends Error {}

const pairing = 'quan.counter.key'

/** Key of a till that is paired instead of a clerk who signs in; "" for none. */
export const tillKey = (): string => localStorage.getItem(pairing) ?? ''

export function pair(key: string) {
  if (key) localStorage.setItem(pairing, key)
  else localStorage.removeItem(pairing)
}

/** How long an answer may take: after that the network counts as away. */
const patience = 15_000

/** call asks the API and throws Problem or Unreachable where no success came. */
export async function call<T>(method: string, path: string, body?: unknown, key?: string): Promise<T> {
  const headers: Record<string, string> = { 'Accept-Language': language() }
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  if (key) headers['Idempotency-Key'] = key
  if (tillKey()) headers['Authorization'] = `Bearer ${tillKey()}`
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), patience)
  let answer: Response
  let text: string
  try {
    answer = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), signal: stop.signal, cache: 'no-store', credentials: 'same-origin' })
    text = await answer.text()
  } catch (e) {
    throw new Unreachable(String(e))
  } finally {
    clearTimeout(timer)
  }
  let data: unknown
  try {
    data = text ? JSON.parse(text) : undefined
  } catch {
    throw new Unreachable(`${answer.status}`) // a proxy or a captive portal answered
  }
  if (answer.ok) return data as T
  const p = data as Partial<Schemas['Problem']> | undefined
  if (!p?.code) throw new Unreachable(`${answer.status}`)
  throw new Problem(answer.status, p.code, p.title ?? p.code, p.errors?.[0]?.detail ?? p.detail ?? '', p.request_id ?? '')
}

/** newKey names an act: the same for its repetitions. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (x) => x.toString(16).padStart(2, '0')).join('')
}
