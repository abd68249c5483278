import { Problem, Unreachable } from '@/api/client'

/** How a draft stands: as the server has it, on its way, or why it is not there yet. */
export type Standing = 'saved' | 'changed' | 'saving' | 'away' | 'expired' | 'refused' | 'conflict'

export interface State<Body> {
  body: Body
  /** Revision that the server had when the body was taken from it or brought to it. */
  etag: string
  standing: Standing
  /** Why it was refused. */
  problem?: Problem
}

interface Options<Body> {
  /** Under which the browser keeps what is not saved. */
  key: string
  body: Body
  etag: string
  save: (body: Body, etag: string) => Promise<string>
  newest: () => Promise<{ body: Body; etag: string }>
  same: (a: Body, b: Body) => boolean
  storage?: Storage
  /** Milliseconds without typing before a save, and between attempts without an answer. */
  pause?: number
  again?: number
}

/**
 * Keeping saves a document by itself and loses nothing: what is not saved lies in the browser,
 * whatever the reason - no network, an ended session, a refusal, a conflict.
 */
export class Keeping<Body> {
  private now: State<Body>
  private heard = new Set<() => void>()
  private timer: ReturnType<typeof setTimeout> | undefined
  private under: Promise<void> | undefined
  private over = false
  private readonly o: Required<Options<Body>>

  constructor(o: Options<Body>) {
    this.o = { storage: localStorage, pause: 700, again: 4000, ...o }
    this.now = { body: o.body, etag: o.etag, standing: 'saved' }
    const kept = this.kept()
    if (!kept || o.same(kept.body, o.body)) this.o.storage.removeItem(o.key)
    else if (kept.etag === o.etag) {
      this.now = { body: kept.body, etag: o.etag, standing: 'changed' }
      this.later(0)
    } else this.now = { body: kept.body, etag: kept.etag, standing: 'conflict' }
  }

  state = (): State<Body> => this.now

  subscribe = (f: () => void): (() => void) => {
    this.heard.add(f)
    return () => this.heard.delete(f)
  }

  /** change takes what was typed, keeps it, and saves it soon. */
  change(edit: (body: Body) => Body) {
    const body = edit(this.now.body)
    if (body === this.now.body) return
    const standing = this.now.standing === 'conflict' ? 'conflict' : 'changed'
    this.put({ ...this.now, body, standing })
    this.keep()
    if (standing === 'changed') this.later(this.o.pause)
  }

  /** flush saves at once; true when nothing is left to save. */
  async flush(): Promise<boolean> {
    clearTimeout(this.timer)
    while (this.under) await this.under
    if (this.now.standing !== 'saved' && this.now.standing !== 'conflict') await this.bring()
    return this.now.standing === 'saved'
  }

  /** load drops what was typed for what the server has. */
  async load() {
    const there = await this.o.newest()
    this.o.storage.removeItem(this.o.key)
    this.put({ ...there, standing: 'saved' })
  }

  /** overwrite saves what was typed on top of what the server has. */
  async overwrite() {
    const there = await this.o.newest()
    this.put({ body: this.now.body, etag: there.etag, standing: 'changed' })
    this.keep()
    await this.flush()
  }

  /** stop ends all attempts; what is not saved stays kept. */
  stop() {
    this.over = true
    clearTimeout(this.timer)
  }

  /** start goes on after a stop. */
  start() {
    this.over = false
    if (this.now.standing !== 'saved' && this.now.standing !== 'conflict') this.later(this.o.pause)
  }

  private later(ms: number) {
    clearTimeout(this.timer)
    if (!this.over) this.timer = setTimeout(() => void this.flush(), ms)
  }

  private bring(): Promise<void> {
    this.under = this.try().finally(() => (this.under = undefined))
    return this.under
  }

  private async try() {
    const sent = this.now.body
    this.put({ ...this.now, standing: 'saving', problem: undefined })
    try {
      const etag = await this.o.save(sent, this.now.etag)
      this.brought(sent, etag)
    } catch (e) {
      await this.failed(sent, e)
    }
  }

  private brought(sent: Body, etag: string) {
    if (this.now.body === sent) {
      this.o.storage.removeItem(this.o.key)
      this.put({ body: sent, etag, standing: 'saved' })
      return
    }
    this.put({ ...this.now, etag, standing: 'changed' }) // more was typed meanwhile
    this.keep()
    this.later(this.o.pause)
  }

  private async failed(sent: Body, e: unknown) {
    if (e instanceof Problem && e.status === 412) {
      // An answer that got lost leaves its revision behind: then the newest is what was sent.
      const there = await this.o.newest().catch(() => undefined)
      if (!there) return this.away()
      if (this.o.same(there.body, sent)) return this.brought(sent, there.etag)
      this.put({ ...this.now, standing: 'conflict' })
    } else if (e instanceof Problem && e.status === 401) this.put({ ...this.now, standing: 'expired' })
    else if (e instanceof Problem && e.status < 500 && e.status !== 429) this.put({ ...this.now, standing: 'refused', problem: e })
    else if (e instanceof Unreachable || e instanceof Problem) this.away()
    else throw e
    if (this.now.body !== sent && this.now.standing === 'refused') this.later(this.o.pause)
  }

  private away() {
    this.put({ ...this.now, standing: 'away' })
    this.later(this.o.again)
  }

  private keep() {
    try {
      this.o.storage.setItem(this.o.key, JSON.stringify({ etag: this.now.etag, body: this.now.body }))
    } catch {
      // The browser has no room: the page itself still holds it.
    }
  }

  private kept(): { etag: string; body: Body } | undefined {
    try {
      const text = this.o.storage.getItem(this.o.key)
      return text ? (JSON.parse(text) as { etag: string; body: Body }) : undefined
    } catch {
      return undefined
    }
  }

  private put(next: State<Body>) {
    this.now = next
    for (const f of this.heard) f()
  }
}
