import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'

export type Job = Schemas['JobRow']

/** jobColours tell states of jobs apart, beside their words. */
export const jobColours: Record<string, string> = {
  available: 'default',
  scheduled: 'default',
  running: 'processing',
  retryable: 'orange',
  paused: 'orange',
  completed: 'green',
  cancelled: 'default',
  discarded: 'red',
}

/** jobOpen reports whether something is still to come of a job. */
export const jobOpen = (j: Pick<Job, 'state'>) => !['completed', 'cancelled', 'discarded'].includes(j.state)

/** JobKind says what a job does. */
export function JobKind({ kind }: { kind: string }) {
  const { t } = useTranslation('shell')
  return <>{t(`jobs.kind.${kind.replace(/[.-]/g, '_')}`, kind)}</>
}
