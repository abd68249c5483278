import { useEffect, useState } from 'preact/hooks'
import { Trouble } from './Trouble'
import { shops, type Shop } from './session'
import { t } from './words'

/** Stores asks at which store of the clerk's the counter stands. */
export function Stores({ chosen }: { chosen: (s: Shop) => void }) {
  const [all, setAll] = useState<Shop[] | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [find, setFind] = useState('')
  const ask = () => {
    setError(null)
    shops().then(setAll, setError)
  }
  useEffect(ask, [])
  useEffect(() => {
    const only = all?.length === 1 ? all[0] : undefined
    if (only) chosen(only)
  }, [all])
  const shown = (all ?? []).filter((s) => `${s.code} ${s.name} ${s.city}`.toLowerCase().includes(find.toLowerCase())).slice(0, 100)
  return (
    <section class="card">
      <h2>{t('store.title')}</h2>
      <Trouble error={error} />
      {error ? <button onClick={ask}>{t('again')}</button> : null}
      {!all && !error && <p class="quiet">{t('loading')}</p>}
      {all && all.length > 8 && <input type="search" aria-label={t('store.find')} placeholder={t('store.find')} value={find} onInput={(e) => setFind(e.currentTarget.value)} />}
      {all?.length === 0 && <p>{t('store.none')}</p>}
      {shown.map((s) => (
        <button key={s.code} onClick={() => chosen(s)}>
          {s.name} <span class="quiet small">{s.city}</span>
        </button>
      ))}
    </section>
  )
}
