import './words'
import { Alert, Flex, Form, Input, InputNumber, Radio, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { api, ask, type Schemas } from '@/api/client'
import { useAct } from '@/api/hooks'
import { useMarket } from '@/parts/market'
import { MomentInput } from '@/parts/MomentInput'
import { useMoney } from '@/parts/money'
import { MoneyInput } from '@/parts/MoneyInput'
import { TemplateSelect } from '@/parts/RowSelect'
import { FormDrawer, takeNewest } from './FormDrawer'
import { CustomerNames, LimitRows, spoken } from './formparts'
import { useOffered } from './offered'
import type { Plan } from './Plans'

type Values = Schemas['PlanBody']
type Content = Schemas['PacketContent']

interface Props {
  of?: { row: Plan; etag: string }
  template?: string
  close: () => void
  saved: (p: Plan) => void
  again?: () => Promise<Plan | undefined>
}

/** whole is the content with what its mode reads, and nothing else. */
export function whole(c: Content): Content {
  const { template, mode, shares, life_hours } = c
  const out: Content = { template, mode, shares, life_hours, sharer_opens: !!c.sharer_opens, needs_order: !!c.needs_order }
  if (c.needs_order && c.order_minor) out.order_minor = c.order_minor
  if (mode === 'fixed') out.share_minor = c.share_minor
  if (mode === 'lucky') {
    out.total_minor = c.total_minor
    if (c.least_minor) out.least_minor = c.least_minor
    if (c.most_minor) out.most_minor = c.most_minor
  }
  return out
}

/** PlanForm makes or changes a plan of share packets; the content of a published one stays as it is. */
export default function PlanForm({ of, template, close, saved, again }: Props) {
  const { t } = useTranslation('delivery')
  const money = useMoney()
  const [form] = Form.useForm<Values>()
  const content = Form.useWatch('content', form) as Content | undefined
  const code = useOffered(of ? {} : { template: content?.template })?.market ?? of?.row.market
  const market = useMarket(code)
  const zone = market?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  const currency = market?.currency ?? 'CNY'
  const fixed = !!of && of.row.status !== 'draft'
  const act = useAct<Values, Plan>({
    run: (body, key) =>
      of
        ? ask(api.PUT('/v1/packet-plans/{id}', { body, params: { path: { id: of.row.id }, header: { 'If-Match': of.etag } } }))
        : ask(api.POST('/v1/packet-plans', { body: { ...body, market: code ?? '' }, params: { header: { 'Idempotency-Key': key } } })),
    done: t(of ? 'shell:saved' : 'plans.created'),
    stale: [['plans'], ['plan']],
    then: saved,
  })
  const needed = [{ required: true, message: t('shell:required') }]
  const mode = content?.mode
  const mean = mode === 'lucky' && content?.total_minor && content.shares ? Math.floor(content.total_minor / content.shares) : 0
  return (
    <FormDrawer<Values>
      wide
      title={t(of ? 'plans.edit' : 'plans.new')}
      action={t(of ? 'shell:save' : 'create')}
      form={form}
      initial={of?.row ?? { content: { template, mode: 'lucky', shares: 10, life_hours: 24 }, limits: [{ period: 'day', per: 'member', cap: 3 }] }}
      error={act.error}
      pending={act.isPending}
      close={close}
      newest={async () => {
        const row = await again?.()
        if (row) takeNewest(form, { ...row })
        act.reset()
      }}
      finish={(v) =>
        act.mutate({
          internal_name: v.internal_name,
          customer_name: spoken(v.customer_name),
          content: fixed ? of.row.content : whole(v.content),
          limits: v.limits ?? [],
          ...(v.budget_minor ? { budget_minor: v.budget_minor } : {}),
          ...(v.from ? { from: v.from } : {}),
          ...(v.to ? { to: v.to } : {}),
        })
      }
    >
      <Form.Item name="internal_name" label={t('form.internalName')} rules={needed}>
        <Input maxLength={200} />
      </Form.Item>
      <CustomerNames />
      {fixed && <Alert type="info" showIcon title={t('plans.contentFixed')} style={{ marginBottom: 16 }} />}
      <Form.Item name={['content', 'mode']} label={t('plans.mode')} rules={needed}>
        <Radio.Group disabled={fixed}>
          <Flex vertical gap={4}>
            {(['lucky', 'fixed', 'coupons'] as const).map((m) => (
              <Radio key={m} value={m}>
                {t(`mode.${m}`)} <small className="quiet">{t(`modeHelp.${m}`)}</small>
              </Radio>
            ))}
          </Flex>
        </Radio.Group>
      </Form.Item>
      <Form.Item name={['content', 'template']} label={t('plans.template')} extra={t(mode === 'coupons' ? 'plans.templateCoupons' : 'plans.templateAmounts')} rules={needed}>
        <TemplateSelect placeholder={t('placement.chooseTemplate')} disabled={fixed} />
      </Form.Item>
      <Flex wrap gap="large">
        <Form.Item name={['content', 'shares']} label={t('plans.shares')} rules={needed}>
          <InputNumber min={1} max={200} precision={0} disabled={fixed} />
        </Form.Item>
        {mode === 'lucky' && (
          <Form.Item name={['content', 'total_minor']} label={t('plans.total')} rules={needed} extra={mean ? t('plans.mean', { amount: money(mean, currency) }) : undefined}>
            <MoneyInput currency={currency} disabled={fixed} />
          </Form.Item>
        )}
        {mode === 'fixed' && (
          <Form.Item
            name={['content', 'share_minor']}
            label={t('plans.share')}
            rules={needed}
            extra={content?.share_minor ? t('plans.sum', { amount: money(content.share_minor * content.shares, currency) }) : undefined}
          >
            <MoneyInput currency={currency} disabled={fixed} />
          </Form.Item>
        )}
      </Flex>
      {mode === 'lucky' && (
        <Flex wrap gap="large">
          <Form.Item name={['content', 'least_minor']} label={t('plans.least')}>
            <MoneyInput currency={currency} disabled={fixed} />
          </Form.Item>
          <Form.Item name={['content', 'most_minor']} label={t('plans.most')}>
            <MoneyInput currency={currency} disabled={fixed} />
          </Form.Item>
        </Flex>
      )}
      <Form.Item name={['content', 'life_hours']} label={t('plans.life')} extra={t('plans.lifeHelp')} rules={needed}>
        <InputNumber min={1} max={720} precision={0} suffix={t('plans.hours')} disabled={fixed} style={{ width: 160 }} />
      </Form.Item>
      <Form.Item name={['content', 'sharer_opens']} label={t('plans.sharer')} valuePropName="checked">
        <Switch disabled={fixed} />
      </Form.Item>
      <Form.Item name={['content', 'needs_order']} label={t('plans.order')} extra={t('plans.orderHelp')} valuePropName="checked">
        <Switch disabled={fixed} />
      </Form.Item>
      {content?.needs_order && (
        <Form.Item name={['content', 'order_minor']} label={t('plans.orderMinor')}>
          <MoneyInput currency={currency} disabled={fixed} />
        </Form.Item>
      )}
      <LimitRows per={['plan', 'member']} />
      <Form.Item name="budget_minor" label={t('plans.budget')} extra={t('plans.budgetHelp')}>
        <MoneyInput currency={currency} />
      </Form.Item>
      <Flex wrap gap="large">
        <Form.Item name="from" label={t('plans.from')} style={{ flex: '1 1 220px' }}>
          <MomentInput zone={zone} placeholder={t('placement.atOnce')} />
        </Form.Item>
        <Form.Item name="to" label={t('plans.to')} extra={t('placement.toHelp')} style={{ flex: '1 1 220px' }}>
          <MomentInput zone={zone} placeholder={t('placement.never')} />
        </Form.Item>
      </Flex>
    </FormDrawer>
  )
}
