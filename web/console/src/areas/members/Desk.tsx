import './words'
import { Button, Flex, Form, InputNumber, Skeleton, Table, Typography } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { api, ask, type Schemas } from '@/api/client'
import { useAct } from '@/api/hooks'
import { Conflict, isConflict } from '@/parts/Conflict'
import { useMarkets } from '@/parts/market'
import { applyProblem, ProblemAlert } from '@/parts/ProblemAlert'
import { RowsSelect } from '@/parts/RowSelect'
import { useMay } from '@/session'
import { homeOf, MarketChoice, useDesk } from './quota'

type Row = Schemas['DeskRow']
type Body = Schemas['DeskBody']

const kinds = ['reissue', 'extend', 'compensate'] as const

/** What the service desk may do a day, what was done today, and which templates compensate. */
export default function Desk() {
  const { t } = useTranslation('members')
  const may = useMay()
  const [form] = Form.useForm<Body>()
  const [params, setParams] = useSearchParams()
  const market = homeOf(useMarkets(), params.get('market'))
  const one = useDesk(market)
  const save = useAct<{ body: Body; rev: number }, Row>({
    run: ({ body, rev }) => ask(api.PUT('/v1/desks/{market}', { body, params: { path: { market }, header: rev > 0 ? { 'If-Match': `"${rev}"` } : { 'If-None-Match': '*' } } })),
    done: t('desk.saved'),
    stale: [['desk']],
  })
  useEffect(() => applyProblem(form, save.error), [form, save.error])
  if (one.isPending) return <Skeleton active paragraph={{ rows: 8 }} />
  const d = one.data
  if (!d) return <ProblemAlert error={one.error} again={() => void one.refetch()} />
  const writes = may('desk.write')
  const more = params.get('template') // a template's page offers the desk as a way to give it out
  const templates = more && writes && !d.templates?.includes(more) ? [...(d.templates ?? []), more] : d.templates
  return (
    <section aria-labelledby="desk-title">
      <Typography.Title level={1} id="desk-title" style={{ marginTop: 0, fontSize: 24 }}>
        {t('desk.title')}
      </Typography.Title>
      <p className="quiet">{t('desk.about')}</p>
      <MarketChoice value={market} onChange={(m) => setParams({ market: m }, { replace: true })} />
      {isConflict(save.error) ? (
        <Conflict load={() => void one.refetch().then((r) => (r.data && form.setFieldsValue(r.data), save.reset()))} overwrite={() => void one.refetch().then((r) => save.mutate({ body: form.getFieldsValue(), rev: r.data?.rev ?? 0 }))} />
      ) : (
        <ProblemAlert error={save.error} />
      )}
      <Form<Body> form={form} key={`${market} ${d.rev}`} layout="vertical" disabled={!writes} initialValues={{ ...d, templates }} onFinish={(body) => save.mutate({ body, rev: d.rev })}>
        <Table
          size="middle"
          rowKey="kind"
          pagination={false}
          scroll={{ x: 'max-content' }}
          style={{ marginBottom: 24, maxWidth: 860 }}
          dataSource={kinds.map((kind) => ({ kind }))}
          columns={[
            { key: 'kind', title: t('desk.act'), render: (_, r) => t(`type.${r.kind}`) },
            { key: 'agent', title: t('desk.agent'), render: (_, r) => <Cap name={[r.kind, 'agent']} label={`${t(`type.${r.kind}`)}: ${t('desk.agent')}`} /> },
            { key: 'mine', title: t('desk.mine'), className: 'numbers', render: (_, r) => d.used[r.kind].agent },
            { key: 'all', title: t('desk.all'), render: (_, r) => <Cap name={[r.kind, 'all']} label={`${t(`type.${r.kind}`)}: ${t('desk.all')}`} /> },
            { key: 'today', title: t('desk.today'), className: 'numbers', render: (_, r) => d.used[r.kind].all },
          ]}
        />
        <Form.Item name="extend_days" label={t('desk.days')} extra={t('desk.daysHelp')}>
          <InputNumber min={0} max={366} precision={0} />
        </Form.Item>
        <Form.Item name="templates" label={t('desk.templates')} extra={t('desk.templatesHelp')}>
          <RowsSelect
            kind="templates"
            among={`published ${market}`}
            aria-label={t('desk.templates')}
            page={(query, signal) => ask(api.GET('/v1/templates', { params: { query: { status: 'published', market, ...query } }, signal }))}
          />
        </Form.Item>
        {writes && (
          <Flex>
            <Button type="primary" htmlType="submit" loading={save.isPending}>
              {t('shell:save')}
            </Button>
          </Flex>
        )}
      </Form>
    </section>
  )
}

function Cap({ name, label }: { name: string[]; label: string }) {
  return (
    <Form.Item name={name} noStyle rules={[{ required: true }]}>
      <InputNumber aria-label={label} min={0} max={1_000_000} precision={0} style={{ width: 110 }} />
    </Form.Item>
  )
}
