import { Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { api, ask } from '@/api/client'
import { useAct } from '@/api/hooks'
import { Conflict, isConflict } from '@/parts/Conflict'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { useQueryClient } from '@tanstack/react-query'
import { useFunnel, type Template } from './reading'

/** ArchiveDialog says what archiving does to how many, and does it. */
export function ArchiveDialog({ template, etag, close }: { template: Template; etag: string; close: () => void }) {
  const { t, i18n } = useTranslation('coupons')
  const queries = useQueryClient()
  const funnel = useFunnel(template.id, template.version > 0)
  const archive = useAct({
    run: () => ask(api.POST('/v1/templates/{id}/archive', { params: { path: { id: template.id }, header: { 'If-Match': etag } } })),
    done: t('bulk.done', { n: 1 }),
    stale: [['template', template.id], ['templates']],
    then: close,
  })
  const out = funnel.data?.total
  const live = out ? Math.max(out.issued - out.used - out.expired - out.withdrawn, 0) : 0
  return (
    <Modal open title={t('bulk.archiveTitle', { n: 1 })} okText={t('bulk.archive')} okButtonProps={{ danger: true, loading: archive.isPending }} onOk={() => archive.mutate()} onCancel={close}>
      {isConflict(archive.error) ? (
        <Conflict
          load={() => {
            void queries.invalidateQueries({ queryKey: ['template', template.id] })
            close()
          }}
        />
      ) : (
        <ProblemAlert error={archive.error} />
      )}
      <p>{t('bulk.archiveText')}</p>
      {out && <p>{t('page.out', { n: live.toLocaleString(i18n.language) })}</p>}
    </Modal>
  )
}
