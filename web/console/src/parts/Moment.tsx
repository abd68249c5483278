import { useTranslation } from 'react-i18next'
import { dateFormat } from './intl'
import { ownZone } from './zone'

/** Moment shows a moment in the zone of a market (the reader's own where none is given), with the zone's name on demand. */
export function Moment({ at, zone, seconds }: { at?: string; zone?: string; seconds?: boolean }) {
  const { i18n } = useTranslation()
  if (!at) return <>–</>
  const d = new Date(at)
  const timeZone = zone ?? ownZone()
  return (
    <time dateTime={at} title={dateFormat(i18n.language, { dateStyle: 'full', timeStyle: 'long', timeZone }).format(d)}>
      {dateFormat(i18n.language, { dateStyle: 'medium', timeStyle: seconds ? 'medium' : 'short', timeZone }).format(d)}
    </time>
  )
}
