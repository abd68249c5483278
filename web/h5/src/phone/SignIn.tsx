import { useEffect, useState } from 'preact/hooks'
import { Trouble } from './parts'
import { call, refused, type Schemas } from './api'
import { t } from './words'

interface Props {
  act: string
  link?: string
  /** Where there is no cookie: takes the token of the session instead. */
  keep?: (token: string) => void
  done: () => void
}

/** SignIn asks for a phone and the code that is sent to it; done follows the sign-in. */
export function SignIn({ act, link, keep, done }: Props) {
  const [phone, setPhone] = useState('')
  const [code, setCode] = useState('')
  const [sent, setSent] = useState<Schemas['VisitCodeRow']>()
  const [wait, setWait] = useState(0)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  useEffect(() => {
    if (wait <= 0) return
    const timer = setTimeout(() => setWait(wait - 1), 1000)
    return () => clearTimeout(timer)
  }, [wait])
  const run = async (f: () => Promise<void>) => {
    setBusy(true)
    setError(undefined)
    try {
      await f()
    } catch (e) {
      setError(e)
    }
    setBusy(false)
  }
  const send = () =>
    run(async () => {
      const s = await call<Schemas['VisitCodeRow']>('POST', '/v1/visits/codes', { phone })
      setSent(s)
      setWait(s.retry_after_seconds)
      const field = document.getElementById('code')
      if (field) field.focus()
    })
  const enter = (e: Event) => {
    e.preventDefault()
    if (!sent) return send()
    return run(async () => {
      const visit = await call<Schemas['VisitRow']>('POST', '/v1/visits', { phone, code, link, ...(keep ? { bearer: true } : {}) })
      if (keep) keep(visit.token || '')
      done()
    })
  }
  return (
    <form onSubmit={enter}>
      <p class="quiet">{t('signInMore')}</p>
      <label>
        {t('phone')}
        <input type="tel" autocomplete="tel" inputMode="tel" required maxLength={64} value={phone} onInput={(e) => setPhone(e.currentTarget.value)} />
      </label>
      <div class="row">
        <label>
          {t('code')}
          <input id="code" inputMode="numeric" autocomplete="one-time-code" maxLength={16} value={code} onInput={(e) => setCode(e.currentTarget.value)} />
        </label>
        <button type="button" class="slim" disabled={busy || wait > 0 || !phone} onClick={send}>
          {wait > 0 ? t('sendAgain', { n: wait }) : t('sendCode')}
        </button>
      </div>
      {sent && (
        <p class="quiet" role="status">
          {sent.code ? t('demoCode', { code: sent.code }) : t('codeSent', { n: Math.round(sent.expires_in_seconds / 60) })}
        </p>
      )}
      {!!error && (refused(error, 'invalid_value') ? <div class="alert" role="alert"><b>{t('badPhone')}</b></div> : <Trouble error={error} />)}
      <button class="main" disabled={busy || !phone || !code}>
        {act}
      </button>
    </form>
  )
}
