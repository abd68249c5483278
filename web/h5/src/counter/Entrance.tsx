import { useState } from 'preact/hooks'
import { pair, Problem } from './api'
import { Trouble } from './Trouble'
import { NotAClerk, signIn, who, type Clerk } from './session'
import { languages, setLanguage, t, type Language } from './words'

/** Speech chooses the language of the page. */
export function Speech({ changed, now }: { changed: () => void; now: Language }) {
  return (
    <select
      aria-label={t('language')}
      value={now}
      onChange={(e) => {
        setLanguage(e.currentTarget.value as Language)
        changed()
      }}
    >
      {Object.entries(languages).map(([key, name]) => (
        <option key={key} value={key}>
          {name}
        </option>
      ))}
    </select>
  )
}

/** Entrance lets a clerk sign in, or pairs a till with a key. */
export function Entrance({ entered }: { entered: (c: Clerk) => void }) {
  const [paired, setPaired] = useState(false)
  const [coded, setCoded] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)

  async function enter(form: HTMLFormElement) {
    const of = (name: string) => String(new FormData(form).get(name) ?? '').trim()
    setBusy(true)
    setError(null)
    try {
      if (paired) pair(of('key'))
      const clerk = paired ? await who() : await signIn(of('login'), String(new FormData(form).get('password') ?? ''), of('code'))
      if (clerk) entered(clerk)
      else setError(new NotAClerk('key'))
      if (!clerk && paired) pair('')
    } catch (e) {
      if (paired) pair('')
      if (e instanceof Problem && e.code === 'second_factor_required') setCoded(true)
      else setError(e)
    } finally {
      setBusy(false)
    }
  }

  return (
    <form
      class="card"
      onSubmit={(e) => {
        e.preventDefault()
        void enter(e.currentTarget)
      }}
    >
      <h2>{t(paired ? 'pair.title' : 'signin.title')}</h2>
      <Trouble error={error} />
      {paired ? (
        <label>
          {t('pair.key')}
          <input name="key" required autocomplete="off" autocapitalize="off" spellcheck={false} maxLength={200} />
          <span class="quiet small">{t('pair.help')}</span>
        </label>
      ) : (
        <>
          <label>
            {t('signin.login')}
            <input name="login" required autocomplete="username" autocapitalize="off" spellcheck={false} maxLength={128} />
          </label>
          <label>
            {t('signin.password')}
            <input name="password" type="password" required autocomplete="current-password" maxLength={200} />
          </label>
          {coded && (
            <label>
              {t('signin.code')}
              <input name="code" required autocomplete="one-time-code" inputMode="numeric" maxLength={64} ref={(e) => e?.focus()} />
            </label>
          )}
        </>
      )}
      <button class="main go" disabled={busy}>
        {t(paired ? 'pair.enter' : 'signin.enter')}
      </button>
      <button type="button" class="plain" onClick={() => setPaired(!paired)}>
        {t(paired ? 'pair.back' : 'pair.instead')}
      </button>
    </form>
  )
}
