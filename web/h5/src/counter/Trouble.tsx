import { Problem, Unreachable } from './api'
import { NotAClerk } from './session'
import { t } from './words'

/** Trouble says what went wrong and what to do. */
export function Trouble({ error }: { error: unknown }) {
  if (!error) return null
  if (error instanceof Problem)
    return (
      <div class="alert" role="alert">
        <b>{error.title}</b>
        <span>{error.detail}</span>
        <small class="quiet">{t('request', { id: error.request })}</small>
      </div>
    )
  if (error instanceof Unreachable)
    return (
      <div class="alert wait" role="alert">
        <b>{t('away.title')}</b>
        <span>{t('away.text')}</span>
      </div>
    )
  if (error instanceof NotAClerk)
    return (
      <div class="alert" role="alert">
        <b>{t('notclerk.title')}</b>
        <span>{t(error.message === 'initial' ? 'notclerk.initial' : error.message === 'key' ? 'notclerk.key' : 'notclerk.role')}</span>
      </div>
    )
  return (
    <div class="alert" role="alert">
      <b>{t('broken')}</b>
      <span>{String(error)}</span>
    </div>
  )
}
