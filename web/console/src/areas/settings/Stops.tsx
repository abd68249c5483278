import './words'
import { Alert, App, Button, Card, Checkbox, Empty, Flex, Form, Input, Segmented, Skeleton, Table, Tag, Typography } from 'antd'
import { useEffect } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import { useQuery } from '@tanstack/react-query'
import { api, ask, type Schemas } from '@/api/client'
import { useAct } from '@/api/hooks'
import { Called } from '@/parts/Called'
import { ExportButton } from '@/parts/ExportButton'
import { Moment } from '@/parts/Moment'
import { applyProblem, ProblemAlert } from '@/parts/ProblemAlert'
import { BudgetSelect, MerchantSelect, TemplateSelect } from '@/parts/RowSelect'

type Stop = Schemas['StopRow']
type Body = Schemas['StopBody']

/** What is stopped, and the switch that stops: a template, a budget, a merchant or everything. */
export default function Stops() {
  const { t } = useTranslation('settings')
  const { modal } = App.useApp()
  const [form] = Form.useForm<Body>()
  const scope = Form.useWatch('scope', form) ?? 'template'
  const stops = useQuery({ queryKey: ['stops'], queryFn: ({ signal }) => ask(api.GET('/v1/stops', { signal })), refetchInterval: 15_000 })
  const running = useQuery({ queryKey: ['templates', 'running'], queryFn: ({ signal }) => ask(api.GET('/v1/templates', { params: { query: { status: 'published', limit: 500 } }, signal })) })
  const act = useAct<Body>({
    run: (body) => ask(api.PUT('/v1/stops', { body })),
    done: (_, body) => t(body.claims || body.uses ? 'stops.done' : 'stops.lifted'),
    stale: [['stops']],
    then: () => form.resetFields(),
  })
  useEffect(() => applyProblem(form, act.error), [form, act.error])
  const count = (running.data?.items.length ?? 0) + (running.data?.next_cursor ? '+' : '')
  const effects = (b: Body) => [b.claims ? t('stops.noClaims') : '', b.uses ? t('stops.noUses') : ''].filter((x) => x)
  const confirm = (b: Body) =>
    modal.confirm({
      title: <Trans t={t} i18nKey="stops.confirm" components={{ what: <What of={b} /> }} />,
      content: (
        <Flex vertical gap="small">
          {effects(b).map((e) => (
            <div key={e}>• {e}</div>
          ))}
          {b.scope === 'all' && <strong>{t('stops.hits', { count: count as never })}</strong>}
          <span className="quiet">{t('stops.stays')}</span>
        </Flex>
      ),
      okText: t('stops.stop'),
      okButtonProps: { danger: true },
      cancelText: t('shell:cancel'),
      onOk: () => act.mutate(b),
    })
  const lift = (s: Stop) =>
    modal.confirm({
      title: <Trans t={t} i18nKey="stops.liftOf" components={{ what: <What of={s} /> }} />,
      content: t('stops.liftText'),
      okText: t('stops.lift'),
      cancelText: t('shell:cancel'),
      onOk: () => act.mutate({ scope: s.scope, claims: false, uses: false, ...(s.key ? { key: s.key } : {}) }),
    })
  return (
    <section aria-labelledby="stops-title">
      <Flex justify="space-between" align="start">
        <Typography.Title level={1} id="stops-title" style={{ fontSize: 24, marginTop: 0 }}>
          {t('stops.title')}
        </Typography.Title>
        <ExportButton list="/v1/stops" />
      </Flex>
      <p className="quiet">{t('stops.why')}</p>
      <ProblemAlert error={stops.error} again={() => void stops.refetch()} />
      {stops.isPending ? (
        <Skeleton active />
      ) : (
        <Table<Stop>
          size="middle"
          rowKey={(r) => `${r.scope} ${r.key ?? ''}`}
          dataSource={stops.data?.items ?? []}
          pagination={false}
          scroll={{ x: 'max-content' }}
          locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('stops.empty')} /> }}
          columns={[
            { key: 'what', title: t('stops.what'), render: (_, s) => <What of={s} /> },
            { key: 'held', title: t('stops.held'), render: (_, s) => <>{s.claims && <Tag color="red">{t('stops.claims')}</Tag>}{s.uses && <Tag color="red">{t('stops.uses')}</Tag>}</> },
            { key: 'why', title: t('reason'), dataIndex: 'reason' },
            { key: 'at', title: t('stops.since'), render: (_, s) => <Moment at={s.at} /> },
            { key: 'lift', title: '', render: (_, s) => <Button size="small" onClick={() => lift(s)}>{t('stops.lift')}</Button> },
          ]}
        />
      )}
      <Card title={<h2 style={{ margin: 0, fontSize: 16 }}>{t('stops.new')}</h2>} style={{ marginTop: 24, maxWidth: 640 }}>
        <Form<Body> name="stop" form={form} layout="vertical" requiredMark={false} initialValues={{ scope: 'template', claims: true, uses: false }} onFinish={({ key, reason, ...b }) => confirm({ ...b, ...(key && b.scope !== 'all' ? { key } : {}), ...(reason ? { reason } : {}) })}>
          <Form.Item name="scope" label={t('stops.what')}>
            <Segmented options={(['template', 'budget', 'merchant', 'all'] as const).map((value) => ({ value, label: t(`stops.scopes.${value}`) }))} onChange={() => form.setFieldValue('key', undefined)} />
          </Form.Item>
          {scope !== 'all' && (
            <Form.Item name="key" label={t(`stops.scopes.${scope}`)} rules={[{ required: true, message: t('shell:required') }]}>
              {scope === 'template' ? <TemplateSelect /> : scope === 'merchant' ? <MerchantSelect /> : <BudgetSelect />}
            </Form.Item>
          )}
          <Form.Item name="claims" valuePropName="checked" style={{ marginBottom: 4 }}>
            <Checkbox>{t('stops.noClaims')}</Checkbox>
          </Form.Item>
          <Form.Item name="uses" valuePropName="checked">
            <Checkbox>{t('stops.noUses')}</Checkbox>
          </Form.Item>
          <Form.Item name="reason" label={t('reason')} extra={t('reasonHelp')}>
            <Input maxLength={200} />
          </Form.Item>
          {scope === 'all' && <Alert type="warning" showIcon style={{ marginBottom: 16 }} title={t('stops.hits', { count: count as never })} />}
          <ProblemAlert error={act.error} />
          <Form.Item noStyle dependencies={['claims', 'uses']}>
            {() => (
              <Button type="primary" htmlType="submit" loading={act.isPending} disabled={!form.getFieldValue('claims') && !form.getFieldValue('uses')}>
                {t('stops.stop')}
              </Button>
            )}
          </Form.Item>
        </Form>
      </Card>
    </section>
  )
}

const kinds = { template: 'templates', budget: 'budgets', merchant: 'merchants' } as const

/** What is stopped, by its name. */
function What({ of }: { of: Pick<Body, 'scope' | 'key'> }) {
  const { t } = useTranslation('settings')
  if (of.scope === 'all') return <>{t('stops.everything')}</>
  return (
    <>
      {t(`stops.scopes.${of.scope}`)} <Called kind={kinds[of.scope]} id={of.key} />
    </>
  )
}
