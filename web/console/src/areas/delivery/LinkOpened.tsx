import type { Link } from './LinkForm'
import { LinkShown } from './LinkShown'
import { Snippet } from './Snippet'

/** Opened is a link and what of it is looked at: its QR code, or its card for other sites. */
export interface Opened {
  link: Link
  as: 'code' | 'card'
}

/** LinkOpened shows what of a link somebody has opened. */
export function LinkOpened({ opened, writes, close }: { opened?: Opened; writes: boolean; close: () => void }) {
  if (!opened) return null
  const may = writes && !opened.link.archived_at
  if (opened.as === 'card') return <Snippet link={opened.link} writes={may} close={close} stale={['links']} />
  return <LinkShown link={opened.link} writes={may} close={close} />
}
