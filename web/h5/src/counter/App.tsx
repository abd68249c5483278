import { useEffect, useState } from 'preact/hooks'
import { pair, Unreachable } from './api'
import { Entrance, Speech } from './Entrance'
import { Stores } from './Stores'
import { Trouble } from './Trouble'
import { keepShop, lastClerk, lastShop, leave, who, type Clerk, type Shop } from './session'
import { language, t } from './words'

/** A till is paired by opening /counter/#pair=KEY; the key leaves the address at once. */
function pairFromAddress() {
  const m = /^#pair=(quan_[a-z0-9]{32})$/.exec(location.hash)
  if (!m) return
  history.replaceState(null, '', location.pathname)
  pair(m[1] ?? '')
}

export function App() {
  const [speech, setSpeech] = useState(language())
  const [clerk, setClerk] = useState<Clerk | null | undefined>()
  const [shop, setShop] = useState<Shop | null>(lastShop)
  const [error, setError] = useState<unknown>(null)

  useEffect(() => {
    pairFromAddress()
    who().then(setClerk, (e) => {
      setClerk(e instanceof Unreachable ? lastClerk() : null)
      setError(e instanceof Unreachable && lastClerk() ? null : e)
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
    try {
      await leave()
      choose(null)
      setClerk(null)
    } catch (e) {
      setError(e)
    }
  }
  return (
    <>
      <header class="top">
        <h1>{clerk && shop ? shop.name : t('title')}</h1>
        <div>
          <Speech now={speech} changed={() => setSpeech(language())} />
        </div>
      </header>
      <main>
        <Trouble error={error} />
        {clerk === undefined && <p class="quiet">{t('loading')}</p>}
        {clerk === null && <Entrance entered={setClerk} />}
        {clerk && !shop && <Stores chosen={choose} />}
        {clerk && <button onClick={() => void out()}>{t('leave.clerk')}</button>}
      </main>
    </>
  )
}
