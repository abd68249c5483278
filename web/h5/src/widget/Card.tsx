import { useEffect, useRef, useState } from 'preact/hooks'
import { askAs, Problem, refused, type Shown } from '../phone/api'
import { unmet, useClaim } from '../phone/claiming'
import { dress } from '../phone/colour'
import { Countdown } from '../phone/Countdown'
import { Trouble } from '../phone/parts'
import { SignIn } from '../phone/SignIn'
import { moment, t } from '../phone/words'
import { asked, tell } from './site'
import { visit } from './visit'

type Offer = ReturnType<typeof useClaim>

/** Card shows the offer of a link in the page of another site, and claims it. */
export function Card({ code, token }: { code: string; token: string }) {
  const [signed, setSigned] = useState(token) // the shop's token, while it is good
  // One that is over, or not ours: the shop may have another one, and else the member
  // signs in by phone.
  const renew = async () => {
    if (!signed) return false
    const answer = await asked({ quan: 'token' }, 5000)
    const next = (answer && answer.token) || ''
    setSigned(next)
    askAs(next || visit.kept())
    return !!next
  }
  const offer = useClaim(code, renew)
  const { page, error, load } = offer
  const tried = useRef(false)
  useEffect(() => {
    if (!page) return
    dress(page.theme, page.colour)
    document.title = page.text.title || page.name
    tell({ quan: 'state', state: page.state })
    if (signed && !page.member && !tried.current) {
      tried.current = true
      void renew().then(() => load())
    }
  }, [page])
  useEffect(() => {
    if (refused(error, 'not_found')) tell({ quan: 'state', state: 'absent' })
  }, [error])
  const box = useRef<HTMLElement>(null)
  useEffect(() => {
    const e = box.current
    if (!e) return
    const measure = () => tell({ quan: 'size', height: Math.ceil(e.getBoundingClientRect().height) })
    measure()
    if (typeof ResizeObserver === 'undefined') return
    const seen = new ResizeObserver(measure)
    seen.observe(e)
    return () => seen.disconnect()
  }, [])
  return (
    <main class="card" ref={box} aria-busy={!page && !error}>
      <Inside code={code} offer={offer} token={signed} />
    </main>
  )
}

function Inside({ code, offer, token }: { code: string; offer: Offer; token: string }) {
  const { page, error, load } = offer
  const [open, setOpen] = useState(false)
  if (!page) {
    if (!error) return <p class="quiet">{t('loading')}</p>
    if (refused(error, 'not_found')) return <p class="quiet">{t('absent')}</p>
    return <Trouble error={error} again={() => load(true)} />
  }
  const title = page.text.title || page.name
  return (
    <>
      <div class="offer">
        <div class="what">
          <b class="gives">{page.card || title}</b>
          {page.card && <span class="name">{title}</span>}
          {(page.parts || []).map((p) => (
            <span class="name">
              <b>{p.card}</b> <bdi>{p.name}</bdi> {p.count > 1 && t('times', { n: p.count })}
            </span>
          ))}
          <span class="quiet">
            {page.state === 'open' && page.closes_at && t('closesAt', { time: moment(page.closes_at, page.zone) }) + ' · '}
            <button type="button" class="link" aria-expanded={open} onClick={() => setOpen(!open)}>
              {t('terms')}
            </button>
          </span>
        </div>
        <div class="act">
          <Act offer={offer} page={page} token={token} />
        </div>
      </div>
      {!!error && <Trouble error={error} again={error instanceof Problem ? undefined : offer.press} />}
      {offer.asking && (
        <section class="more" aria-label={t('signIn')}>
          <SignIn act={t('enterClaim')} link={code} keep={(made) => (visit.keep(made), askAs(made))} done={offer.entered} />
          <button type="button" class="link" onClick={offer.leave}>
            {t('close')}
          </button>
        </section>
      )}
      {open && (
        <section class="more" aria-label={t('terms')}>
          <ul>{page.sentences.map((s) => <li>{s.text}</li>)}</ul>
          {page.text.notes && <p class="lines">{page.text.notes}</p>}
        </section>
      )}
    </>
  )
}

/** Act is the button, or why there is none. */
function Act({ offer, page, token }: { offer: Offer; page: Shown; token: string }) {
  const held = page.claimed || []
  const why = page.reason
  const asks = unmet(page)
  if (held.length > 0 && page.state !== 'open') return <Held page={page} token={token} />
  switch (page.state) {
    case 'open':
      if (offer.queued > 0) return <span role="status">{t('waiting', { n: offer.queued })}</span>
      if (!page.member && page.sign_in.length === 0) return <span>{t('noSignIn')}</span>
      return (
        <>
          {held.length > 0 && <Held page={page} token={token} />}
          {!offer.asking && (
            <button type="button" class="main" disabled={offer.busy} onClick={offer.press}>
              {offer.busy ? t('claiming') : held.length > 0 ? t('more') : page.text.button || t('claim')}
            </button>
          )}
        </>
      )
    case 'before':
      return (
        <>
          {page.opens_at ? <Countdown now={page.now} to={page.opens_at} done={offer.load} /> : <b>{t('before')}</b>}
          {page.opens_at && <span class="quiet">{t('opensAt', { time: moment(page.opens_at, page.zone) })}</span>}
        </>
      )
    case 'ended':
      return <b>{t('ended')}</b>
    case 'paused':
      return <b>{t('paused')}</b>
  }
  return (
    <>
      <b>{why && !asks ? why.title : t(page.state === 'sold_out' ? 'soldOut' : 'refused')}</b>
      {asks ? <span class="quiet">{asks}</span> : why && why.detail && <span class="quiet">{why.detail}</span>}
    </>
  )
}

/** Held is what the member has of the offer, and the way to where it is used. */
function Held({ page, token }: { page: Shown; token: string }) {
  const [c] = page.claimed || []
  if (!c) return null
  return (
    <span class="held" role="status">
      <b>✓ {t('claimed')}</b>
      <span class="quiet">{c.valid_to ? t('until', { time: moment(c.valid_to, page.zone) }) : t('forever')}</span>
      <a href={'/wallet?show=' + c.id + (token && '#token=' + token)} target="_blank" rel="noopener">
        {t('use')}
      </a>
    </span>
  )
}
