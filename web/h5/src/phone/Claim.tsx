import './pagewords'
import { useEffect, useState } from 'preact/hooks'
import { Problem, refused, type Shown } from './api'
import { unmet, useClaim } from './claiming'
import { dress } from './colour'
import { SignIn } from './SignIn'
import { Countdown } from './Countdown'
import { Sheet, Trouble } from './parts'
import { moment, t } from './words'

/** Claim is the page of a link: the offer, and one button. */
export function Claim({ code }: { code: string }) {
  const { page, error, asking, busy, queued, fresh, load, press, entered, leave } = useClaim(code)
  const [note, setNote] = useState('')
  useEffect(() => {
    if (!page) return
    document.title = page.text.title || page.name
    dress(page.theme, page.colour)
  }, [page])
  const share = async () => {
    if (!page) return
    const what = { title: page.text.title || page.name, text: page.text.share || page.card || page.name, url: location.origin + location.pathname }
    try {
      if (navigator.share) return await navigator.share(what)
      await navigator.clipboard.writeText(what.url)
      setNote(t('copied'))
    } catch {
      // the reader thought better of it, or the WebView can't
    }
  }

  if (!page) {
    if (!error) return <main aria-busy="true"><p class="quiet center">{t('loading')}</p></main>
    if (refused(error, 'not_found'))
      return (
        <main>
          <h1>{t('absent')}</h1>
          <p>{t('absentMore')}</p>
        </main>
      )
    return <main><Trouble error={error} again={() => load(true)} /></main>
  }
  const title = page.text.title || page.name
  const can = page.state === 'open'
  return (
    <>
      {page.picture ? <img class="head" src={page.picture} alt="" /> : <div class="head bare" aria-hidden="true" />}
      <main>
        <div>
          <h1>{title}</h1>
          {page.text.subtitle && <p class="quiet">{page.text.subtitle}</p>}
        </div>
        <section class="coupon" aria-label={page.name}>
          <b class="gives">{page.card || page.name}</b>
          {page.card && page.name !== title && <span class="quiet">{page.name}</span>}
          {(page.parts || []).map((p) => (
            <span class="part">
              <b>{p.card}</b> <bdi>{p.name}</bdi> {p.count > 1 && t('times', { n: p.count })}
            </span>
          ))}
        </section>
        <State page={page} again={load} />
        {!!error && <Trouble error={error} again={error instanceof Problem ? undefined : press} />}
        {queued > 0 && <p class="quiet center" role="status">{t('waiting', { n: queued })}</p>}
        {can && (page.member || page.sign_in.length > 0 ? (
          <button type="button" class="main go" disabled={busy} onClick={press}>
            {busy ? t('claiming') : (page.claimed || []).length > 0 ? t('more') : page.text.button || t('claim')}
          </button>
        ) : <p class="center">{t('noSignIn')}</p>)}
        {(page.claimed || []).length > 0 && (
          <section class={fresh ? 'mine fresh' : 'mine'} role="status">
            <b>{t('claimed')}</b>
            {(page.claimed || []).map((c) => (
              <span class="quiet">
                {c.number} · {c.valid_to ? t('until', { time: moment(c.valid_to, page.zone) }) : t('forever')}
              </span>
            ))}
            <a class="button" href={'/wallet?show=' + ((page.claimed || [])[0] || { id: '' }).id}>{t('use')}</a>
          </section>
        )}
        <section>
          <h2>{t('terms')}</h2>
          <ul>{page.sentences.map((s) => <li>{s.text}</li>)}</ul>
        </section>
        {page.text.notes && (
          <section>
            <h2>{t('notes')}</h2>
            <p class="lines">{page.text.notes}</p>
          </section>
        )}
        <nav class="row">
          <button type="button" onClick={share}>{t('share')}</button>
          <a class="button" href="/wallet">{t('wallet')}</a>
        </nav>
        {note && <p class="quiet center" role="status">{note}</p>}
      </main>
      {asking && (
        <Sheet title={t('signIn')} close={leave}>
          <SignIn act={t('enterClaim')} link={code} done={entered} />
        </Sheet>
      )}
    </>
  )
}

/** State says why there is nothing to press, and until when there is. */
function State({ page, again }: { page: Shown; again: () => void }) {
  const reason = page.reason
  const asks = unmet(page)
  switch (page.state) {
    case 'open':
      return page.closes_at ? <p class="quiet center">{t('closesAt', { time: moment(page.closes_at, page.zone) })}</p> : null
    case 'before':
      return (
        <div class="state">
          <b>{t('before')}</b>
          {page.opens_at && <Countdown now={page.now} to={page.opens_at} done={again} />}
          {page.opens_at && <span class="quiet">{t('opensAt', { time: moment(page.opens_at, page.zone) })}</span>}
        </div>
      )
    case 'sold_out':
      return (
        <div class="state over">
          <b>{reason ? reason.title : t('soldOut')}</b>
          <span>{reason ? reason.detail : t('soldOutMore')}</span>
        </div>
      )
    case 'ended':
      return <div class="state over"><b>{t('ended')}</b></div>
    case 'paused':
      return <div class="state over"><b>{t('paused')}</b></div>
    case 'refused':
      return (
        <div class="state over">
          <b>{asks || !reason ? t('refused') : reason.title}</b>
          {asks ? <span>{asks}</span> : reason && <span>{reason.detail}</span>}
        </div>
      )
  }
  return null
}
