import { useState } from 'preact/hooks'
import { showMoney } from './money'
import type { Entry } from './queue'
import type { Till } from './Redeem'
import { language, moment, t } from './words'

/** Waiting lists what waits, and what became of what waited. */
export function Waiting({ till, entries }: { till: Till; entries: Entry[] }) {
  const [busy, setBusy] = useState(false)
  const [sure, setSure] = useState('')
  const ours = [...entries].sort((a, b) => b.at - a.at)
  const settled = ours.filter((e) => e.state !== 'waiting')
  const amount = (e: Entry) => e.lines.reduce((sum, l) => sum + l.quantity * l.unit_minor, 0)
  const send = async () => {
    setBusy(true)
    await till.queue.send(till.clerk.id)
    setBusy(false)
  }
  return (
    <>
      <h2>{t('wait.title')}</h2>
      {ours.length === 0 && <p class="card quiet">{t('wait.none')}</p>}
      {ours.some((e) => e.state === 'waiting' && e.clerk === till.clerk.id) && (
        <button class="main go" disabled={busy} onClick={() => void send()}>
          {t(busy ? 'wait.sending' : 'wait.send')}
        </button>
      )}
      <ul class="list">
        {ours.map((e) => (
          <li key={e.key} class={e.state === 'waiting' ? 'wait' : e.state} data-state={e.state}>
            <b>{e.state === 'yes' ? `✓ ${t('yes.title')}` : e.state === 'no' ? `✕ ${e.title ?? t('no.title')}` : `… ${t('wait.state')}`}</b>
            {e.name && <span>{e.name}</span>}
            {e.state === 'no' && <span>{e.detail}</span>}
            <span class="quiet small">
              {t('wait.scanned', { at: moment(e.at, till.contact?.zone) })}
              {amount(e) > 0 && ` · ${t('wait.amount', { amount: showMoney(amount(e), e.currency, language()) })}`}
              {e.state === 'yes' && e.payable !== undefined && amount(e) > 0 && ` · ${t('price.pay')} ${showMoney(e.payable, e.currency, language())}`}
            </span>
            <span class="quiet small numbers">{e.scan.length > 24 ? e.scan.slice(0, 20) + '…' : e.scan}</span>
            {e.state === 'waiting' && e.clerk !== till.clerk.id && <span>{t('wait.clerk')}</span>}
            {e.state === 'waiting' && (sure === e.key ? (
              <div class="row">
                <button onClick={() => void till.queue.forget(e.key)}>{t('wait.drop.do')}</button>
                <button onClick={() => setSure('')}>{t('look.cancel')}</button>
                <span class="alert wait" role="alert">
                  {t('wait.drop.sure')}
                </span>
              </div>
            ) : (
              <button class="plain slim" onClick={() => setSure(e.key)}>
                {t('wait.drop')}
              </button>
            ))}
          </li>
        ))}
      </ul>
      {settled.length > 0 && <button onClick={() => settled.forEach((e) => void till.queue.forget(e.key))}>{t('wait.clear')}</button>}
    </>
  )
}
