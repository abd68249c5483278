import { useEffect, useRef, useState } from 'preact/hooks'
import { call, newKey, Problem, Unreachable, type Schemas } from './api'
import { NoCamera, watch } from './camera'
import { Cart, type Filled } from './Cart'
import { Offline } from './Offline'
import { awayOf, newRef, redeem, type Entry, type Queue } from './queue'
import type { Contact } from './contact'
import type { Clerk, Shop } from './session'
import { moment, t } from './words'
import { Trouble } from './Trouble'
import { Undo } from './Undo'
import { Verdict, type Outcome } from './Verdict'

export interface Till {
  clerk: Clerk
  shop: Shop
  online: boolean
  contact: Contact | null
  queue: Queue
  /** The server said nothing: the network counts as away. */
  lost: () => void
  /** Says that a session seems to have ended: it is seen to in a moment, not in half a minute. */
  ended: () => void
}

type Step =
  | { at: 'scan'; error?: unknown }
  | { at: 'looking' }
  | { at: 'look'; scan: string; seen: Schemas['LookRow'] }
  | { at: 'offline'; scan: string; away: NonNullable<Entry['away']>; when: number }
  | { at: 'verdict'; outcome: Outcome }
  | { at: 'undo'; entry: Entry; seen: Schemas['LookRow'] }

/** Redeem is the way of one coupon: scan, look, redeem, and what came of it. */
export function Redeem({ till }: { till: Till }) {
  const [step, setStep] = useState<Step>({ at: 'scan' })
  const again = () => setStep({ at: 'scan' })

  async function look(scan: string) {
    const when = Date.now()
    const kept = () => {
      const away = awayOf(till.contact, when)
      setStep(away ? { at: 'offline', scan, away, when } : { at: 'verdict', outcome: { kind: 'wait', title: t('off.title'), detail: t('off.nopass') } })
    }
    if (!till.online) return kept()
    setStep({ at: 'looking' })
    try {
      const seen = await call<Schemas['LookRow']>('POST', '/v1/counter/look', { scan })
      if (seen.usable || !seen.refusal) setStep({ at: 'look', scan, seen })
      else setStep({ at: 'verdict', outcome: { kind: 'no', title: seen.refusal.title, detail: seen.refusal.detail, name: seen.name } })
    } catch (e) {
      if (e instanceof Unreachable) {
        till.lost()
        kept()
      } else if (e instanceof Problem && e.status < 500 && e.status !== 429 && e.status !== 401) setStep({ at: 'verdict', outcome: { kind: 'no', title: e.title, detail: e.detail, request: e.request } })
      else {
        if (e instanceof Problem && e.status === 401) till.ended()
        setStep({ at: 'scan', error: e })
      }
    }
  }

  async function use(scan: string, seen: Schemas['LookRow'], filled: Filled) {
    const entry: Entry = {
      key: newKey(), ref: newRef(), clerk: till.clerk.id, shop: till.shop.code, city: till.shop.city, merchant: till.shop.merchant, scan, at: Date.now(),
      market: seen.market, currency: seen.currency, lines: filled.lines, balance: filled.balance, coupon: seen.coupon.id, name: seen.name, state: 'waiting',
    }
    await till.queue.add(entry) // before it is sent, so that nothing can be forgotten
    try {
      const done = await redeem(entry)
      await till.queue.forget(entry.key)
      setStep({ at: 'verdict', outcome: { kind: 'yes', done, seen, entry } })
    } catch (e) {
      if (e instanceof Problem && !e.passing && e.status !== 401) {
        await till.queue.forget(entry.key)
        setStep({ at: 'verdict', outcome: { kind: 'no', title: e.title, detail: e.detail, name: seen.name, request: e.request } })
        return
      }
      if (e instanceof Unreachable) till.lost()
      else if (e instanceof Problem && e.status === 401) till.ended()
      setStep({ at: 'verdict', outcome: { kind: 'wait', title: t('unknown.title'), detail: t('unknown.text'), name: seen.name } })
    }
  }

  switch (step.at) {
    case 'scan':
    case 'looking':
      return <Scan busy={step.at === 'looking'} error={step.at === 'scan' ? step.error : null} found={(s) => void look(s)} />
    case 'look':
      return <Look seen={step.seen} till={till} back={again} use={(f) => use(step.scan, step.seen, f)} />
    case 'offline':
      return (
        <Offline
          till={till}
          back={again}
          keep={async (lines, currency) => {
            await till.queue.add({
              key: newKey(), ref: newRef(), clerk: till.clerk.id, shop: till.shop.code, city: till.shop.city, merchant: till.shop.merchant, scan: step.scan, away: step.away, at: step.when,
              market: till.contact?.market ?? '', currency, lines, state: 'waiting',
            })
            setStep({ at: 'verdict', outcome: { kind: 'wait', title: t('off.kept'), detail: t('off.kept.text') } })
          }}
        />
      )
    case 'verdict': {
      const o = step.outcome
      return <Verdict outcome={o} next={again} undo={o.kind === 'yes' ? () => setStep({ at: 'undo', entry: o.entry, seen: o.seen }) : undefined} />
    }
    case 'undo':
      return <Undo order={step.entry.ref} source="counter" coupon={step.seen.coupon.id} goods={step.entry.lines.length > 0} currency={step.entry.currency} keep={again} next={again} />
  }
}

