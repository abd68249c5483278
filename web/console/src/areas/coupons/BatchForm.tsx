import { Drawer, Flex, Form, Input, InputNumber, Switch, Button } from 'antd'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, ask, type Schemas } from '@/api/client'
import { useAct } from '@/api/hooks'
import { Conflict, isConflict } from '@/parts/Conflict'
import { useMarket } from '@/parts/market'
import { MomentInput } from '@/parts/MomentInput'
import { MoneyInput } from '@/parts/MoneyInput'
import { applyProblem, ProblemAlert } from '@/parts/ProblemAlert'
import { TemplateSelect } from '@/parts/RowSelect'
import type { Batch } from './Batches'
import { useTemplate } from './reading'

interface Fields {
  template: string
  code?: string
  name: string
  size: number
  budget_minor?: number
  rank?: number
  reserved?: boolean
  from?: string
  to?: string
}

/** BatchForm makes a batch of stock, or changes one; what it doesn't show stays as it is. */
export function BatchForm({ batch, template, close }: { batch?: Batch; template?: string; close: () => void }) {
  const { t } = useTranslation('coupons')
  const queries = useQueryClient()
  const [form] = Form.useForm<Fields>()
  const chosen = Form.useWatch('template', form) ?? batch?.template ?? template
  const row = useTemplate(chosen ?? '')
  const market = useMarket(batch?.market ?? row.data?.data.market)
  const save = useAct<Fields, Batch>({
    run: ({ template, code, ...f }, key) => {
      const content: Schemas['BatchBody'] = { open: true, ...(batch ? { open: batch.open, ...(batch.placements ? { placements: batch.placements } : {}), ...(batch.validity ? { validity: batch.validity } : {}) } : {}), ...f }
      if (batch) return ask(api.PUT('/v1/batches/{id}', { params: { path: { id: batch.id }, header: { 'If-Match': `"${batch.rev}"` } }, body: content }))
      return ask(api.POST('/v1/batches', { params: { header: { 'Idempotency-Key': key } }, body: { template, market: market?.code ?? '', ...(code ? { code } : {}), ...content } }))
    },
    done: t('saved', { ns: 'shell' }),
    stale: [['batches']],
    then: close,
  })
  const zone = market?.zone ?? 'UTC'
  return (
    <Drawer open title={batch ? batch.name : t('batches.new')} size={480} onClose={close}>
      <Form<Fields>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={batch ?? { template, size: 10_000 }}
        onFinish={(f) => save.mutate({ ...f, ...(f.rank === null ? { rank: 0 } : {}) }, { onError: (e) => applyProblem(form, e) })}
      >
        {isConflict(save.error) ? (
          <Conflict
            load={() => {
              void queries.invalidateQueries({ queryKey: ['batches'] })
              close()
            }}
          />
        ) : (
          <ProblemAlert error={save.error} />
        )}
        {!batch && (
          <Form.Item name="template" label={t('batches.of')} rules={[{ required: true, message: t('required', { ns: 'shell' }) }]}>
            <TemplateSelect />
          </Form.Item>
        )}
        <Form.Item name="name" label={t('templates.name')} rules={[{ required: true, whitespace: true, message: t('required', { ns: 'shell' }) }]}>
          <Input maxLength={200} />
        </Form.Item>
        {!batch && (
          <Form.Item name="code" label={t('new.code')} extra={t('new.codeHint')}>
            <Input maxLength={64} />
          </Form.Item>
        )}
        <Form.Item name="size" label={t('batches.size')} extra={t('batches.sizeHint')} rules={[{ required: true, message: t('required', { ns: 'shell' }) }]}>
          <InputNumber min={0} precision={0} style={{ width: 200 }} />
        </Form.Item>
        {market && (!batch || !!batch.budget_minor) && (
          <Form.Item name="budget_minor" label={t('batches.budget')} extra={t('batches.budgetHint')}>
            <MoneyInput currency={market.currency} />
          </Form.Item>
        )}
        <Flex wrap gap="middle">
          <Form.Item name="from" label={t('batches.from')}>
            <MomentInput zone={zone} />
          </Form.Item>
          <Form.Item name="to" label={t('batches.to')}>
            <MomentInput zone={zone} />
          </Form.Item>
        </Flex>
        <Form.Item name="rank" label={t('batches.rank')} extra={t('batches.rankHint')}>
          <InputNumber min={-1000} max={1000} precision={0} style={{ width: 120 }} />
        </Form.Item>
        <Form.Item name="reserved" label={t('batches.reserved')} valuePropName="checked">
          <Switch />
        </Form.Item>
        <Flex gap="small">
          <Button type="primary" htmlType="submit" loading={save.isPending} disabled={!market}>
            {t('save', { ns: 'shell' })}
          </Button>
          <Button onClick={close}>{t('cancel', { ns: 'shell' })}</Button>
        </Flex>
      </Form>
    </Drawer>
  )
}
