import { beforeEach, expect, it, vi } from 'vitest'
import { awayOf, newRef, Queue, type Entry, type Kept } from './queue'

/** memory keeps what is committed, as the device's database does: copies. */
function memory(): Kept & { now: Map<string, string> } {
  const now = new Map<string, string>()
  return {
    now,
    all: () => Promise.resolve([...now.values()].map((s) => JSON.parse(s) as Entry)),
    put: (e) => Promise.resolve(void now.set(e.key, JSON.stringify(e))),
    drop: (k) => Promise.resolve(void now.delete(k)),
  }
}

const entry = (key: string, clerk = 'psn_1'): Entry => ({
  key, ref: newRef(), clerk, shop: 'north', city: '', merchant: '', scan: 'Q1.X', away: { contact: 'C1.X', elapsed_ms: 5 }, at: 1, market: 'main', currency: 'CNY', lines: [], state: 'waiting',
})

/** A server that redeems a key once, and whose answers are lost as often as asked for. */
function server(lost: number) {
  const done = new Map<string, string>()
  const fetched = vi.fn((path: string, init: { headers: Record<string, string>; body: string }) => {
    let body: unknown = { coupon: { id: 'cpn_1' }, name: 'Ten off', market: 'main' }
    if (path.endsWith('/redemptions')) {
      const key = init.headers['Idempotency-Key'] ?? ''
      if (done.has(key) && done.get(key) !== init.body) return Promise.resolve(new Response('{"code":"key_reused"}', { status: 422 }))
      done.set(key, init.body)
      body = { order: { paid_minor: 1, currency: 'CNY' }, redemptions: [] }
    }
    if (lost-- > 0) return Promise.reject(new TypeError('network'))
    return Promise.resolve(new Response(JSON.stringify(body), { status: 200 }))
  })
  vi.stubGlobal('fetch', fetched)
  return { done, fetched }
}

beforeEach(() => vi.unstubAllGlobals())

it('sends the same redemption until an answer comes, however often it is lost', async () => {
  for (let lost = 0; lost < 6; lost++) {
    const { done } = server(lost)
    const kept = memory()
    await new Queue(kept, () => {}).add(entry('a'))
    let tries = 0
    while (!(await new Queue(kept, () => {}).send('psn_1'))) tries++ // each time as after a crash
    expect(tries).toBe(lost)
    expect(done.size).toBe(1)
    expect((await kept.all())[0]?.state).toBe('yes')
  }
})

it('leaves what another clerk scanned, and what has an outcome', async () => {
  const { fetched } = server(0)
  const kept = memory()
  const q = new Queue(kept, () => {})
  await q.add(entry('a', 'psn_2'))
  await q.add({ ...entry('b'), state: 'no' })
  expect(await q.send('psn_1')).toBe(true)
  expect(fetched).not.toHaveBeenCalled()
})

it('keeps a refusal as an outcome, and waits where the server only asks for patience', async () => {
  const kept = memory()
  const q = new Queue(kept, () => {})
  await q.add(entry('a'))
  for (const [status, code] of [[503, 'overloaded'], [429, 'rate_limited'], [401, 'unauthenticated'], [409, 'key_running']] as const) {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify({ code }), { status })))
    expect(await q.send('psn_1'), code).toBe(false)
    expect((await kept.all())[0]?.state).toBe('waiting')
  }
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('{"code":"coupon_used","title":"Used","detail":"d"}', { status: 409 })))
  expect(await q.send('psn_1')).toBe(true)
  expect((await kept.all())[0]).toMatchObject({ state: 'no', title: 'Used' })
})

it('proves the moment of a scan by the last contact, for a shift', () => {
  const c = { contact: 'C1.X', clerk: 'psn_1', market: 'main', currency: 'CNY', day: '2026-03-02', heard: 1_000 }
  expect(awayOf(c, 6_000)).toEqual({ contact: 'C1.X', elapsed_ms: 5_000 })
  expect(awayOf(c, 999)).toBeNull() // the device's clock went back
  expect(awayOf(c, 1_001 + 12 * 3_600_000)).toBeNull()
  expect(awayOf(null, 6_000)).toBeNull()
})
