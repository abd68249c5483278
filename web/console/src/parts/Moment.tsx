import { Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'

/** Moment shows a moment in the zone of a market (the reader's own where none is given), with the zone's name on demand. */
export function Moment({ at, zone, seconds }: { at?: string; zone?: string; seconds?: boolean }) {
  const { i18n } = useTranslation()
  if (!at) return <>–</>
  const d = new Date(at)
  const timeZone = zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  const short = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: seconds ? 'medium' : 'short', timeZone })
  const long = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'full', timeStyle: 'long', timeZone })
  return (
    <Tooltip title={long.format(d)}>
      <time dateTime={at}>{short.format(d)}</time>
    </Tooltip>
  )
}
