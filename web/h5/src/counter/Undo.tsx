import { useState } from 'preact/hooks'
import { call, type Schemas } from './api'
import { showMoney } from './money'
import { Trouble } from './Trouble'
import { language, t } from './words'

interface Props {
  source: string
  order: string
  coupon: string
  /** The order has goods on it, so that money goes back too. */
  goods: boolean
  currency: string
  keep: () => void
  next: () => void
}

/** Undo gives a redemption back that was a mistake. The refund's number acts once for ever. */
export function Undo({ source, order, coupon, goods, currency, keep, next }: Props) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const [done, setDone] = useState<{ back: boolean; minor: number } | null>(null)

  async function give() {
    setBusy(true)
    setError(null)
    const key = `back-${source}-${order}-${coupon}`.slice(0, 255)
    try {
      if (goods) {
        const r = await call<Schemas['RefundRow']>('POST', '/v1/refunds', { order: { source, ref: order }, refund: `${order}-back`.slice(0, 128), full: true }, key)
        setDone({ back: r.coupons_back.includes(coupon), minor: r.minor })
      } else {
        const r = await call<Schemas['ReturnedRow']>('POST', '/v1/returns', { order: { source, ref: order }, coupon }, key)
        setDone({ back: r.coupon.state === 'usable', minor: 0 })
      }
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
    }
  }

  if (done)
    return (
      <>
        <section class="verdict yes" role="status" aria-live="assertive" data-verdict="back">
          <h2>✓ {t('undone')}</h2>
          <span>{t(done.back ? 'undone.back' : 'undone.gone')}</span>
          {done.minor > 0 && <span class="big">{t('undone.pay', { amount: showMoney(done.minor, currency, language()) })}</span>}
        </section>
        <button class="main go" onClick={next}>
          {t('next')}
        </button>
      </>
    )
  return (
    <section class="card">
      <h2>{t('undo.title')}</h2>
      <p>{t('undo.text')}</p>
      <Trouble error={error} />
      <button class="main go" disabled={busy} onClick={() => void give()}>
        {busy ? t('loading') : t('undo.do')}
      </button>
      <button disabled={busy} onClick={keep}>
        {t('undo.keep')}
      </button>
    </section>
  )
}
