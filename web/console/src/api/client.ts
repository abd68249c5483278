import createClient from 'openapi-fetch'
import type { components, paths } from '../../../api/schema'
import { language } from '@/i18n'
import { gather } from './gather'

/** Schemas of the API, by name. */
export type Schemas = components['schemas']

/** Problem is a refusal of the API, in the words that the server chose for the reader. */
export class Problem extends Error {
  readonly code: string
  readonly title: string
  readonly detail: string
  /** JSON pointer into what was sent, or "query:limit" and its like; "" for the whole. */
  readonly pointer: string
  readonly status: number
  readonly requestId: string
  readonly params: Record<string, unknown>
  readonly errors: Schemas['ProblemError'][]

  constructor(p: Schemas['Problem']) {
    super(p.title)
    this.code = p.code
    this.title = p.title
    this.detail = p.detail
    this.pointer = p.pointer ?? ''
    this.status = p.status
    this.requestId = p.request_id
    this.params = p.params ?? {}
    this.errors = p.errors ?? []
  }
}

/** Unreachable says that no answer came: what was sent may have been done or not. */
export class Unreachable extends Error {}

/** The API, typed by its document. Same origin: the session's cookie goes along. */
export const api = createClient<paths, 'application/json'>({ baseUrl: '', fetch: gather })

const expiry = new EventTarget()

/** onExpired calls f whenever an answer says that nobody is signed in. */
export function onExpired(f: () => void): () => void {
  expiry.addEventListener('expired', f)
  return () => expiry.removeEventListener('expired', f)
}

api.use({
  onRequest({ request }) {
    request.headers.set('Accept-Language', language())
    return request
  },
})

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** Got is what came, with the revision that a change of it has to name. */
export interface Got<T> {
  data: T
  etag: string
}

/** got waits for an answer and throws Problem or Unreachable where it is none. */
export async function got<T>(asked: Promise<Answer<T>>): Promise<Got<T>> {
  let a: Answer<T>
  try {
    a = await asked
  } catch (e) {
    if (e instanceof DOMException && e.name === 'AbortError') throw e
    throw new Unreachable(String(e))
  }
  if (a.response.ok) return { data: a.data as T, etag: a.response.headers.get('ETag') ?? '' }
  const p = a.error as Schemas['Problem'] | undefined
  if (!p || typeof p !== 'object' || !p.code) throw new Unreachable(`${a.response.status}`)
  if (p.code === 'unauthenticated') expiry.dispatchEvent(new Event('expired'))
  throw new Problem(p)
}

/** ask is got without the revision. */
export async function ask<T>(asked: Promise<Answer<T>>): Promise<T> {
  return (await got(asked)).data
}

/** newKey makes an Idempotency-Key: one for each act of a person, the same for its repetitions. */
export function newKey(): string {
  const b = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(b, (x) => x.toString(16).padStart(2, '0')).join('')
}
