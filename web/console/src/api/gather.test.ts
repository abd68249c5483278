import { afterEach, expect, test, vi } from 'vitest'
import { gather } from './gather'

afterEach(() => vi.unstubAllGlobals())

/** told stands for the server: what it was asked, and what it says to each read. */
function told(say: (read: string) => { status: number; etag?: string; body: unknown }) {
  const asked: unknown[] = []
  vi.stubGlobal('fetch', async (to: Request | string, init?: RequestInit) => {
    if (typeof to !== 'string') {
      asked.push(`${to.method} ${new URL(to.url).pathname}`)
      return Response.json({ alone: true })
    }
    const { reads } = JSON.parse(String(init?.body)) as { reads: string[] }
    asked.push(reads)
    return Response.json({ answers: reads.map(say) })
  })
  return asked
}

const get = (path: string, signal?: AbortSignal) => gather(new Request('http://quan.test' + path, { headers: { 'Accept-Language': 'en' }, signal }))

test('reads of one moment go together, each with its own answer', async () => {
  const asked = told((r) => (r === '/v1/b?x=1' ? { status: 404, body: { code: 'not_found' } } : { status: 200, etag: '"3"', body: { of: r } }))
  const [a, b] = await Promise.all([get('/v1/a'), get('/v1/b?x=1')])
  expect(asked).toEqual([['/v1/a', '/v1/b?x=1']])
  expect([a.ok, a.headers.get('ETag'), await a.json()]).toEqual([true, '"3"', { of: '/v1/a' }])
  expect([b.status, JSON.parse(await b.text())]).toEqual([404, { code: 'not_found' }])
})

test('one read goes as it is, and so does what writes', async () => {
  const asked = told(() => ({ status: 200, body: {} }))
  await get('/v1/a')
  await Promise.all([gather(new Request('http://quan.test/v1/c', { method: 'POST' })), get('/v1/b')])
  expect(asked).toEqual(['GET /v1/a', 'POST /v1/c', 'GET /v1/b'])
})

test('a read that is given up fails by itself', async () => {
  told((r) => ({ status: 200, body: r }))
  const stop = new AbortController()
  const [a, b] = [get('/v1/a'), get('/v1/b', stop.signal)]
  stop.abort()
  await expect(b).rejects.toMatchObject({ name: 'AbortError' })
  expect((await a).ok).toBe(true)
})

test('a refusal of the whole is one of each', async () => {
  vi.stubGlobal('fetch', async () => Response.json({ code: 'unauthenticated' }, { status: 401 }))
  const both = await Promise.all([get('/v1/a'), get('/v1/b')])
  expect(await Promise.all(both.map(async (r) => [r.status, await r.text()]))).toEqual(Array(2).fill([401, '{"code":"unauthenticated"}']))
})
