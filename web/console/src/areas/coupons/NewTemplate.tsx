import './words'
import { Button, Card, Collapse, Form, Input, Select, Skeleton, Typography } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api, ask, type Schemas } from '@/api/client'
import { useAct } from '@/api/hooks'
import { language } from '@/i18n'
import { useAllMarkets } from '@/parts/market'
import { applyProblem, ProblemAlert } from '@/parts/ProblemAlert'
import { KindPicker } from './editor/KindPicker'
import { useKinds, type Kind } from './editor/kinds'

interface Fields {
  internal_name: string
  kind: Kind
  market: string
  code?: string
}

/** NewTemplate begins a template: its name and what it does. All else is the editor's. */
export default function NewTemplate() {
  const { t } = useTranslation('coupons')
  const go = useNavigate()
  const [form] = Form.useForm<Fields>()
  const kinds = useKinds()
  const all = useAllMarkets()
  const kind = Form.useWatch('kind', form)
  const create = useAct<Schemas['CreateTemplateBody'], Schemas['TemplateRow']>({
    run: (body, key) => ask(api.POST('/v1/templates', { body, params: { header: { 'Idempotency-Key': key } } })),
    stale: [['templates']],
    then: (row) => void go(`/coupons/templates/${row.id}/edit`, { replace: true }),
  })
  if (kinds.error || all.error) return <ProblemAlert error={kinds.error ?? all.error} again={() => void (kinds.error ? kinds : all).refetch()} />
  if (!kinds.data || !all.data) return <Skeleton active paragraph={{ rows: 8 }} />
  const markets = all.data.filter((m) => !m.archived_at)
  const home = markets.find((m) => m.code === 'main')?.code ?? markets[0]?.code ?? 'main'
  const start = (f: Fields) => {
    const rewards = kinds.data.find((k) => k.kind === f.kind)?.rewards ?? []
    create.mutate(
      {
        market: f.market,
        ...(f.code ? { code: f.code } : {}),
        internal_name: f.internal_name,
        customer_name: { [language()]: f.internal_name },
        issuer: { kind: 'platform' },
        draft: {
          terms: {
            kind: f.kind,
            ...(rewards[0] ? { reward: rewards[0].reward as Schemas['Terms']['reward'] } : {}),
            uses_per_coupon: 1,
            validity: { kind: 'days', days: 7 },
            funders: [{ kind: 'platform', code: 'platform', share_bps: 10_000 }],
          },
          claim: { limits: [{ what: 'issue_count', period: 'ever', per: 'template', cap: 1000 }, { what: 'issue_count', period: 'ever', per: 'member', cap: 1 }] },
        },
      },
      { onError: (e) => applyProblem(form, e) },
    )
  }
  return (
    <Card style={{ maxWidth: 900 }}>
      <Typography.Title level={1} style={{ fontSize: 24, marginTop: 0 }}>
        {t('new.title')}
      </Typography.Title>
      <Form<Fields> form={form} layout="vertical" initialValues={{ kind: 'amount_off', market: home }} onFinish={start} requiredMark={false}>
        <Form.Item name="internal_name" label={t('new.name')} extra={t('new.nameHint')} rules={[{ required: true, whitespace: true, message: t('required', { ns: 'shell' }) }]}>
          <Input autoFocus maxLength={200} showCount style={{ maxWidth: 480 }} />
        </Form.Item>
        <Form.Item name="kind" label={t('fields.kind')}>
          <KindPicker kinds={kinds.data} value={kind} onChange={(k) => form.setFieldValue('kind', k)} />
        </Form.Item>
        <Collapse
          ghost
          size="small"
          defaultActiveKey={markets.length > 1 ? ['more'] : []}
          items={[
            {
              key: 'more',
              forceRender: true,
              label: t('more'),
              children: (
                <>
                  <Form.Item name="market" label={t('new.market')} extra={t('new.marketHint')}>
                    <Select style={{ maxWidth: 320 }} options={markets.map((m) => ({ value: m.code, label: `${m.name} · ${m.currency}` }))} />
                  </Form.Item>
                  <Form.Item name="code" label={t('new.code')} extra={t('new.codeHint')}>
                    <Input maxLength={64} style={{ maxWidth: 320 }} />
                  </Form.Item>
                </>
              ),
            },
          ]}
        />
        <ProblemAlert error={create.error} />
        <Button type="primary" htmlType="submit" loading={create.isPending}>
          {t('new.start')}
        </Button>
      </Form>
    </Card>
  )
}
