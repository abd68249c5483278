import { useEffect, useState } from 'preact/hooks'
import { call, type Held, type Schemas } from './api'
import { Trouble } from './parts'
import { ends } from './Wallet'
import { t } from './words'

/** Code shows a coupon's dynamic QR code, and a new one before it is over. */
export function Code({ coupon }: { coupon: Held }) {
  const [dark, setDark] = useState<string>()
  const [side, setSide] = useState(0)
  const [error, setError] = useState<unknown>()
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>
    let gone = false
    const draw = async () => {
      try {
        const [{ encodeQR }, made] = await Promise.all([import('qr'), call<Schemas['ShownRow']>('POST', `/v1/coupons/${coupon.id}/qr`)])
        if (gone) return
        const rows = encodeQR(made.code, 'raw', { border: 2, ecc: 'medium' })
        setSide(rows.length)
        setDark(rows.map((row, y) => row.map((on, x) => (on ? `M${x} ${y}h1v1h-1z` : '')).join('')).join(''))
        setError(undefined)
        // A quarter of its life early, so that no clerk meets one that is over.
        timer = setTimeout(draw, Math.max(5000, (Date.parse(made.expires_at) - Date.parse(made.made_at)) * 0.75))
      } catch (e) {
        if (!gone) setError(e)
      }
    }
    void draw()
    return () => {
      gone = true
      clearTimeout(timer)
    }
  }, [turn])
  return (
    <div class="code">
      <b class="gives">{coupon.card}</b>
      {dark && !error && (
        <svg viewBox={`0 0 ${side} ${side}`} role="img" aria-label={t('qrAlt')} shape-rendering="crispEdges">
          <path fill="#fff" d={`M0 0h${side}v${side}H0z`} />
          <path fill="#000" d={dark} />
        </svg>
      )}
      {!!error && <Trouble error={error} again={() => setTurn(turn + 1)} />}
      <span class="quiet">{t('qrHint')}</span>
      <span>
        {t('number')} <b class="number">{coupon.number}</b>
      </span>
      <span class="quiet">{ends(coupon)}</span>
    </div>
  )
}
