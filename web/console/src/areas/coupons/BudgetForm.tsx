import { Button, Drawer, Flex, Form, Input, Select } from 'antd'
import { useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask, type Schemas } from '@/api/client'
import { useAct } from '@/api/hooks'
import { Conflict, isConflict } from '@/parts/Conflict'
import { useMarkets } from '@/parts/market'
import { MomentInput } from '@/parts/MomentInput'
import { ProblemAlert } from '@/parts/ProblemAlert'
import type { Budget } from './Budgets'
import { refusalsOf } from './editor/checking'
import { write } from './editor/doc'
import { EditingProvider, type Editing } from './editor/editing'
import { LimitRows } from './editor/Limits'

type Content = Omit<Schemas['UpdateBudgetBody'], 'reason'>

/** BudgetForm makes a budget, or changes one. */
export function BudgetForm({ budget, close }: { budget?: Budget; close: () => void }) {
  const { t } = useTranslation('coupons')
  const queries = useQueryClient()
  const markets = useMarkets()
  const [code, setCode] = useState('')
  const [home, setHome] = useState(budget?.market ?? 'main')
  const [reason, setReason] = useState('')
  const [body, setBody] = useState<Content>(
    budget
      ? { name: budget.name, ...(budget.from ? { from: budget.from } : {}), ...(budget.to ? { to: budget.to } : {}), limits: budget.limits }
      : { name: '', limits: [{ what: 'liability', period: 'campaign', per: 'campaign', cap: 0, alarms: [80, 100] }] },
  )
  const market = markets.find((m) => m.code === home) ?? markets[0]
  const save = useAct<Content, Budget>({
    run: (b, key) => {
      if (budget) return ask(api.PUT('/v1/budgets/{id}', { params: { path: { id: budget.id }, header: { 'If-Match': `"${budget.rev}"` } }, body: { ...b, ...(reason ? { reason } : {}) } }))
      return ask(api.POST('/v1/budgets', { params: { header: { 'Idempotency-Key': key } }, body: { ...b, market: market?.code ?? home, ...(code ? { code } : {}) } }))
    },
    done: t('saved', { ns: 'shell' }),
    stale: [['budgets']],
    then: close,
  })
  const refusals = useMemo(() => refusalsOf(save.error), [save.error])
  if (!market) return null
  const refused = (p: string) => refusals.filter((r) => r.pointer === p).map((r) => r.detail)
  // The fields of limits are those of the template editor: they find their values by pointers.
  const editing = { body, market, disabled: false, refused, set: (p: string, v: unknown) => setBody((b) => write(b, p, v ?? (p === '/limits' ? [] : undefined))) } as unknown as Editing
  const wrong = (p: string) => ({ validateStatus: refused(p).length > 0 ? ('error' as const) : undefined, help: refused(p).join(' ') || undefined })
  return (
    <Drawer open title={budget ? budget.name : t('budgets.new')} size={720} onClose={close}>
      <Form layout="vertical" onFinish={() => save.mutate(body)}>
        {isConflict(save.error) ? (
          <Conflict
            load={() => {
              void queries.invalidateQueries({ queryKey: ['budgets'] })
              close()
            }}
          />
        ) : (
          <ProblemAlert error={save.error} />
        )}
        <Form.Item label={t('templates.name')} htmlFor="budget-name" {...wrong('/name')}>
          <Input id="budget-name" value={body.name} maxLength={200} required onChange={(e) => setBody({ ...body, name: e.target.value })} />
        </Form.Item>
        {!budget && (
          <Flex wrap gap="middle">
            <Form.Item label={t('new.market')} htmlFor="budget-market">
              <Select id="budget-market" value={market.code} style={{ width: 220 }} options={markets.map((m) => ({ value: m.code, label: `${m.name} · ${m.currency}` }))} onChange={setHome} />
            </Form.Item>
            <Form.Item label={t('new.code')} htmlFor="budget-code" {...wrong('/code')}>
              <Input id="budget-code" value={code} maxLength={64} onChange={(e) => setCode(e.target.value)} />
            </Form.Item>
          </Flex>
        )}
        <Flex wrap gap="middle">
          <Form.Item label={t('budgets.from')} htmlFor="budget-from" {...wrong('/from')}>
            <MomentInput id="budget-from" zone={market.zone} value={body.from} onChange={(from) => setBody((b) => write(b, '/from', from))} />
          </Form.Item>
          <Form.Item label={t('budgets.to')} htmlFor="budget-to" {...wrong('/to')}>
            <MomentInput id="budget-to" zone={market.zone} value={body.to} onChange={(to) => setBody((b) => write(b, '/to', to))} />
          </Form.Item>
        </Flex>
        <h3>{t('budgets.limits')}</h3>
        <p className="quiet">{t('budgets.limitsHint')}</p>
        <EditingProvider value={editing}>
          <LimitRows at="/limits" pers={['campaign', 'member', 'person', 'device', 'payer', 'store', 'funder']} periods={['campaign', 'ever', 'day', 'week', 'month', 'rolling']} />
        </EditingProvider>
        {budget && (
          <Form.Item label={t('bulk.reason')} htmlFor="budget-reason">
            <Input id="budget-reason" value={reason} maxLength={500} onChange={(e) => setReason(e.target.value)} />
          </Form.Item>
        )}
        <Flex gap="small">
          <Button type="primary" htmlType="submit" loading={save.isPending}>
            {t('save', { ns: 'shell' })}
          </Button>
          <Button onClick={close}>{t('cancel', { ns: 'shell' })}</Button>
        </Flex>
      </Form>
    </Drawer>
  )
}
