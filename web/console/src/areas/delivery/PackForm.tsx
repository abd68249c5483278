import './words'
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Flex, Form, Input, InputNumber, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { api, ask, type Schemas } from '@/api/client'
import { useAct } from '@/api/hooks'
import { useMarket } from '@/parts/market'
import { MomentInput } from '@/parts/MomentInput'
import { TemplateSelect } from '@/parts/RowSelect'
import { FormDrawer, takeNewest } from './FormDrawer'
import { CustomerNames, LimitRows, spoken } from './formparts'
import { useOffered } from './offered'
import type { Pack } from './Packs'

type Values = Schemas['PackContent']

interface Props {
  of?: { row: Pack; etag: string }
  template?: string
  close: () => void
  saved: (p: Pack) => void
  again?: () => Promise<Pack | undefined>
}

/** PackForm makes or changes a pack. */
export default function PackForm({ of, template, close, saved, again }: Props) {
  const { t } = useTranslation('delivery')
  const [form] = Form.useForm<Values>()
  const first = Form.useWatch(['parts', 0, 'template'], form) as string | undefined
  const code = useOffered(of ? {} : { template: first })?.market ?? of?.row.market
  const zone = useMarket(code)?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  const act = useAct<Values, Pack>({
    run: (body, key) =>
      of
        ? ask(api.PUT('/v1/packs/{id}', { body, params: { path: { id: of.row.id }, header: { 'If-Match': of.etag } } }))
        : ask(api.POST('/v1/packs', { body: { ...body, market: code ?? '' }, params: { header: { 'Idempotency-Key': key } } })),
    done: t(of ? 'shell:saved' : 'packs.created'),
    stale: [['packs'], ['pack']],
    then: saved,
  })
  return (
    <FormDrawer<Values>
      wide
      title={t(of ? 'packs.edit' : 'packs.new')}
      action={t(of ? 'shell:save' : 'create')}
      form={form}
      initial={of?.row ?? { parts: [{ template, count: 1 }], limits: [{ period: 'ever', per: 'member', cap: 1 }] }}
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
          parts: v.parts,
          partial: !!v.partial,
          newcomer: !!v.newcomer,
          limits: v.limits ?? [],
          ...(v.from ? { from: v.from } : {}),
          ...(v.to ? { to: v.to } : {}),
        })
      }
    >
      <Form.Item name="internal_name" label={t('form.internalName')} rules={[{ required: true, message: t('shell:required') }]}>
        <Input maxLength={200} />
      </Form.Item>
      <CustomerNames />
      <Form.List name="parts">
        {(rows, { add, remove }) => (
          <Form.Item label={t('packs.content')} extra={t('packs.contentHelp')} required>
            <Flex vertical gap="small">
              {rows.map((r) => (
                <Flex key={r.key} gap="small" align="start">
                  <Form.Item name={[r.name, 'template']} rules={[{ required: true, message: t('shell:required') }]} style={{ margin: 0, flex: 1, minWidth: 0 }}>
                    <TemplateSelect aria-label={t('placement.template')} placeholder={t('placement.chooseTemplate')} />
                  </Form.Item>
                  <Form.Item name={[r.name, 'count']} rules={[{ required: true, message: t('shell:required') }]} style={{ margin: 0 }}>
                    <InputNumber aria-label={t('packs.count')} min={1} max={50} precision={0} prefix="×" style={{ width: 90 }} />
                  </Form.Item>
                  <Button type="text" icon={<DeleteOutlined />} aria-label={t('form.remove')} disabled={rows.length === 1} onClick={() => remove(r.name)} />
                </Flex>
              ))}
              <Button type="dashed" icon={<PlusOutlined />} onClick={() => add({ count: 1 })} disabled={rows.length >= 20}>
                {t('packs.addPart')}
              </Button>
            </Flex>
          </Form.Item>
        )}
      </Form.List>
      <LimitRows per={['pack', 'member']} />
      <Flex wrap gap="large">
        <Form.Item name="from" label={t('packs.from')} style={{ flex: '1 1 220px' }}>
          <MomentInput zone={zone} placeholder={t('placement.atOnce')} />
        </Form.Item>
        <Form.Item name="to" label={t('packs.to')} extra={t('placement.toHelp')} style={{ flex: '1 1 220px' }}>
          <MomentInput zone={zone} placeholder={t('placement.never')} />
        </Form.Item>
      </Flex>
      <Form.Item name="partial" label={t('packs.partial')} valuePropName="checked" extra={t('packs.partialHelp')}>
        <Switch />
      </Form.Item>
      <Form.Item name="newcomer" label={t('packs.newcomer')} valuePropName="checked" extra={t('packs.newcomerHelp')}>
        <Switch />
      </Form.Item>
    </FormDrawer>
  )
}