/** Scan takes what is scanned or typed; hardware scanners type and press Enter. */
function Scan({ found, busy, error }: { found: (text: string) => void; busy: boolean; error: unknown }) {
  const [filming, setFilming] = useState(false)
  const [why, setWhy] = useState('')
  const box = useRef<HTMLInputElement>(null)
  const video = useRef<HTMLVideoElement>(null)

  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches) box.current?.focus() // on a phone the keyboard would cover the page
    // A scanner that types while nothing has the focus types into the box.
    const type = (e: KeyboardEvent) => {
      if (e.key.length === 1 && !e.ctrlKey && !e.metaKey && !e.altKey && document.activeElement === document.body) box.current?.focus()
    }
    addEventListener('keydown', type)
    return () => removeEventListener('keydown', type)
  }, [])

  useEffect(() => {
    if (!filming || !video.current) return
    const stop = new AbortController()
    watch(
      video.current,
      (text) => {
        stop.abort()
        navigator.vibrate?.(60)
        found(text)
      },
      stop.signal,
    ).catch((e) => {
      setFilming(false)
      setWhy(t(`scan.${e instanceof NoCamera ? e.why : 'nocamera'}`))
    })
    return () => stop.abort()
  }, [filming])

  return (
    <div class="halves">
      <div>
        <Trouble error={error} />
        <form
          class="card"
          onSubmit={(e) => {
            e.preventDefault()
            const text = box.current?.value.trim() ?? ''
            if (text && !busy) found(text)
          }}
        >
          <h2>{t('scan.title')}</h2>
          <label>
            {t('scan.label')}
            <input ref={box} name="scan" required maxLength={200} autocomplete="off" autocapitalize="characters" autocorrect="off" spellcheck={false} enterkeyhint="go" placeholder={t('scan.hint')} />
          </label>
          <button class="main go" disabled={busy}>
            {busy ? t('loading') : t('scan.look')}
          </button>
        </form>
      </div>
      <div>
        {why && (
          <div class="alert wait" role="alert">
            {why}
          </div>
        )}
        {filming && (
          <div class="camera">
            <video ref={video} muted playsInline aria-label={t('scan.aim')} />
            <div class="frame" />
          </div>
        )}
        <button
          class="go"
          onClick={() => {
            setWhy('')
            setFilming(!filming)
          }}
        >
          {t(filming ? 'scan.stop' : 'scan.camera')}
        </button>
        {filming && <p class="quiet">{t('scan.aim')}</p>}
      </div>
    </div>
  )
}

/** Look shows what the coupon gives, before anything is done. */
function Look({ seen, till, back, use }: { seen: Schemas['LookRow']; till: Till; back: () => void; use: (f: Filled) => Promise<void> }) {
  const c = seen.coupon
  return (
    <div class="halves">
      <section class="card">
        <h2>{seen.name}</h2>
        <p class="gives">{seen.card}</p>
        <Sentences of={seen.sentences.slice(0, 3)} />
        {seen.sentences.length > 3 && (
          <details>
            <summary>{t('look.terms')}</summary>
            <Sentences of={seen.sentences.slice(3)} />
          </details>
        )}
        <dl>
          {Date.parse(c.valid_from) > Date.now() && (
            <>
              <dt>{t('look.from')}</dt>
              <dd>{moment(c.valid_from, seen.zone)}</dd>
            </>
          )}
          <dt>{t('look.until')}</dt>
          <dd>{c.valid_to ? moment(Date.parse(c.valid_to) - 1, seen.zone) : t('look.forever')}</dd>
          {c.uses > 1 && (
            <>
              <dt>{t('look.uses')}</dt>
              <dd>{t('look.uses.n', { left: c.uses - c.used, all: c.uses })}</dd>
            </>
          )}
        </dl>
        <p class={seen.dynamic ? 'quiet' : 'alert wait'}>{t(seen.dynamic ? 'look.dynamic' : 'look.number')}</p>
      </section>
      <Cart seen={seen} till={till} use={use} back={back} />
    </div>
  )
}

function Sentences({ of }: { of: Schemas['SentenceRow'][] }) {
  return (
    <ul>
      {of.map((s) => (
        <li key={s.rule + s.text}>{s.text}</li>
      ))}
    </ul>
  )
}
