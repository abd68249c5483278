import './words'
import { Form, Input, Select } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from '@tanstack/react-query'
import { api, ask, type Schemas } from '@/api/client'
import { useAct } from '@/api/hooks'
import { language } from '@/i18n'
import { inLanguage } from '@/parts/texts'
import { FormDrawer } from './FormDrawer'
import { useOffered } from './offered'
import { OfferFields, type Offer } from './OfferFields'
import type { Placement } from './state'

export type Link = Schemas['LinkRow']

interface Values {
  name: string
  channel?: string
  code?: string
  template?: string
  pack?: string
  /** A placement that is there; "": a new one is made with the link. */
  placement: string
}

interface Props {
  /** Whose page the link leads to, where that is settled. */
  placement?: Placement
  /** What it shall offer, where that is known. */
  template?: string
  pack?: string
  close: () => void
  saved: (l: Link) => void
}

/** LinkForm makes a link to a placement's page, and the placement where there is none yet. */
export default function LinkForm({ placement, template, pack, close, saved }: Props) {
  const { t } = useTranslation('delivery')
  const [form] = Form.useForm<Values>()
  const [kind, setKind] = useState<Offer>(pack ? 'pack' : 'template')
  const chosen = Form.useWatch(kind, form) as string | undefined
  const offered = useOffered(placement ? {} : { [kind]: chosen })
  const there = useQuery({
    queryKey: ['placements', 'of', chosen],
    queryFn: ({ signal }) => ask(api.GET('/v1/placements', { params: { query: { [kind]: chosen, limit: 100 } }, signal })),
    enabled: !placement && !!chosen,
  })
  const places = there.data?.items ?? []

  // A link gets a name from what it offers, until somebody types another.
  useEffect(() => {
    if (!placement && offered && !form.isFieldTouched('name')) form.setFieldValue('name', (inLanguage(offered.customer_name, language()) || offered.internal_name).slice(0, 200))
  }, [placement, offered, form])
  useEffect(() => {
    if (!placement) form.setFieldValue('placement', '') // that of another offer fits no more
  }, [placement, chosen, form])

  const act = useAct<Values, Link>({
    run: ({ name, channel, code, placement: of }, key) => {
      const leads = placement ? { placement: placement.id } : of ? { placement: of } : { [kind]: chosen }
      return ask(api.POST('/v1/links', { body: { ...leads, name, ...(channel ? { channel } : {}), ...(code ? { code } : {}) }, params: { header: { 'Idempotency-Key': key } } }))
    },
    done: t('links.created'),
    stale: [['links'], ['placements']],
    then: saved,
  })
  const needed = [{ required: true, message: t('shell:required') }]
  return (
    <FormDrawer<Values>
      title={t('links.new')}
      action={t('create')}
      form={form}
      initial={placement ? { name: placement.name, channel: placement.channel } : { template, pack, placement: '' }}
      error={act.error}
      pending={act.isPending}
      close={close}
      finish={(v) => act.mutate(v)}
    >
      {!placement && (
        <>
          <OfferFields kind={kind} choose={setKind} />
          <Form.Item name="placement" label={t('links.placement')} extra={t('links.placementHelp')} hidden={places.length === 0}>
            <Select options={[{ value: '', label: t('links.newPlacement') }, ...places.map((p) => ({ value: p.id, label: p.name }))]} />
          </Form.Item>
        </>
      )}
      <Form.Item name="name" label={t('placement.name')} extra={t('links.nameHelp')} rules={needed}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="channel" label={t('placement.channel')} extra={t('links.channelHelp')}>
        <Input maxLength={64} />
      </Form.Item>
      <Form.Item name="code" label={t('links.code')} extra={t('links.codeHelp')} rules={[{ pattern: /^[a-z0-9-]{0,32}$/, message: t('links.codeHelp') }]}>
        <Input maxLength={32} prefix="/p/" placeholder={t('links.auto')} />
      </Form.Item>
    </FormDrawer>
  )
}
