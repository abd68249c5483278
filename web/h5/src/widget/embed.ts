import type { FromCard, ToCard } from './talk'

// The script of other sites: <script src="…/widget.js" data-placement-link="CODE"></script>.
// It makes a frame where it stands, in which our own page shows the offer of the link,
// and gives it the token of the member whom the site knows. It keeps to itself: no
// globals, no styles of the page, no markup from text, one file of a few kilobytes.
;(() => {
  const script = document.currentScript as HTMLScriptElement | null
  const code = script && script.getAttribute('data-placement-link')
  if (!script || !code) return console.error('quan: <script src=".../widget.js" data-placement-link="CODE">')
  const ours = new URL(script.src).origin
  const said = (name: string) => script.getAttribute('data-' + name) || ''
  const lang = language(said('lang') || document.documentElement.lang || navigator.language)

  // In a tree of its own, so that the page's styles do not reach in.
  const host = document.createElement('div')
  const style = (e: HTMLElement, rules: Record<string, string>) => {
    for (const k in rules) e.style.setProperty(k, rules[k] as string, 'important')
  }
  const frame = document.createElement('iframe')
  frame.title = { 'zh-CN': '优惠券', 'zh-TW': '優惠券', en: 'Coupon' }[lang]
  frame.src = `${ours}/widget/${encodeURIComponent(code)}?lang=${lang}`
  // It may open the wallet, and never take the page away.
  frame.setAttribute('sandbox', 'allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox')

  function place(into: Element | null) {
    if (into) into.appendChild(host)
    else if (script && script.parentNode) script.parentNode.insertBefore(host, script.nextSibling)
    const root = host.attachShadow({ mode: 'open' })
    style(host, { all: 'initial', display: 'block', 'max-width': '640px', width: '100%' })
    // As high as the card is in most states; the page keeps it free before we are here.
    style(frame, { display: 'block', width: '100%', border: '0', height: '176px', 'color-scheme': 'light' })
    root.appendChild(frame)
  }

  // Where nothing answers (our server is away, the page's policy or ours forbids the
  // frame), the way to the page of the link is left.
  let alive = false
  let link: HTMLAnchorElement | undefined
  const fallBack = () => {
    if (alive || link || !host.shadowRoot) return
    link = document.createElement('a')
    link.href = `${ours}/p/${encodeURIComponent(code)}`
    link.target = '_blank'
    link.rel = 'noopener'
    link.textContent = { 'zh-CN': '查看优惠券', 'zh-TW': '查看優惠券', en: 'See the coupon' }[lang]
    style(link, { font: '600 16px/2.5 system-ui, sans-serif', color: dark() ? '#a8c7fa' : '#0b57d0' })
    style(frame, { display: 'none' })
    host.shadowRoot.appendChild(link)
  }
  frame.addEventListener('load', () => setTimeout(fallBack, 3000))
  setTimeout(fallBack, 12000)

  addEventListener('message', (e: MessageEvent) => {
    if (e.origin !== ours || e.source !== frame.contentWindow) return
    const m = e.data as FromCard
    if (m.quan === 'size') style(frame, { height: `${Math.min(Math.max(Number(m.height) || 0, 80), 4000)}px` })
    if (m.quan === 'state') host.dispatchEvent(new CustomEvent('quan-state', { bubbles: true, detail: { code, state: String(m.state) } }))
    if (m.quan === 'ready' || m.quan === 'token') {
      alive = true
      if (link) {
        link.remove()
        link = undefined
        style(frame, { display: 'block' })
      }
      const again = m.quan === 'token'
      void token(again).then((t) => answer({ quan: again ? 'token' : 'hello', token: t, scheme: dark() ? 'dark' : 'light' }))
    }
  })
  const answer = (m: ToCard) => frame.contentWindow && frame.contentWindow.postMessage(m, ours)

  // The token stands in the tag, or comes from an address of the page's own site, where
  // it can be asked for again when it is over.
  const given = said('member-token')
  const from = said('token-from')
  async function token(again: boolean): Promise<string> {
    if (given && !again) return given
    if (!from) return ''
    try {
      const late = new Promise<never>((_, no) => setTimeout(no, 4000))
      const a = await Promise.race([fetch(from, { credentials: 'same-origin', cache: 'no-store' }), late])
      if (!a.ok) return ''
      const text = (await a.text()).trim()
      return text.charAt(0) === '{' ? String(JSON.parse(text).token || '') : text
    } catch {
      return '' // nobody is signed in at the shop: the card asks for a phone
    }
  }

  /** dark follows the tag, else the page: its own scheme, not the device's alone. */
  function dark(): boolean {
    const scheme = said('scheme') || getComputedStyle(document.body || document.documentElement).getPropertyValue('color-scheme')
    return /dark/.test(scheme) && (!/light/.test(scheme) || matchMedia('(prefers-color-scheme: dark)').matches)
  }

  function language(tag: string): 'zh-CN' | 'zh-TW' | 'en' {
    if (/^zh-(tw|hk|mo|hant)/i.test(tag)) return 'zh-TW'
    return /^zh/i.test(tag) ? 'zh-CN' : 'en'
  }

  const into = said('into')
  const put = () => place(into ? document.querySelector(into) : null)
  if (into && !document.querySelector(into) && document.readyState === 'loading') document.addEventListener('DOMContentLoaded', put)
  else put()
})()
