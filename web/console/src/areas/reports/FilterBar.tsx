import { DatePicker, Flex } from 'antd'
import dayjs from 'dayjs'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { MerchantSelect, StoreSelect, TemplateSelect } from '@/parts/RowSelect'
import { ChannelField, CityField } from './Existing'
import { useToday, type Filters } from './filters'

interface Props {
  filters: Filters
  set: (more: Filters) => void
  /** Which fields there are beside the days. */
  fields?: ('template' | 'channel' | 'city' | 'merchant' | 'store')[]
  children?: ReactNode
}

/** FilterBar narrows a report: its days, and what else it knows. */
export function FilterBar({ filters, set, fields = [], children }: Props) {
  const { t } = useTranslation('reports')
  const today = dayjs(useToday(filters.market))
  const presets = ([7, 30, 90] as const).map((n) => ({ label: t('filter.last', { n }), value: [today.subtract(n - 1, 'day'), today] as [dayjs.Dayjs, dayjs.Dayjs] }))
  return (
    <Flex wrap gap="small" style={{ marginBottom: 16 }}>
      <DatePicker.RangePicker
        allowClear={false}
        aria-label={t('filter.days')}
        presets={presets}
        value={[dayjs(filters.from), dayjs(filters.to)]}
        onChange={(d) => {
          if (d?.[0] && d[1]) set({ from: d[0].format('YYYY-MM-DD'), to: d[1].format('YYYY-MM-DD') })
        }}
      />
      {fields.includes('template') && (
        <div style={{ width: 240 }}>
          <TemplateSelect aria-label={t('filter.template')} placeholder={t('filter.template')} value={filters.template} onChange={(v) => set({ template: v ?? '', placement: '' })} />
        </div>
      )}
      {fields.includes('merchant') && (
        <div style={{ width: 200 }}>
          <MerchantSelect aria-label={t('filter.merchant')} placeholder={t('filter.merchant')} value={filters.merchant} onChange={(v) => set({ merchant: v ?? '', store: '' })} />
        </div>
      )}
      {fields.includes('store') && (
        <div style={{ width: 200 }}>
          <StoreSelect aria-label={t('filter.store')} placeholder={t('filter.store')} value={filters.store} onChange={(v) => set({ store: v ?? '' })} />
        </div>
      )}
      {fields.includes('channel') && (
        <div style={{ width: 160 }}>
          <ChannelField aria-label={t('filter.channel')} placeholder={t('filter.channel')} value={filters.channel} onChange={(v) => set({ channel: v ?? '' })} />
        </div>
      )}
      {fields.includes('city') && (
        <div style={{ width: 160 }}>
          <CityField aria-label={t('filter.city')} placeholder={t('filter.city')} value={filters.city} onChange={(v) => set({ city: v ?? '' })} />
        </div>
      )}
      {children}
    </Flex>
  )
}
