import type { FromCard, ToCard } from './talk'

// The site around the frame. Which sites there can be is in the policy of our page
// (frame-ancestors), so whoever answers is one of them; what is told to it is no secret.
let origin = '*'
const waiting: ((m: ToCard) => void)[] = []

/** tell says something to the page around the frame. */
export function tell(m: FromCard) {
  if (window.parent !== window) window.parent.postMessage(m, origin)
}

/** asked says something to which the page answers with a message, or not within ms: then undefined. */
export function asked(m: FromCard, ms: number): Promise<ToCard | undefined> {
  return new Promise((resolve) => {
    waiting.push(resolve)
    setTimeout(resolve, ms)
    tell(m)
  })
}

window.addEventListener('message', (e: MessageEvent) => {
  const m = e.data as Partial<ToCard> | null
  if (e.source !== window.parent || !m || (m.quan !== 'hello' && m.quan !== 'token')) return
  if (origin === '*') origin = e.origin
  const token = typeof m.token === 'string' && /^[\w-]{20,512}$/.test(m.token) ? m.token : ''
  waiting.splice(0).forEach((f) => f({ quan: m.quan as ToCard['quan'], token, scheme: m.scheme === 'dark' ? 'dark' : 'light' }))
})
