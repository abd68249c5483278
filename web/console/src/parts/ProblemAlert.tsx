import { Alert, Button, type FormInstance } from 'antd'
import { useTranslation } from 'react-i18next'
import { Problem, Unreachable } from '@/api/client'

/** ProblemAlert says what went wrong, what to do, and which request it was. */
export function ProblemAlert({ error, again }: { error: unknown; again?: () => void }) {
  const { t } = useTranslation()
  if (!error) return null
  const action = again && (
    <Button size="small" onClick={again}>
      {t('again')}
    </Button>
  )
  if (error instanceof Problem) {
    const all = error.errors.length > 0 ? error.errors.map((e) => e.detail) : [error.detail]
    return (
      <Alert
        role="alert"
        type="error"
        showIcon
        style={{ marginBottom: 16 }}
        title={error.title}
        description={
          <>
            {all.map((text, i) => (
              <div key={i}>{text}</div>
            ))}
            <small className="quiet">{t('request', { id: error.requestId })}</small>
          </>
        }
        action={action}
      />
    )
  }
  if (error instanceof Unreachable)
    return <Alert role="alert" type="warning" showIcon style={{ marginBottom: 16 }} title={t('unreachable.title')} description={t('unreachable.text')} action={action} />
  return <Alert role="alert" type="error" showIcon style={{ marginBottom: 16 }} title={t('broken.title')} description={String(error)} action={action} />
}

/** path is the form field of a JSON pointer: "/terms/steps/0/off" → ["terms", "steps", 0, "off"]. */
export function path(pointer: string): (string | number)[] {
  if (!pointer.startsWith('/')) return []
  return pointer
    .slice(1)
    .split('/')
    .map((p) => p.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((p) => (/^\d+$/.test(p) ? Number(p) : p))
}

/** applyProblem writes refusals beside the fields that they are about. */
export function applyProblem<T>(form: FormInstance<T>, error: unknown) {
  if (!(error instanceof Problem)) return
  const all = error.errors.length > 0 ? error.errors : [{ pointer: error.pointer, detail: error.detail }]
  const fields = all.filter((e) => (e.pointer ?? '').startsWith('/')).map((e) => ({ name: path(e.pointer ?? ''), errors: [e.detail] }))
  if (fields.length === 0) return
  form.setFields(fields as Parameters<typeof form.setFields>[0])
  const first = fields[0]
  if (first) form.scrollToField(first.name as Parameters<typeof form.scrollToField>[0], { block: 'center' })
}
