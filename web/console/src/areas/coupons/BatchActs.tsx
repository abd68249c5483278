import { Alert, Form, Input, InputNumber, Modal, Skeleton } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, ask } from '@/api/client'
import { useAct } from '@/api/hooks'
import { useMarket } from '@/parts/market'
import { MomentInput } from '@/parts/MomentInput'
import { applyProblem, ProblemAlert } from '@/parts/ProblemAlert'
import type { Batch } from './Batches'

export type BatchAct = 'add' | 'stop' | 'go' | 'extend' | 'withdraw' | 'archive'

interface Fields {
  add?: number
  to?: string
  reason?: string
}

/** BatchActs asks before one act on a batch, and says what it does to how many coupons. */
export function BatchActs({ act, batch, close }: { act: BatchAct; batch: Batch; close: () => void }) {
  const { t, i18n } = useTranslation('coupons')
  const [form] = Form.useForm<Fields>()
  const market = useMarket(batch.market)
  const path = { id: batch.id }
  const figures = useQuery({ queryKey: ['batches', batch.id, 'figures'], queryFn: ({ signal }) => ask(api.GET('/v1/batches/{id}', { params: { path }, signal })) })
  const run = useAct<Fields, unknown>({
    run: (f, key) => {
      const header = { 'Idempotency-Key': key }
      const reason = f.reason ? { reason: f.reason } : {}
      switch (act) {
        case 'add':
          return ask(api.POST('/v1/batches/{id}/stock', { params: { path, header }, body: { add: f.add ?? 0, ...reason } }))
        case 'extend':
          return ask(api.POST('/v1/batches/{id}/extend', { params: { path, header }, body: { to: f.to ?? '', reason: f.reason ?? '' } }))
        case 'withdraw':
          return ask(api.POST('/v1/batches/{id}/withdraw', { params: { path, header }, body: { reason: f.reason ?? '' } }))
        case 'archive':
          return ask(api.DELETE('/v1/batches/{id}', { params: { path, header: { 'If-Match': `"${batch.rev}"` } } }))
        default:
          return ask(api.PUT('/v1/batches/{id}/switch', { params: { path }, body: { open: act === 'go', ...reason } }))
      }
    },
    done: t(act === 'extend' || act === 'withdraw' ? 'batchActs.started' : 'bulk.done', { n: 1 }),
    stale: [['batches'], ['jobs']],
    then: close,
  })
  const count = (n: number) => n.toLocaleString(i18n.language)
  const f = figures.data
  const usable = (f?.states.usable ?? 0) + (f?.states.locked ?? 0)
  const required = act === 'extend' || act === 'withdraw'
  return (
    <Modal
      open
      title={t(`batchActs.${act}.title`, { name: batch.name.slice(0, 60) })}
      okText={t(`batchActs.${act}.name`)}
      okButtonProps={{ danger: act === 'withdraw' || act === 'archive' || act === 'stop', loading: run.isPending }}
      onOk={() => form.submit()}
      onCancel={close}
    >
      <ProblemAlert error={run.error} />
      <p>{t(`batchActs.${act}.text`)}</p>
      {act === 'withdraw' && batch.open && <Alert type="warning" showIcon title={t('batchActs.stopFirst')} style={{ marginBottom: 12 }} />}
      {figures.isPending ? <Skeleton active paragraph={{ rows: 1 }} title={false} /> : f && <p>{t('batchActs.figures', { issued: count(batch.issued), usable: count(usable), used: count(f.states.used ?? 0) })}</p>}
      <Form<Fields> form={form} layout="vertical" requiredMark={false} onFinish={(x) => run.mutate(x, { onError: (e) => applyProblem(form, e) })}>
        {act === 'add' && (
          <Form.Item name="add" label={t('batchActs.add.field')} rules={[{ required: true, message: t('required', { ns: 'shell' }) }]}>
            <InputNumber min={1} precision={0} style={{ width: 200 }} />
          </Form.Item>
        )}
        {act === 'extend' && (
          <Form.Item name="to" label={t('batchActs.extend.field')} rules={[{ required: true, message: t('required', { ns: 'shell' }) }]}>
            <MomentInput zone={market?.zone ?? 'UTC'} />
          </Form.Item>
        )}
        {act !== 'archive' && (
          <Form.Item name="reason" label={t('bulk.reason')} rules={required ? [{ required: true, whitespace: true, message: t('required', { ns: 'shell' }) }] : []}>
            <Input maxLength={200} />
          </Form.Item>
        )}
      </Form>
    </Modal>
  )
}
