import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Problem, Unreachable, type Schemas } from '@/api/client'
import { Keeping } from './keeping'

type Body = { n: number }

/** A server with one row. */
class Server {
  body: Body = { n: 0 }
  rev = 1
  fault: (() => Error | undefined) | undefined
  saves = 0
  save = (body: Body, etag: string): Promise<string> => {
    this.saves++
    const e = this.fault?.()
    if (e) return Promise.reject(e)
    if (etag !== `"${this.rev}"`) return Promise.reject(problem(412))
    this.body = body
    return Promise.resolve(`"${++this.rev}"`)
  }
  newest = () => Promise.resolve({ body: this.body, etag: `"${this.rev}"` })
}

const problem = (status: number) => new Problem({ status, code: 'x', title: '', detail: '', request_id: 'r' } as Schemas['Problem'])

function keeping(s: Server) {
  return new Keeping<Body>({ key: 'k', body: s.body, etag: `"${s.rev}"`, save: s.save, newest: s.newest, same: (a, b) => a.n === b.n })
}

beforeEach(() => {
  vi.useFakeTimers()
  localStorage.clear()
})
afterEach(() => vi.useRealTimers())

it('saves once after typing has stopped', async () => {
  const s = new Server()
  const k = keeping(s)
  for (let n = 1; n <= 5; n++) k.change(() => ({ n }))
  expect(localStorage.getItem('k')).toContain('"n":5')
  await vi.advanceTimersByTimeAsync(1000)
  expect([s.saves, s.body.n, k.state().standing]).toEqual([1, 5, 'saved'])
  expect(localStorage.getItem('k')).toBeNull()
})

it('keeps what is typed without a network and sends it later', async () => {
  const s = new Server()
  s.fault = () => new Unreachable()
  const k = keeping(s)
  k.change(() => ({ n: 7 }))
  await vi.advanceTimersByTimeAsync(1000)
  expect(k.state().standing).toBe('away')
  k.stop() // the page is closed, and opened again
  const again = keeping(s)
  expect(again.state().body.n).toBe(7)
  s.fault = undefined
  await vi.advanceTimersByTimeAsync(5000)
  expect([s.body.n, again.state().standing]).toEqual([7, 'saved'])
})

it('takes a lost answer for what it was', async () => {
  const s = new Server()
  const k = keeping(s)
  s.fault = () => {
    s.body = { n: 3 }
    s.rev++
    s.fault = undefined
    return new Unreachable()
  }
  k.change(() => ({ n: 3 }))
  await vi.advanceTimersByTimeAsync(6000)
  expect([k.state().standing, s.rev]).toEqual(['saved', 2])
})

it('shows a conflict, loses nothing, and does as told', async () => {
  for (const choice of ['load', 'overwrite'] as const) {
    localStorage.clear()
    const s = new Server()
    const k = keeping(s)
    s.body = { n: 100 }
    s.rev = 9
    k.change(() => ({ n: 1 }))
    await vi.advanceTimersByTimeAsync(1000)
    expect([k.state().standing, k.state().body.n, s.body.n]).toEqual(['conflict', 1, 100])
    k.change(() => ({ n: 2 }))
    await vi.advanceTimersByTimeAsync(5000)
    expect([k.state().standing, s.body.n]).toEqual(['conflict', 100])
    expect(keeping(s).state()).toMatchObject({ standing: 'conflict', body: { n: 2 } })
    await k[choice]()
    expect([k.state().standing, k.state().body.n, s.body.n]).toEqual(choice === 'load' ? ['saved', 100, 100] : ['saved', 2, 2])
  }
})

it('keeps what is refused, and what is typed after the session has ended', async () => {
  const s = new Server()
  const k = keeping(s)
  s.fault = () => problem(400)
  k.change(() => ({ n: 1 }))
  await vi.advanceTimersByTimeAsync(1000)
  expect([k.state().standing, k.state().problem?.status]).toEqual(['refused', 400])
  s.fault = () => problem(401)
  k.change(() => ({ n: 2 }))
  await vi.advanceTimersByTimeAsync(1000)
  expect(k.state().standing).toBe('expired')
  expect(localStorage.getItem('k')).toContain('"n":2')
  s.fault = undefined
  expect(await k.flush()).toBe(true)
  expect(s.body.n).toBe(2)
})

it('saves what is typed while a save is under way', async () => {
  const s = new Server()
  const k = keeping(s)
  const save = s.save
  let release = () => {}
  s.save = () => Promise.reject(new Error('not this one'))
  const slow = new Keeping<Body>({
    key: 'k2', body: s.body, etag: '"1"', newest: s.newest, same: (a, b) => a.n === b.n,
    save: async (b, e) => {
      await new Promise<void>((r) => (release = r))
      return save(b, e)
    },
  })
  slow.change(() => ({ n: 1 }))
  await vi.advanceTimersByTimeAsync(800)
  slow.change(() => ({ n: 2 }))
  release()
  await vi.advanceTimersByTimeAsync(800)
  release()
  await vi.advanceTimersByTimeAsync(800)
  expect([s.body.n, slow.state().standing, s.rev]).toEqual([2, 'saved', 3])
  k.stop()
})
