import { useEffect, useState } from 'preact/hooks'
import { call, type Schemas } from './api'
import { showMoney } from './money'
import type { Till } from './Redeem'
import { Trouble } from './Trouble'
import { Undo } from './Undo'
import { language, moment, t } from './words'

type Row = Schemas['UsedRow']

/** Today is the shift: what was redeemed and given back here today, in figures and one by one. */
export function Today({ till }: { till: Till }) {
  const [mine, setMine] = useState(true)
  const [totals, setTotals] = useState<Schemas['TotalsBody'] | null>(null)
  const [rows, setRows] = useState<Row[]>([])
  const [names, setNames] = useState<Record<string, string>>({})
  const [cursor, setCursor] = useState<string | undefined>()
  const [undo, setUndo] = useState<Row | null>(null)
  const [error, setError] = useState<unknown>(null)
  const market = till.contact?.market ?? 'main'

  const query = (more?: string) =>
    new URLSearchParams({ market, store: till.shop.code, ...(mine ? { operator: till.clerk.id } : {}), from: totals?.from ?? '', to: totals?.to ?? '', limit: '20', ...(more ? { cursor: more } : {}) })

  async function ask() {
    setError(null)
    try {
      const sums = await call<Schemas['TotalsBody']>('GET', '/v1/counter/totals?' + new URLSearchParams({ market, store: till.shop.code, ...(mine ? { clerk: till.clerk.id } : {}) }).toString())
      setTotals(sums)
      const q = new URLSearchParams({ market, store: till.shop.code, ...(mine ? { operator: till.clerk.id } : {}), from: sums.from, to: sums.to, limit: '20' })
      const page = await call<Schemas['UsedListBody']>('GET', '/v1/redemptions?' + q.toString())
      setRows(page.items)
      setNames(page.names.templates ?? {})
      setCursor(page.next_cursor)
    } catch (e) {
      setError(e)
    }
  }
  async function more() {
    try {
      const page = await call<Schemas['UsedListBody']>('GET', '/v1/redemptions?' + query(cursor).toString())
      setRows((now) => [...now, ...page.items])
      setNames((now) => ({ ...now, ...page.names.templates }))
      setCursor(page.next_cursor)
    } catch (e) {
      setError(e)
    }
  }
  useEffect(() => void ask(), [mine, till.online])

  if (undo)
    return (
      <Undo source={undo.order.source} order={undo.order.ref} coupon={undo.coupon} goods={undo.list_minor > 0} currency={undo.currency} keep={() => setUndo(null)} next={() => {
        setUndo(null)
        void ask()
      }} />
    )
  const currencies = [...new Set((totals?.items ?? []).map((r) => r.currency))]
  const sum = (c: string, of: (r: Schemas['TotalRow']) => number) => (totals?.items ?? []).filter((r) => r.currency === c).reduce((n, r) => n + of(r), 0)
  return (
    <>
      <h2>{t('today.title')}</h2>
      <div class="row">
        <button aria-pressed={mine} class={mine ? 'main' : ''} onClick={() => setMine(true)}>
          {t('today.mine')}
        </button>
        <button aria-pressed={!mine} class={mine ? '' : 'main'} onClick={() => setMine(false)}>
          {t('today.store')}
        </button>
      </div>
      <Trouble error={error} />
      {!totals && !error && <p class="quiet">{t('loading')}</p>}
      {totals && currencies.length === 0 && <p class="card quiet">{t('today.none')}</p>}
      {currencies.map((c) => (
        <div key={c} class="figures">
          <Figure name={t('today.redeemed')} value={String(sum(c, (r) => r.redeemed))} />
          <Figure name={t('today.off')} value={showMoney(sum(c, (r) => r.discount_minor), c, language())} />
          <Figure name={t('today.returned')} value={String(sum(c, (r) => r.returned))} />
          <Figure name={t('today.offback')} value={showMoney(sum(c, (r) => r.returned_minor), c, language())} />
        </div>
      ))}
      {!mine && (
        <ul class="list">
          {(totals?.items ?? []).map((r) => (
            <li key={(r.clerk ?? '') + r.currency}>
              <b>{r.name || r.clerk || '–'}</b>
              <span class="numbers">
                {t('today.redeemed')} {r.redeemed} · {showMoney(r.discount_minor, r.currency, language())} · {t('today.returned')} {r.returned}
              </span>
            </li>
          ))}
        </ul>
      )}
      {rows.length > 0 && <h3>{t('today.list')}</h3>}
      <ul class="list">
        {rows.map((r) => (
          <li key={r.id} class={r.returned_at ? '' : 'yes'}>
            <b>{names[r.template] ?? r.coupon}</b>
            <span class="quiet small">
              {moment(r.at, till.contact?.zone)}
              {r.returned_at ? ` · ${t('today.back')}` : ''}
              {r.scanned_at ? ` · ${t('today.offline')}` : ''}
            </span>
            <span class="numbers">
              −{showMoney(r.discount_minor, r.currency, language())} · {t('price.pay')} {showMoney(r.paid_minor, r.currency, language())}
            </span>
            {!r.returned_at && (
              <button class="slim" onClick={() => setUndo(r)}>
                {t('undo.do')}
              </button>
            )}
          </li>
        ))}
      </ul>
      {cursor && <button onClick={() => void more()}>{t('today.more')}</button>}
    </>
  )
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div class="figure">
      <span class="quiet">{name}</span>
      <b>{value}</b>
    </div>
  )
}
