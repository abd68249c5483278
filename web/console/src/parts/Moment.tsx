import { useTranslation } from 'react-i18next'
import { dateFormat } from './intl'
import { ownZone } from './zone'

/** Moment shows a moment in the zone of a market (the reader's own where none is given); the zone is named where it is another than the reader's, else on demand. */
export function Moment({ at, zone, seconds }: { at?: string; zone?: string; seconds?: boolean }) {
  const { i18n } = useTranslation()
  if (!at) return <>–</>
  const d = new Date(at)
  const timeZone = zone ?? ownZone()
  const short = (of: string) => dateFormat(i18n.language, { timeZone: of, timeZoneName: 'short' }).formatToParts(d).find((p) => p.type === 'timeZoneName')?.value
  const named = timeZone === ownZone() || short(timeZone) === short(ownZone()) ? '' : ` ${short(timeZone)}`
  return (
    <time dateTime={at} title={dateFormat(i18n.language, { dateStyle: 'full', timeStyle: 'long', timeZone }).format(d)}>
      {dateFormat(i18n.language, { dateStyle: 'medium', timeStyle: seconds ? 'medium' : 'short', timeZone }).format(d)}
      {named}
    </time>
  )
}
