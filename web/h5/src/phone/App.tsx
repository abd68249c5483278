import { useState } from 'preact/hooks'
import { Claim } from './Claim'
import { Packet } from './Packet'
import { Wallet } from './Wallet'
import { type Language, language, languages, names, setLanguage } from './words'

/** App is the page of the address: /p/CODE, /packet/LINK, /wallet. */
export function App() {
  const [lang, choose] = useState<Language>(language())
  const [kind, rest] = location.pathname.split('/').slice(1)
  const code = rest || '' // never escaped: what is, is no code
  return (
    <div class="phone" key={lang}>
      {kind === 'p' ? <Claim code={code} /> : kind === 'packet' ? <Packet link={code} /> : <Wallet />}
      <footer>
        {(Object.keys(languages) as Language[]).map((l) => (
          <button
            type="button"
            class="lang"
            lang={l}
            aria-pressed={l === lang}
            aria-label={names[l]}
            onClick={() => {
              setLanguage(l)
              choose(l)
            }}
          >
            {languages[l]}
          </button>
        ))}
      </footer>
    </div>
  )
}
