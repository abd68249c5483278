import { useState } from 'preact/hooks'
import { readMoney } from './money'
import type { Line } from './queue'
import type { Till } from './Redeem'
import { t } from './words'

/** Offline says what a scan without network is worth, and keeps it where the clerk agrees. */
export function Offline({ till, keep, back }: { till: Till; keep: (lines: Line[], currency: string) => Promise<void>; back: () => void }) {
  const currency = till.contact?.currency ?? 'CNY'
  const [amount, setAmount] = useState('')
  const [busy, setBusy] = useState(false)
  const minor = amount.trim() === '' ? 0 : readMoney(amount, currency)
  return (
    <form
      class="card"
      onSubmit={(e) => {
        e.preventDefault()
        if (minor === null || busy) return
        setBusy(true)
        void keep(minor > 0 ? [{ quantity: 1, unit_minor: minor }] : [], currency)
      }}
    >
      <h2>{t('off.title')}</h2>
      <div class="alert wait" role="alert">
        {t('off.risk')}
      </div>
      <p>{t('off.dynamic')}</p>
      <label>
        {t('cart.amount', { currency })}
        <input name="amount" inputMode="decimal" autocomplete="off" value={amount} maxLength={18} onInput={(e) => setAmount(e.currentTarget.value)} />
        <span class="quiet small">{minor === null ? t('cart.wrong') : t('off.amount')}</span>
      </label>
      <button class="main go" disabled={minor === null || busy}>
        {t('off.agree')}
      </button>
      <button type="button" onClick={back}>
        {t('look.cancel')}
      </button>
    </form>
  )
}
