import './words'
import { useQuery } from '@tanstack/react-query'
import { Typography } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, ask, type Schemas } from '@/api/client'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { useMay } from '@/session'
import { Chart } from './Chart'
import { FilterBar } from './FilterBar'
import { address, useFilters } from './filters'
import { useFormat } from '@/parts/format'
import { Panel } from './Panel'

type Cell = Schemas['CellReport']

/** Placements side by side: how many coupons each gave out, what became of them, and what that cost. */
export default function Compare() {
  const { t } = useTranslation('reports')
  const f = useFormat()
  const may = useMay()
  const { filters, set } = useFilters()
  const report = useQuery({
    queryKey: ['statistics', filters, 'placement'],
    queryFn: ({ signal }) => ask(api.GET('/v1/statistics', { params: { query: { ...filters, group_by: 'template,placement' } }, signal })),
    placeholderData: (before) => before,
  })
  const currency = report.data?.currency ?? 'CNY'
  const rows = useMemo(() => [...(report.data?.rows ?? [])].sort((a, b) => b.values.issued - a.values.issued), [report.data])
  const name = (c: Cell) => (c.placement ? (report.data?.names.placements?.[c.placement] ?? c.placement) : t('none'))
  const template = (c: Cell) => report.data?.names.templates?.[c.template ?? ''] ?? c.template ?? ''
  const bars = useMemo(() => {
    const top = rows.slice(0, 12)
    return {
      names: top.map((c) => (c.placement ? name(c) : template(c))),
      series: [
        { name: t('v.issued'), data: top.map((c) => c.values.issued), bar: true },
        { name: t('v.used'), data: top.map((c) => c.values.coupons_used), bar: true },
      ],
    }
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [rows, t])
  const left = useMemo(() => (n: number) => f.compact(n), [f])
  return (
    <section aria-labelledby="compare-title">
      <Typography.Title level={1} id="compare-title" style={{ fontSize: 24, margin: '0 0 16px' }}>
        {t('compare.title')}
      </Typography.Title>
      <FilterBar filters={filters} set={set} fields={['template', 'channel', 'city']} />
      <ProblemAlert error={report.error} again={() => void report.refetch()} />
      <Panel<Cell>
        title={t('compare.panel')}
        rows={report.data ? rows : undefined}
        rowKey={(c) => `${c.template} ${c.placement}`}
        file="/v1/statistics/export"
        query={{ ...filters, group_by: 'template,placement' }}
        chart={<Chart lying label={t('compare.panel')} categories={bars.names} series={bars.series} left={left} height={80 + bars.names.length * 44} />}
        columns={[
          { title: t('dim.placement'), render: (_, c) => (c.placement && may('reference.read') ? <Link to={`/delivery/placements/${c.placement}`}>{name(c)}</Link> : name(c)) },
          { title: t('dim.template'), render: (_, c) => template(c) },
          { title: t('v.issued'), align: 'right', sorter: (a, b) => a.values.issued - b.values.issued, render: (_, c) => f.count(c.values.issued) },
          { title: t('v.used'), align: 'right', sorter: (a, b) => a.values.coupons_used - b.values.coupons_used, render: (_, c) => f.count(c.values.coupons_used) },
          { title: t('v.rate'), align: 'right', sorter: (a, b) => a.values.redemption_bps - b.values.redemption_bps, render: (_, c) => (c.values.issued ? f.rate(c.values.redemption_bps) : '–') },
          { title: t('v.discount'), align: 'right', sorter: (a, b) => a.values.discount_minor - b.values.discount_minor, render: (_, c) => f.money(c.values.discount_minor, currency) },
          { title: t('v.list'), align: 'right', sorter: (a, b) => a.values.list_minor - b.values.list_minor, render: (_, c) => f.money(c.values.list_minor, currency) },
          { title: t('v.perUse'), align: 'right', render: (_, c) => (c.values.redeemed ? f.money(Math.round(c.values.discount_minor / c.values.redeemed), currency) : '–') },
          { title: t('v.expired'), align: 'right', render: (_, c) => f.count(c.values.expired) },
          { title: t('v.returned'), align: 'right', render: (_, c) => f.count(c.values.returned) },
          ...(may('order.read')
            ? [{ title: t('rows'), render: (_: unknown, c: Cell) => (c.values.redeemed && c.placement ? <Link to={address('/reports/rows', { ...filters, template: c.template ?? '', placement: c.placement })}>{t('open')}</Link> : '–') }]
            : []),
        ]}
      />
    </section>
  )
}
