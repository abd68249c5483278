import { Alert, Flex, List, Modal, Typography } from 'antd'
import { useTranslation } from 'react-i18next'
import { api, ask, type Schemas } from '@/api/client'
import { useAct } from '@/api/hooks'
import { language } from '@/i18n'
import { Conflict, isConflict } from '@/parts/Conflict'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { inLanguage } from '@/parts/texts'
import { useFunnel } from '../reading'
import type { Check, Refusal } from './checking'
import { Where } from './Side'
import { useEditing } from './editing'
import { TicketCard } from './TicketCard'

interface Props {
  template: Schemas['TemplateRow']
  etag: string
  check?: Check
  refusals: Refusal[]
  close: () => void
  lead: (pointer: string) => void
  published: () => void
}

/** PublishDialog says what publishing will do, and does it. */
export function PublishDialog({ template, etag, check, refusals, close, lead, published }: Props) {
  const { t, i18n } = useTranslation('coupons')
  const { body } = useEditing()
  const again = template.version > 0
  const funnel = useFunnel(template.id, again)
  const count = (n: number) => n.toLocaleString(i18n.language)
  const publish = useAct({
    run: () => ask(api.POST('/v1/templates/{id}/publish', { params: { path: { id: template.id }, header: { 'If-Match': etag } } })),
    done: t('publish.done'),
    stale: [['template', template.id], ['templates'], ['versions', template.id], ['funnel', template.id]],
    then: published,
  })
  const total = (body.draft.claim.limits ?? []).find((l) => l.what === 'issue_count' && l.period === 'ever' && l.per === 'template')
  const each = (body.draft.claim.limits ?? []).find((l) => l.what === 'issue_count' && l.period === 'ever' && l.per === 'member')
  const what = [
    again ? t('publish.next', { version: template.version + 1 }) : t('publish.first'),
    ...(again && funnel.data ? [t('publish.kept', { n: count(funnel.data.total.issued) })] : []),
    again && !template.claiming ? t('publish.stopped') : body.draft.claim.window?.from ? t('publish.window') : t('publish.atOnce'),
    total ? t('publish.total', { n: count(total.cap) }) : t('publish.unlimited'),
    ...(each ? [t('publish.each', { n: count(each.cap) })] : []),
    t('publish.final'),
  ]
  const blocked = refusals.length > 0
  return (
    <Modal
      open
      title={t('publish.title')}
      okText={t('publish.confirm')}
      cancelText={t('publish.cancel')}
      okButtonProps={{ disabled: blocked, loading: publish.isPending }}
      onOk={() => publish.mutate()}
      onCancel={close}
      width={560}
    >
      <Flex vertical gap="middle">
        {isConflict(publish.error) ? <Conflict load={() => window.location.reload()} /> : <ProblemAlert error={publish.error} />}
        <TicketCard name={inLanguage(body.customer_name, language())} card={check?.card ?? ''} lines={[]} />
        {blocked ? (
          <Alert
            type="error"
            showIcon
            title={t('publish.blocked', { count: refusals.length })}
            description={
              <ul style={{ margin: 0, paddingInlineStart: 18 }}>
                {refusals.map((r, i) => (
                  <li key={i}>
                    <Where pointer={r.pointer ?? ''} text={r.detail} go={lead} />
                  </li>
                ))}
              </ul>
            }
          />
        ) : (
          <List size="small" dataSource={what} renderItem={(x) => <List.Item>{x}</List.Item>} />
        )}
        {(check?.findings ?? []).filter((f) => f.kind === 'gap').map((f, i) => (
          <Alert key={i} type="warning" showIcon title={f.text} />
        ))}
        {check?.complexity.level === 'hard' && <Alert type="warning" showIcon title={(check.complexity.warnings ?? []).join(' ')} />}
        <details>
          <summary>{t('side.sentences')}</summary>
          <Typography.Paragraph>
            {(check?.sentences ?? []).map((s, i) => (
              <div key={i}>{s.text}</div>
            ))}
          </Typography.Paragraph>
        </details>
      </Flex>
    </Modal>
  )
}
