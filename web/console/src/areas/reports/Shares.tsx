import './words'
import { Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import { api, ask, type Schemas } from '@/api/client'
import { ListPage } from '@/parts/ListPage'
import { MerchantSelect, StoreSelect, TemplateSelect } from '@/parts/RowSelect'
import { useFormat } from '@/parts/format'

type Share = Schemas['SettledShareRow'] & { key: string; currency: string; named: { template: string; merchant: string; store: string } }

/** The rows of a settlement: what each use made a funder bear, and what each refund gave back. */
export default function Shares() {
  const { t } = useTranslation('reports')
  const f = useFormat()
  return (
    <ListPage<Share>
      title={t('shares.title')}
      name="settlement-shares"
      rowKey="key"
      exportable="/v1/settlements/shares/export"
      filters={[
        { key: 'from', label: t('filter.from'), day: true },
        { key: 'to', label: t('filter.to'), day: true },
        { key: 'funder_kind', label: t('dim.funder'), options: (['platform', 'merchant', 'brand'] as const).map((k) => ({ value: k, label: t(`funder.${k}`) })) },
        { key: 'funder', label: t('shares.funder') },
        { key: 'merchant', label: t('filter.merchant'), choose: MerchantSelect },
        { key: 'store', label: t('filter.store'), choose: StoreSelect },
        { key: 'template', label: t('filter.template'), choose: TemplateSelect },
        { key: 'currency', label: t('filter.currency') },
      ]}
      page={async ({ funder_kind, ...query }, signal) => {
        const kind = funder_kind as 'platform' | 'merchant' | 'brand' | undefined
        const page = await ask(api.GET('/v1/settlements/shares', { params: { query: { ...query, ...(kind ? { funder_kind: kind } : {}) } }, signal }))
        return {
          ...page,
          items: page.items.map((v) => ({
            ...v,
            key: `${v.redemption} ${v.refund ?? ''} ${v.line} ${v.funder_kind} ${v.funder}`,
            currency: page.currency,
            named: {
              template: page.names.templates?.[v.template] ?? v.template,
              merchant: v.merchant ? (page.names.merchants?.[v.merchant] ?? v.merchant) : t('none'),
              store: v.store ? (page.names.stores?.[v.store] ?? v.store) : t('none'),
            },
          })),
        }
      }}
      empty={t('nothing')}
      columns={[
        { key: 'day', title: t('day'), render: (_, v) => v.day },
        { key: 'side', title: t('shares.side'), render: (_, v) => (v.refund ? <Tag color="gold" style={{ color: 'var(--ant-color-text)' }}>{t('v.returnedMinor')}</Tag> : <Tag>{t('v.borneMinor')}</Tag>) },
        { key: 'funder', title: t('dim.funder'), render: (_, v) => `${t(`funder.${v.funder_kind}`)} ${v.funder_kind === 'platform' ? '' : v.funder}` },
        { key: 'order', title: t('uses.order'), render: (_, v) => `${v.order.source} ${v.order.ref}` },
        { key: 'line', title: t('shares.line'), align: 'right', render: (_, v) => v.line + 1 },
        { key: 'template', title: t('dim.template'), render: (_, v) => v.named.template },
        { key: 'merchant', title: t('dim.merchant'), render: (_, v) => v.named.merchant },
        { key: 'store', title: t('dim.store'), render: (_, v) => v.named.store },
        { key: 'amount', title: t('shares.amount'), align: 'right', render: (_, v) => f.money(v.refund ? -v.minor : v.minor, v.currency) },
        { key: 'coupon', title: t('uses.coupon'), hidden: true, render: (_, v) => <code>{v.coupon}</code> },
      ]}
    />
  )
}
