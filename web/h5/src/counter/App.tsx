import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { pair, Problem, tillKey, Unreachable } from './api'
import { preload } from './camera'
import { keepInTouch, lastContact, type Contact } from './contact'
import { Entrance, Speech } from './Entrance'
import { Queue, type Entry } from './queue'
import { Redeem, type Till } from './Redeem'
import { shelf } from './shelf'
import { Stores } from './Stores'
import { Today } from './Today'
import { Trouble } from './Trouble'
import { Waiting } from './Waiting'
import { keepShop, lastClerk, lastShop, leave, who, type Clerk, type Shop } from './session'
import { language, t, type Language } from './words'

/** A till is paired by opening /counter/#pair=KEY; the key leaves the address at once. */
function pairFromAddress() {
  const m = /^#pair=(quan_[a-z0-9]{32})$/.exec(location.hash)
  if (!m) return
  history.replaceState(null, '', location.pathname)
  pair(m[1] ?? '')
}

export function App() {
  const [speech, setSpeech] = useState<Language>(language)
  const [clerk, setClerk] = useState<Clerk | null | undefined>()
  const [shop, setShop] = useState<Shop | null>(lastShop)
  const [error, setError] = useState<unknown>(null)

  useEffect(() => {
    pairFromAddress()
    who().then(setClerk, (e) => {
      const away = e instanceof Unreachable && lastClerk()
      setClerk(away ? lastClerk() : null)
      setError(away ? null : e)
    })
  }, [])
  useEffect(() => {
    document.title = `${t('title')} · quan 券`
  }, [speech])

  const choose = (s: Shop | null) => {
    keepShop(s)
    setShop(s)
  }
  const out = async () => {
    setError(null)
    try {
      await leave()
      setClerk(null)
    } catch (e) {
      setError(e)
    }
  }
  const speak = <Speech now={speech} changed={() => setSpeech(language())} />
  if (clerk && shop) return <Counter key={clerk.id + shop.code} clerk={clerk} shop={shop} speak={speak} change={() => choose(null)} out={out} expired={() => setClerk(null)} outside={error} />
  return (
    <>
      <header class="top">
        <h1>{t('title')}</h1>
        <div>{speak}</div>
      </header>
      <main>
        <Trouble error={error} />
        {clerk === undefined && <p class="quiet">{t('loading')}</p>}
        {clerk === null && <Entrance entered={setClerk} />}
        {clerk && <Stores chosen={choose} />}
        {clerk && <button onClick={() => void out()}>{t(tillKey() ? 'leave.till' : 'leave.clerk')}</button>}
      </main>
    </>
  )
}

interface Props {
  clerk: Clerk
  shop: Shop
  speak: preact.ComponentChildren
  change: () => void
  out: () => Promise<void>
  expired: () => void
  outside: unknown
}

type Tab = 'redeem' | 'waiting' | 'today'

/** Counter is the work at a store: three tabs, and the queue behind them. */
function Counter({ clerk, shop, speak, change, out, expired, outside }: Props) {
  const [tab, setTab] = useState<Tab>('redeem')
  const [menu, setMenu] = useState(false)
  const [entries, setEntries] = useState<Entry[]>([])
  const [online, setOnline] = useState(navigator.onLine)
  const [contact, setContact] = useState<Contact | null>(() => lastContact(clerk.id))
  const [stuck, setStuck] = useState('')
  const load = () => void shelf.all().then(setEntries)
  const queue = useMemo(() => new Queue(shelf, load), [])
  const here = useRef(true)
  const hurry = useRef(() => {})

  // In touch every half minute, every few seconds while away; back again, what waits is sent.
  useEffect(() => {
    here.current = true
    load()
    let timer = 0
    const beat = async () => {
      clearTimeout(timer)
      let next = 30_000
      try {
        const c = await keepInTouch(clerk.id, lastContact(clerk.id)?.market ?? '')
        if (!here.current) return
        setContact(c)
        setOnline(true)
        if (!(await queue.send(clerk.id))) next = 3_000
      } catch (e) {
        if (!here.current) return
        if (e instanceof Problem && e.status === 401) return expired()
        setOnline(!(e instanceof Unreachable))
        next = 5_000
      }
      if (here.current) timer = window.setTimeout(() => void beat(), next)
    }
    const soon = () => void beat()
    hurry.current = () => {
      clearTimeout(timer)
      timer = window.setTimeout(soon, 2_000)
    }
    const gone = () => setOnline(false)
    soon()
    addEventListener('online', soon)
    addEventListener('offline', gone)
    addEventListener('focus', soon)
    void preload().catch(() => undefined)
    return () => {
      here.current = false
      clearTimeout(timer)
      removeEventListener('online', soon)
      removeEventListener('offline', gone)
      removeEventListener('focus', soon)
    }
  }, [])

  const waiting = entries.filter((e) => e.state === 'waiting')
  const mine = waiting.filter((e) => e.clerk === clerk.id).length
  const till: Till = { clerk, shop, online, contact, queue, lost: () => {
      setOnline(false)
      hurry.current()
    },
    ended: () => hurry.current(),
  }
  return (
    <>
      <header class="top">
        <span class={online ? 'net' : 'net away'} role="img" aria-label={t(online ? 'net.on' : 'net.off')} title={t(online ? 'net.on' : 'net.off')} />
        <h1>{shop.name}</h1>
        <button class="slim" aria-expanded={menu} onClick={() => setMenu(!menu)}>
          {t('more')}
        </button>
      </header>
      <main>
        {menu && (
          <section class="card">
            <b>{clerk.name || t('pair.till')}</b>
            {speak}
            <button onClick={change}>{t('store.change')}</button>
            <button onClick={() => (mine > 0 ? setStuck(t('leave.waiting', { count: mine })) : void out())}>{t(tillKey() ? 'leave.till' : 'leave.clerk')}</button>
            {stuck && (
              <div class="alert wait" role="alert">
                {stuck}
              </div>
            )}
            <Trouble error={outside} />
          </section>
        )}
        {!online && (
          <div class="alert wait" role="status">
            <b>{t('net.off')}</b>
          </div>
        )}
        {tab === 'redeem' && <Redeem till={till} />}
        {tab === 'waiting' && <Waiting till={till} entries={entries} />}
        {tab === 'today' && <Today till={till} />}
      </main>
      <nav class="tabs" aria-label={t('title')}>
        {(['redeem', 'waiting', 'today'] as Tab[]).map((k) => (
          <button key={k} aria-current={tab === k ? 'page' : undefined} onClick={() => setTab(k)}>
            {t(`tab.${k}`)}
            {k === 'waiting' && waiting.length > 0 && <span class="count">{waiting.length}</span>}
          </button>
        ))}
      </nav>
    </>
  )
}
