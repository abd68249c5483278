import './pagewords'
import { useEffect, useRef, useState } from 'preact/hooks'
import { call, type Held, newKey, Problem, refused, type Schemas } from './api'
import { Code } from './Code'
import { Sheet, Trouble } from './parts'
import { SignIn } from './SignIn'
import { moment, t, type Word } from './words'

const tabs = ['usable', 'locked', 'used', 'expired'] as const
type Tab = (typeof tabs)[number]

const tabOf = (c: Held): Tab => (c.state === 'withdrawn' ? 'expired' : (c.state as Tab))

/** Wallet holds the member's coupons, each with its code, and the box for exchange codes. */
export function Wallet() {
  const [items, setItems] = useState<Held[]>()
  const [next, setNext] = useState('')
  const [tab, setTab] = useState<Tab>('usable')
  const [shown, setShown] = useState<Held>()
  const [entering, setEntering] = useState(false)
  const [stranger, setStranger] = useState(false)
  const [error, setError] = useState<unknown>()

  const load = async (cursor = '') => {
    try {
      const page = await call<Schemas['ListingWalletRow']>('GET', '/v1/wallet?limit=50' + (cursor && '&cursor=' + encodeURIComponent(cursor)))
      const all = cursor ? (items || []).concat(page.items) : page.items
      setItems(all)
      setNext(page.next_cursor || '')
      setStranger(false)
      setError(undefined)
      const wanted = /[?&]show=(cpn_\w+)/.exec(location.search)
      const found = !cursor && wanted && all.filter((c) => c.id === wanted[1])[0]
      if (wanted) history.replaceState(null, '', location.pathname) // shown once
      if (found && found.state === 'usable') setShown(found)
    } catch (e) {
      if (refused(e, 'unauthenticated')) setStranger(true)
      else setError(e)
    }
  }
  useEffect(() => {
    document.title = t('wallet')
    void load()
  }, [])
  const leave = async () => {
    await call('POST', '/v1/visits/end').catch(() => {})
    setItems(undefined)
    setStranger(true)
  }

  if (stranger)
    return (
      <main>
        <h1>{t('signIn')}</h1>
        <SignIn act={t('enter')} done={() => void load()} />
      </main>
    )
  if (!items) return <main aria-busy={!error}>{error ? <Trouble error={error} again={() => load()} /> : <p class="quiet center">{t('loading')}</p>}</main>
  const seen = items.filter((c) => tabOf(c) === tab)
  return (
    <main>
      <header class="row">
        <h1>{t('wallet')}</h1>
        <button type="button" class="plain slim" onClick={leave}>{t('signOut')}</button>
      </header>
      <div class="tabs" role="tablist">
        {tabs.map((k) => (
          <button type="button" role="tab" aria-selected={k === tab} onClick={() => setTab(k)}>
            {t(k)} {k === 'usable' && items.filter((c) => tabOf(c) === k).length}
          </button>
        ))}
      </div>
      {seen.length === 0 && <p class="quiet center">{t(tab === 'usable' ? 'emptyUsable' : 'empty')}</p>}
      {seen.map((c) => <Coupon coupon={c} key={c.id} show={() => setShown(c)} />)}
      {!!error && <Trouble error={error} again={() => load(next)} />}
      {next && <button type="button" onClick={() => load(next)}>{t('older')}</button>}
      <button type="button" onClick={() => setEntering(true)}>{t('codeBox')}</button>
      {shown && <Sheet title={shown.name} close={() => { setShown(undefined); void load() }}><Code coupon={shown} /></Sheet>}
      {entering && (
        <Sheet title={t('codeBox')} close={() => setEntering(false)}>
          <CodeBox done={() => { setTab('usable'); void load() }} />
        </Sheet>
      )}
    </main>
  )
}

/** ends says until when a coupon is good, or from when. */
export function ends(c: Pick<Held, 'valid_from' | 'valid_to' | 'zone'>): string {
  if (Date.parse(c.valid_from) > Date.now()) return t('from', { time: moment(c.valid_from, c.zone) })
  return c.valid_to ? t('until', { time: moment(c.valid_to, c.zone) }) : t('forever')
}

function Coupon({ coupon: c, show }: { coupon: Held; show: () => void }) {
  const usable = c.state === 'usable'
  return (
    <article class={usable ? 'coupon' : 'coupon over'}>
      <b class="gives">{c.card}</b>
      <span>{c.name}</span>
      <span class="quiet">
        {ends(c)}
        {c.uses > 1 && ' · ' + t('usesLeft', { n: c.uses - c.used })}
        {!usable && ' · ' + t(c.state as Word)}
      </span>
      <details>
        <summary>{t('details')}</summary>
        <ul>{c.sentences.map((s) => <li>{s.text}</li>)}</ul>
      </details>
      {usable && <button type="button" class="main" onClick={show}>{t('showQr')}</button>}
    </article>
  )
}

/** CodeBox takes an exchange code as it was pasted. */
function CodeBox({ done }: { done: () => void }) {
  const [stranger, setStranger] = useState(false)
  const [code, setCode] = useState('')
  const [busy, setBusy] = useState(false)
  const [got, setGot] = useState(false)
  const [error, setError] = useState<unknown>()
  const act = useRef('')
  const enter = async (e?: Event) => {
    if (e) e.preventDefault()
    setStranger(false)
    setBusy(true)
    setError(undefined)
    setGot(false)
    act.current = act.current || newKey()
    try {
      const who = await call<Schemas['VisitorAnswerBody']>('GET', '/v1/visits/current')
      await call('POST', '/v1/codes/redeem', { code: code.trim(), member: { id: who.member } }, act.current)
      act.current = ''
      setCode('')
      setGot(true)
      done()
    } catch (problem) {
      if (problem instanceof Problem) act.current = ''
      if (refused(problem, 'unauthenticated')) setStranger(true)
      else setError(problem)
    }
    setBusy(false)
  }
  if (stranger) return <SignIn act={t('enter')} done={() => void enter()} /> // the code is kept meanwhile
  return (
    <form onSubmit={enter}>
      <label>
        {t('codeBox')}
        <input
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          maxLength={64}
          required
          value={code}
          onInput={(e) => {
            act.current = ''
            setCode(e.currentTarget.value)
          }}
        />
      </label>
      <p class="quiet">{t('codeBoxHint')}</p>
      {got && <p role="status"><b>{t('redeemed')}</b></p>}
      {!!error && <Trouble error={error} />}
      <button class="main" disabled={busy || !code.trim()}>{t('redeem')}</button>
    </form>
  )
}
