import { useEffect, useRef, useState } from 'preact/hooks'
import { call, newKey, Problem, refused, type Schemas, type Shown } from './api'

/**
 * useClaim is what a link offers to whoever looks at it, and the act of claiming it. An
 * act has one key for as long as no answer came: pressed twice, it is done once. renew
 * brings another sign-in where there is one to be had, before somebody is asked for one.
 */
export function useClaim(code: string, renew?: () => Promise<boolean>) {
  const [page, setPage] = useState<Shown>()
  const [error, setError] = useState<unknown>()
  const [asking, setAsking] = useState(false)
  const [busy, setBusy] = useState(false)
  const [queued, setQueued] = useState(0)
  const [fresh, setFresh] = useState(false)
  const act = useRef('')
  const running = useRef(false)
  const signed = useRef(false)
  const path = '/v1/pages/' + encodeURIComponent(code)

  const load = async (view = false) => {
    try {
      const now = await call<Shown>('GET', path + (view ? '?view=true' : ''))
      setPage(now)
      setError(undefined)
      return now
    } catch (e) {
      setError(e)
    }
  }
  useEffect(() => void load(true), [])

  const claim = async (place?: string): Promise<void> => {
    act.current = act.current || newKey()
    setBusy(true)
    setError(undefined)
    try {
      await send(place)
      act.current = ''
      setFresh(true)
      setAsking(false)
      await load()
    } catch (e) {
      if (refused(e, 'unauthenticated')) {
        signed.current = false
        setAsking(true)
      }
      else if (refused(e, 'place_missing') && page && page.template) await queue(page.template)
      else {
        if (e instanceof Problem) act.current = '' // decided: the next tap is a new act
        setAsking(false)
        const now = await load()
        if (!now || now.state === 'open' || !now.reason || !refused(e, now.reason.code)) setError(e) // else the page says it already
      }
    }
    setBusy(false)
  }
  const send = async (place?: string) => {
    const body = place ? { place } : {}
    try {
      await call('POST', path + '/claims', body, act.current)
    } catch (e) {
      if (!renew || !refused(e, 'unauthenticated') || !(await renew())) throw e
      await call('POST', path + '/claims', body, act.current)
    }
  }
  // A sale with a waiting room: take a place, come when it says, claim with it.
  const queue = async (template: string) => {
    setAsking(false)
    try {
      const who = await call<Schemas['VisitorAnswerBody']>('GET', '/v1/visits/current')
      const place = await call<Schemas['PlaceTakenRow']>('POST', `/v1/templates/${template}/places`, { member: { id: who.member } })
      for (let ms = place.wait_ms; ms > 0; ms -= 1000) {
        setQueued(Math.ceil(ms / 1000))
        await new Promise((r) => setTimeout(r, Math.min(ms, 1000)))
      }
      setQueued(0)
      await claim(place.place)
    } catch (e) {
      setQueued(0)
      setError(e)
    }
  }
  /** press is a tap on the button: it claims, or asks a stranger to sign in first. */
  const press = async () => {
    if (!page || running.current) return // a second tap before the first was drawn
    if (!page.member && !signed.current) return setAsking(true)
    await entered()
  }
  /** entered claims after a sign-in. */
  const entered = async () => {
    if (running.current) return
    running.current = true
    signed.current = true
    await claim()
    running.current = false
  }
  return { page, error, asking, busy, queued, fresh, load, press, entered, leave: () => setAsking(false) }
}

/** unmet is the sentence of the terms that does not hold for the member: of the rule that the refusal names, or the nearest around it; "" for none. */
export function unmet(page: Shown): string {
  const rule = String((page.reason && page.reason.params && page.reason.params['rule']) || '')
  let most = { rule: '', text: '' }
  for (const s of page.sentences) if ((rule === s.rule || rule.indexOf(s.rule + '/') === 0) && s.rule.length > most.rule.length) most = s
  return most.text
}
