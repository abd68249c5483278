import './pagewords'
import { useEffect, useRef, useState } from 'preact/hooks'
import { call, newKey, Problem, refused, type Schemas } from './api'
import { dress } from './colour'
import { Sheet, Trouble } from './parts'
import { SignIn } from './SignIn'
import { moment, money, t } from './words'

type Packet = Schemas['PacketRow']

/**
 * Packet opens the share packet of a link and shows who got what. Without a link it
 * sends one: /packet/?plan=pkp_…, with &order=SOURCE/NUMBER where the plan asks for one.
 */
export function Packet({ link }: { link: string }) {
  const [packet, setPacket] = useState<Packet>()
  const [share, setShare] = useState<Schemas['OpenedShare']>()
  const [coupon, setCoupon] = useState('')
  const [asking, setAsking] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const [note, setNote] = useState('')
  const act = useRef('')
  useEffect(() => {
    document.title = t('packet')
    dress('festive')
  }, [])
  const run = async () => {
    setBusy(true)
    setError(undefined)
    act.current = act.current || newKey()
    try {
      const who = await call<Schemas['VisitorAnswerBody']>('GET', '/v1/visits/current')
      const member = { id: who.member }
      if (link) {
        const got = await call<Schemas['OpenedRow']>('POST', '/v1/packets/openings', { link, member }, act.current)
        setPacket(got.packet)
        setShare(got.share)
        setCoupon(got.coupon.id)
      } else {
        const ask = new URLSearchParams(location.search)
        const [source, ref] = (ask.get('order') || '').split('/')
        setPacket(await call<Packet>('POST', '/v1/packets', { plan: ask.get('plan'), member, ...(source && ref ? { order: { source, ref } } : {}) }, act.current))
      }
      act.current = ''
      setAsking(false)
    } catch (e) {
      if (refused(e, 'unauthenticated')) setAsking(true)
      else {
        if (e instanceof Problem) act.current = ''
        setError(e)
        setAsking(false)
      }
    }
    setBusy(false)
  }
  const pass = async () => {
    if (!packet) return
    const url = location.origin + '/packet/' + encodeURIComponent(packet.link)
    try {
      if (navigator.share) return await navigator.share({ title: t('packet'), url })
      await navigator.clipboard.writeText(url)
      setNote(t('copied'))
    } catch {
      // the reader thought better of it, or the WebView can't
    }
  }
  return (
    <>
      <div class="head packet" aria-hidden="true" />
      <main>
        <h1>{t('packet')}</h1>
        {!packet && !refused(error, 'packet_over') && (
          <button type="button" class="main go" disabled={busy} onClick={run}>
            {busy ? t('opening') : t(link ? 'openPacket' : 'packetSend')}
          </button>
        )}
        {!!error && <Trouble error={error} again={error instanceof Problem ? undefined : run} />}
        {share && (
          <section class="mine fresh" role="status">
            <b>{t('packetGot')}</b>
            {share.amount_minor > 0 && packet && packet.currency && <b class="gives">{money(share.amount_minor, packet.currency)}</b>}
            <a class="button" href={'/wallet?show=' + coupon}>{t('use')}</a>
          </section>
        )}
        {packet && !share && <p role="status"><b>{t('packetSent')}</b></p>}
        {packet && (
          <>
            <p class="quiet">{t(packet.state === 'over' ? 'packetOver' : 'packetUntil', { time: moment(packet.expires_at, packet.zone) })}</p>
            {packet.state !== 'over' && <button type="button" class={share ? '' : 'main'} onClick={pass}>{t('share')}</button>}
            {note && <p class="quiet center" role="status">{note}</p>}
            <section>
              <h2>{t('packetList', { n: packet.opened.length, of: packet.shares })}</h2>
              <ol class="shares">
                {packet.opened.map((o) => (
                  <li>
                    <span>{share && o.number === share.number ? t('you') : t('someone', { n: o.number })}</span>
                    {o.best && <mark>{t('best')}</mark>}
                    <b>{o.amount_minor > 0 && packet.currency ? money(o.amount_minor, packet.currency) : ''}</b>
                  </li>
                ))}
              </ol>
            </section>
          </>
        )}
        <a class="button" href="/wallet">{t('wallet')}</a>
      </main>
      {asking && (
        <Sheet title={t('signIn')} close={() => setAsking(false)}>
          <SignIn act={t('enter')} done={run} />
        </Sheet>
      )}
    </>
  )
}
