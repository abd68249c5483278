import './words'
import { AutoComplete, Button, Drawer, Flex, Form, Input, InputNumber, Switch } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask, type Schemas } from '@/api/client'
import { useAct } from '@/api/hooks'
import { Conflict, isConflict } from '@/parts/Conflict'
import { useMarket } from '@/parts/market'
import { MomentInput } from '@/parts/MomentInput'
import { applyProblem, ProblemAlert } from '@/parts/ProblemAlert'
import { nameOf } from '@/parts/names'
import { useOffered } from './offered'
import { OfferFields, type Offer } from './OfferFields'
import type { Placement } from './state'

/** Channels that most shops know; any other short word will do. */
export const channels = ['h5', 'app', 'wechat', 'douyin', 'store', 'sms']

type Values = Schemas['PlacementBody'] & { template?: string; pack?: string }

interface Props {
  /** The placement that is changed; absent: a new one. */
  of?: { row: Placement; etag: string }
  /** What a new one offers, where that is known. */
  template?: string
  pack?: string
  channel?: string
  close: () => void
  saved: (p: Placement) => void
  /** Reads the placement anew, when somebody else has changed it. */
  again?: () => Promise<Placement | undefined>
}

/** PlacementForm makes or changes a placement. */
export default function PlacementForm({ of, template, pack, channel, close, saved, again }: Props) {
  const { t } = useTranslation('delivery')
  const [form] = Form.useForm<Values>()
  const [kind, setKind] = useState<Offer>(pack ? 'pack' : 'template')
  const chosen = Form.useWatch(kind, form)
  const offered = useOffered(of ? {} : { [kind]: chosen })
  const market = useMarket(of?.row.market ?? offered?.market)
  const zone = market?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone

  // A new placement gets a name from what it offers, until somebody types another.
  useEffect(() => {
    if (!of && offered && !form.isFieldTouched('name')) form.setFieldValue('name', nameOf(offered).slice(0, 200))
  }, [of, offered, form])

  const act = useAct<{ body: Values; etag?: string }, Placement>({
    run: ({ body: { template, pack, ...body }, etag }, key) =>
      of
        ? ask(api.PUT('/v1/placements/{id}', { body, params: { path: { id: of.row.id }, header: { 'If-Match': etag ?? of.etag } } }))
        : ask(api.POST('/v1/placements', { body: { ...body, market: offered?.market ?? '', ...(template ? { template } : {}), ...(pack ? { pack } : {}) }, params: { header: { 'Idempotency-Key': key } } })),
    done: t(of ? 'placement.saved' : 'placement.created'),
    stale: [['placements'], ['placement']],
    then: saved,
  })
  useEffect(() => applyProblem(form, act.error), [form, act.error])

  // What somebody has typed stays; the rest is as the others have made it.
  const newest = async () => {
    const row = await again?.()
    if (!row) return
    for (const name of ['name', 'channel', 'from', 'to', 'cap', 'open'] as const) if (!form.isFieldTouched(name)) form.setFieldValue(name, row[name])
    act.reset()
  }

  return (
    <Drawer
      open
      size={480}
      title={t(of ? 'placement.edit' : 'placement.new')}
      onClose={close}
      footer={
        <Flex gap="small" justify="end">
          <Button onClick={close}>{t('shell:cancel')}</Button>
          <Button type="primary" loading={act.isPending} onClick={() => form.submit()}>
            {t(of ? 'shell:save' : 'create')}
          </Button>
        </Flex>
      }
    >
      {isConflict(act.error) ? <Conflict load={() => void newest()} /> : <ProblemAlert error={act.error} />}
      <Form<Values>
        form={form}
        layout="vertical"
        requiredMark="optional"
        initialValues={of ? of.row : { template, pack, channel: channel ?? 'h5', open: true }}
        onFinish={({ name, channel, from, to, cap, open, ...what }) => act.mutate({ body: { name, channel, from, to, cap: cap ?? 0, open, [kind]: what[kind] } })}
        scrollToFirstError
      >
        {!of && <OfferFields kind={kind} choose={setKind} extra={t('placement.fixed')} />}
        <Form.Item name="name" label={t('placement.name')} rules={[{ required: true, message: t('shell:required') }]}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="channel" label={t('placement.channel')} extra={t('placement.channelHelp')} rules={[{ required: true, message: t('shell:required') }]}>
          <AutoComplete options={channels.map((value) => ({ value, label: `${t(`shell:channel.${value}`)} · ${value}` }))} showSearch={{ filterOption: false }} />
        </Form.Item>
        <Form.Item name="from" label={t('placement.from')}>
          <MomentInput zone={zone} placeholder={t('placement.atOnce')} />
        </Form.Item>
        <Form.Item name="to" label={t('placement.to')} extra={t('placement.toHelp')}>
          <MomentInput zone={zone} placeholder={t('placement.never')} />
        </Form.Item>
        <Form.Item name="cap" label={t('placement.cap')} extra={t('placement.capHelp')} normalize={(v: number | null) => v ?? undefined} getValueProps={(v: number | undefined) => ({ value: v || undefined })}>
          <InputNumber min={1} max={1_000_000_000_000} precision={0} placeholder={t('placement.noCap')} style={{ width: '100%', maxWidth: 220 }} />
        </Form.Item>
        <Form.Item name="open" label={t('placement.open')} valuePropName="checked" extra={t('placement.openHelp')}>
          <Switch />
        </Form.Item>
      </Form>
    </Drawer>
  )
}
