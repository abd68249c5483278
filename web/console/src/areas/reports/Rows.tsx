import './words'
import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { api, ask, type Schemas } from '@/api/client'
import { Actor } from '@/parts/Actor'
import { ListPage } from '@/parts/ListPage'
import { Moment } from '@/parts/Moment'
import { MerchantSelect, PlacementSelect, StoreSelect, TemplateSelect } from '@/parts/RowSelect'
import { useFormat } from '@/parts/format'
import { forms } from './choices'
import { ChannelField, CityField } from './Existing'

type Used = Schemas['UsedRow'] & { named: { template: string; placement: string; store: string } }

/** The uses behind a figure: the same filters, in the address. */
export default function Rows() {
  const { t } = useTranslation('reports')
  const f = useFormat()
  const [params] = useSearchParams()
  const days = params.get('from') && (params.get('from') === params.get('to') ? params.get('from') : `${params.get('from')} – ${params.get('to') ?? ''}`)
  return (
    <ListPage<Used>
      title={t('uses.title')}
      name="redemptions"
      rowKey="id"
      exportable="/v1/redemptions/export"
      filters={[
        { key: 'from', label: t('filter.from'), day: true },
        { key: 'to', label: t('filter.to'), day: true },
        { key: 'template', label: t('filter.template'), choose: TemplateSelect },
        { key: 'placement', label: t('filter.placement'), choose: PlacementSelect },
        { key: 'channel', label: t('filter.channel'), choose: ChannelField },
        { key: 'store', label: t('filter.store'), choose: StoreSelect },
        { key: 'merchant', label: t('filter.merchant'), choose: MerchantSelect },
        { key: 'city', label: t('filter.city'), choose: CityField },
        { key: 'form', label: t('dim.form'), options: forms.map((value) => ({ value, label: t(`shell:form.${value}`) })) },
        { key: 'returned', label: t('v.returned'), options: [{ value: 'true', label: t('uses.returned') }] },
      ]}
      page={async ({ returned, ...query }, signal) => {
        const page = await ask(api.GET('/v1/redemptions', { params: { query: { ...query, ...(returned ? { returned: true } : {}) } }, signal }))
        return {
          ...page,
          items: page.items.map((r) => ({
            ...r,
            named: {
              template: page.names.templates?.[r.template] ?? r.template,
              placement: r.placement ? (page.names.placements?.[r.placement] ?? r.placement) : t('none'),
              store: r.store ? (page.names.stores?.[r.store] ?? r.store) : t('none'),
            },
          })),
        }
      }}
      empty={t('nothing')}
      columns={[
        { key: 'at', title: t('uses.at'), render: (_, r) => <Moment at={r.at} /> },
        { key: 'order', title: t('uses.order'), render: (_, r) => `${r.order.source} ${r.order.ref}` },
        { key: 'template', title: t('dim.template'), render: (_, r) => r.named.template },
        { key: 'placement', title: t('dim.placement'), render: (_, r) => r.named.placement },
        { key: 'store', title: t('dim.store'), render: (_, r) => r.named.store },
        { key: 'channel', title: t('dim.channel'), render: (_, r) => (r.channel ? t(`shell:channel.${r.channel}`, r.channel) : t('none')) },
        { key: 'list', title: t('v.list'), align: 'right', render: (_, r) => f.money(r.list_minor, r.currency) },
        { key: 'discount', title: t('v.discount'), align: 'right', render: (_, r) => f.money(r.discount_minor, r.currency) },
        { key: 'paid', title: t('v.paid'), align: 'right', render: (_, r) => f.money(r.paid_minor, r.currency) },
        { key: 'back', title: t('v.returned'), render: (_, r) => (r.coupon_back ? r.returned_day : '–') },
        { key: 'coupon', title: t('uses.coupon'), hidden: true, render: (_, r) => <code>{r.coupon}</code> },
        { key: 'member', title: t('uses.member'), hidden: true, render: (_, r) => <code>{r.member}</code> },
        { key: 'operator', title: t('uses.operator'), hidden: true, render: (_, r) => <Actor id={r.operator} /> },
      ]}
    >
      {days && <Alert type="info" title={t('uses.days', { days })} style={{ marginBottom: 16 }} />}
    </ListPage>
  )
}
