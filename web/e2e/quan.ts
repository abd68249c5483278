import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test as base, type Page } from '@playwright/test'

/** A program of our own with an empty database, on a free port of this machine. */
export interface Quan {
  url: string
  /** Key of the first start: may do everything. */
  key: string
  /** Token with which the first administrator is made. */
  setup: string
  /** Asks the API with the key; throws where the answer is no success. */
  call: <T = unknown>(method: string, path: string, body?: unknown, more?: Record<string, string>) => Promise<T>
  /** What the program has printed and logged so far. */
  log: () => string
  stop: () => Promise<void>
  start: () => Promise<void>
}

const program = fileURLToPath(new URL('../../bin/quan', import.meta.url))
let acts = 0

async function open(args: string[]): Promise<Quan> {
  const folder = mkdtempSync(join(tmpdir(), 'quan-e2e-'))
  let child: ChildProcess | undefined
  let log = ''
  let port = '0'
  const quan: Quan = {
    url: '',
    key: '',
    setup: '',
    log: () => log,
    async start() {
      const c = spawn(program, ['serve', '--db', join(folder, 'quan.db'), '--listen', `127.0.0.1:${port}`, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
      child = c
      const from = log.length
      await new Promise<void>((resolve, reject) => {
        const read = (d: Buffer) => {
          log += d.toString()
          const said = log.slice(from)
          quan.url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? quan.url
          quan.key = /quan_[a-z0-9]{20,}/.exec(said)?.[0] ?? quan.key
          quan.setup = /#setup=([a-z0-9]+)/.exec(said)?.[1] ?? quan.setup
          if (quan.url && /API documentation/.test(said)) resolve()
        }
        c.stdout?.on('data', read)
        c.stderr?.on('data', read)
        c.on('exit', (code) => reject(new Error(`quan ended with ${code}:\n${log}`)))
      })
      port = new URL(quan.url).port
      for (;;) {
        const ready = await fetch(quan.url + '/readyz').catch(() => undefined)
        if (ready?.ok) return
        await new Promise((r) => setTimeout(r, 20))
      }
    },
    async stop() {
      const c = child
      if (!c || c.exitCode !== null) return
      c.removeAllListeners('exit')
      const ended = new Promise((r) => c.on('exit', r))
      c.kill('SIGTERM')
      await ended
    },
    async call<T>(method: string, path: string, body?: unknown, more?: Record<string, string>): Promise<T> {
      const headers: Record<string, string> = { Authorization: `Bearer ${quan.key}`, 'Content-Type': 'application/json' }
      if (method === 'POST') headers['Idempotency-Key'] = `e2e-${process.pid}-${++acts}`
      Object.assign(headers, more)
      const ask = () => fetch(quan.url + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) })
      let a = await ask()
      for (let again = 0; a.status === 503 && again < 5; again++) {
        await new Promise((r) => setTimeout(r, 1000)) // as Retry-After says: the machine is busy with other tests
        a = await ask()
      }
      const text = await a.text()
      if (!a.ok) throw new Error(`${method} ${path}: ${a.status} ${text}`)
      return (text ? JSON.parse(text) : undefined) as T
    },
  }
  await quan.start()
  quan.call('GET', '/healthz').catch(() => {})
  const stop = quan.stop
  quan.stop = stop
  cleanups.set(quan, async () => {
    await stop()
    rmSync(folder, { recursive: true, force: true })
  })
  return quan
}

const cleanups = new Map<Quan, () => Promise<void>>()

/** The first administrator of every test's program. */
export const admin = { login: 'ada', name: 'Ada', password: 'apples under the old bridge' }

/** Programs hands out one program a file: a worker that goes on to the next file begins anew. */
type Programs = (file: string) => Promise<Quan>

/**
 * test has a program of its own per file (quan), which the file's tests share, and a page
 * that fails the test when something is wrong in the browser's console (page).
 */
export const test = base.extend<{ quan: Quan; strict: void }, { args: string[]; programs: Programs }>({
  args: [[], { option: true, scope: 'worker' }],
  programs: [
    async ({ args }, use) => {
      let running: { file: string; quan: Quan } | undefined
      const end = async () => running && (await cleanups.get(running.quan)?.())
      await use(async (file) => {
        if (running?.file !== file) {
          await end()
          running = { file, quan: await open(args) }
        }
        return running.quan
      })
      await end()
    },
    { scope: 'worker' },
  ],
  quan: async ({ programs }, use, info) => use(await programs(info.file)),
  strict: [
    async ({ page }, use) => {
      const wrong = errorsOf(page)
      await use()
      expect(wrong, 'errors in the browser console').toEqual([])
    },
    { auto: true },
  ],
})

export { expect }

/** errorsOf collects what the browser's console says is wrong on a page; a test that opens a page of its own asks it too. */
export function errorsOf(page: Page): string[] {
  const wrong: string[] = []
  page.on('pageerror', (e) => wrong.push(String(e)))
  page.on('console', (m) => {
    // A refusal that the page shows is also a line of the browser's: no fault of ours.
    if (m.type() === 'error' && !/Failed to load resource/.test(m.text())) wrong.push(m.text())
  })
  return wrong
}

/** administrator makes the first administrator where there is none. */
export async function administrator(quan: Quan) {
  const needed = (await (await fetch(quan.url + '/v1/setup')).json()) as { needed: boolean }
  if (needed.needed) {
    const a = await fetch(quan.url + '/v1/setup', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ ...admin, token: quan.setup }) })
    expect(a.status).toBe(201)
  }
}

/** signIn enters the console as the administrator, or as somebody else who is there. */
export async function signIn(page: Page, quan: Quan, language = 'en', who: { login: string; password: string } = admin) {
  await page.addInitScript((l) => localStorage.setItem('quan.language', l), language)
  await administrator(quan)
  const a = await page.request.post(quan.url + '/v1/sessions', { data: { login: who.login, password: who.password } })
  expect(a.status()).toBe(201)
  await page.goto(quan.url + '/console/')
}
