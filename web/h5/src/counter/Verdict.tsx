import { useEffect, useRef } from 'preact/hooks'
import type { Schemas } from './api'
import { showMoney } from './money'
import type { Entry } from './queue'
import { language, t } from './words'

/** Outcome is what came of a scan: yes, no, or not known yet. */
export type Outcome =
  | { kind: 'yes'; done: Schemas['RedeemedRow']; seen: Schemas['LookRow']; entry: Entry }
  | { kind: 'no' | 'wait'; title: string; detail: string; name?: string; request?: string }

/** Verdict is one clear colour, the reason in words, and what to do. */
export function Verdict({ outcome: o, next, undo }: { outcome: Outcome; next: () => void; undo?: (() => void) | undefined }) {
  const first = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    first.current?.focus()
    if (o.kind !== 'yes') navigator.vibrate?.([80, 60, 80])
  }, [])
  return (
    <>
      <section class={`verdict ${o.kind}`} role="status" aria-live="assertive" data-verdict={o.kind}>
        {o.kind === 'yes' ? <Yes {...o} /> : <No {...o} />}
      </section>
      <button ref={first} class="main go" onClick={next}>
        {t('next')}
      </button>
      {undo && <button onClick={undo}>{t('undo')}</button>}
    </>
  )
}

function Yes({ done, seen }: { done: Schemas['RedeemedRow']; seen: Schemas['LookRow'] }) {
  const use = done.redemptions[0]
  const money = (minor: number) => showMoney(minor, done.order.currency, language())
  const gift = use?.gift_quantity ?? 0
  return (
    <>
      <h2>✓ {t('yes.title')}</h2>
      <span>{seen.name}</span>
      {done.order.list_minor > 0 && <span class="big">{t('yes.pay', { amount: money(done.order.paid_minor) })}</span>}
      {use && use.discount_minor > 0 && <span>{t('yes.off', { amount: money(use.discount_minor) })}</span>}
      {gift > 0 && <span class="big">{t('yes.gift', { name: seen.gift?.sku ?? '', count: gift })}</span>}
      {use?.benefit && <span class="big">{t('yes.benefit', { value: use.benefit.value, unit: use.benefit.unit })}</span>}
      {done.order.list_minor === 0 && gift === 0 && !use?.benefit && <span>{t('yes.give')}</span>}
    </>
  )
}

function No({ kind, title, detail, name, request }: Extract<Outcome, { kind: 'no' | 'wait' }>) {
  return (
    <>
      <h2>
        {kind === 'no' ? '✕' : '…'} {title}
      </h2>
      {name && <span>{name}</span>}
      <span>{detail}</span>
      {kind === 'no' && <span>{t('no.next')}</span>}
      {request && <small>{t('request', { id: request })}</small>}
    </>
  )
}
