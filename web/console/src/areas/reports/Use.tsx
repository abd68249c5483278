import './words'
import { useQuery } from '@tanstack/react-query'
import { Card, Col, Row, Select, Skeleton, Statistic, Typography, type TableColumnType } from 'antd'
import { useMemo } from 'react'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, ask, type Schemas } from '@/api/client'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { useMay } from '@/session'
import { Chart } from './Chart'
import { FilterBar } from './FilterBar'
import { address, allDays, useFilters, type Filters } from './filters'
import { useFormat } from '@/parts/format'
import { Panel } from './Panel'

type Cell = Schemas['CellReport']
type Report = Schemas['ReportRow']

const groups = ['template', 'placement', 'channel', 'form', 'city', 'merchant', 'store'] as const
type Group = (typeof groups)[number]

/** useReport asks for figures by some dimensions. */
function useReport(filters: Filters, group: string) {
  return useQuery({
    queryKey: ['statistics', filters, group],
    queryFn: ({ signal }) => ask(api.GET('/v1/statistics', { params: { query: { ...filters, group_by: group } }, signal })),
    placeholderData: (before) => before,
  })
}

/** nameOfCell is what people call the dimension of a cell. */
function nameOfCell(c: Cell, group: Group, report: Report, t: TFunction): string {
  const key = c[group]
  if (!key) return t('none')
  if (group === 'channel' || group === 'form') return t(`shell:${group}.${key}`, key)
  const names = { template: report.names.templates, placement: report.names.placements, merchant: report.names.merchants, store: report.names.stores } as Partial<Record<Group, Record<string, string>>>
  return names[group]?.[key] ?? key
}

/** What coupons did and cost: by day, and by one dimension, which stands in the address. */
export default function Use() {
  const { t } = useTranslation('reports')
  const may = useMay()
  const f = useFormat()
  const { filters, set, get } = useFilters()
  const group = groups.find((g) => g === get('by')) ?? 'template'
  const days = useReport(filters, 'day')
  const parts = useReport(filters, group)
  const currency = days.data?.currency ?? 'CNY'
  const v = days.data?.totals

  const curve = useMemo(() => {
    const by = new Map(days.data?.rows.map((c) => [c.day ?? '', c.values]))
    const all = allDays(filters.from ?? '', filters.to ?? '')
    return {
      days: all,
      series: [
        { name: t('v.issued'), data: all.map((d) => by.get(d)?.issued ?? 0) },
        { name: t('v.redeemed'), data: all.map((d) => by.get(d)?.redeemed ?? 0) },
        { name: t('v.discount'), data: all.map((d) => by.get(d)?.discount_minor ?? 0), right: true, bar: true },
      ],
    }
  }, [days.data, filters.from, filters.to, t])

  const left = useMemo(() => (n: number) => f.compact(n), [f])
  const right = useMemo(() => (n: number) => f.short(n, currency), [f, currency])
  const labels = useMemo(() => curve.days.map(f.day), [curve.days, f])
  const ranked = useMemo(() => [...(parts.data?.rows ?? [])].sort((a, b) => b.values.discount_minor - a.values.discount_minor), [parts.data])
  const bars = useMemo(() => {
    const top = ranked.slice(0, 12)
    return {
      names: top.map((c) => (parts.data ? nameOfCell(c, group, parts.data, t) : '')),
      series: [{ name: t('v.discount'), data: top.map((c) => c.values.discount_minor), bar: true }],
    }
  }, [ranked, group, parts.data, t])

  const rows = (more: Filters) => address('/reports/rows', { ...filters, ...more })
  const figures: TableColumnType<Cell>[] = [
    { title: t('v.issued'), align: 'right', render: (_, c) => f.count(c.values.issued) },
    { title: t('v.redeemed'), align: 'right', render: (_, c) => f.count(c.values.redeemed) },
    { title: t('v.rate'), align: 'right', render: (_, c) => (c.values.issued ? f.rate(c.values.redemption_bps) : '–') },
    { title: t('v.discount'), align: 'right', render: (_, c) => f.money(c.values.discount_minor, currency) },
    { title: t('v.list'), align: 'right', render: (_, c) => f.money(c.values.list_minor, currency) },
    { title: t('v.paid'), align: 'right', render: (_, c) => f.money(c.values.paid_minor, currency) },
    { title: t('v.subsidy'), align: 'right', render: (_, c) => f.rate(c.values.subsidy_bps) },
    { title: t('v.returned'), align: 'right', render: (_, c) => f.count(c.values.returned) },
  ]
  const open = (more: (c: Cell) => Filters): TableColumnType<Cell>[] =>
    may('order.read') ? [{ title: t('rows'), render: (_, c) => (c.values.redeemed ? <Link to={rows(more(c))}>{t('open')}</Link> : '–') }] : []

  return (
    <section aria-labelledby="use-title">
      <Typography.Title level={1} id="use-title" style={{ fontSize: 24, margin: '0 0 16px' }}>
        {t('use.title')}
      </Typography.Title>
      <FilterBar filters={filters} set={set} fields={['template', 'channel', 'store']} />
      <ProblemAlert error={days.error ?? parts.error} again={() => void Promise.all([days.refetch(), parts.refetch()])} />
      <Row gutter={[16, 16]} style={{ marginBottom: 16 }}>
        {(
          [
            ['issued', v && f.count(v.issued)],
            ['redeemed', v && f.count(v.redeemed)],
            ['rate', v && f.rate(v.redemption_bps)],
            ['discount', v && f.money(v.discount_minor, currency)],
            ['list', v && f.money(v.list_minor, currency)],
            ['subsidy', v && f.rate(v.subsidy_bps)],
          ] as const
        ).map(([key, value]) => (
          <Col key={key} xs={key === 'discount' || key === 'list' ? 24 : 12} md={8} xl={{ flex: '1 1 auto' }}>
            <Card size="small">{v ? <Statistic title={t(`v.${key}`)} value={value} /> : <Skeleton active paragraph={{ rows: 1 }} title={false} style={{ height: 58 }} />}</Card>
          </Col>
        ))}
      </Row>
      <Panel<Cell>
        title={t('use.days')}
        rows={days.data?.rows}
        rowKey={(c) => c.day ?? ''}
        file="/v1/statistics/export"
        query={{ ...filters, group_by: 'day' }}
        columns={[{ title: t('day'), render: (_, c) => c.day }, ...figures, ...open((c) => ({ from: c.day ?? '', to: c.day ?? '' }))]}
        chart={<Chart label={t('use.days')} categories={labels} series={curve.series} left={left} right={right} />}
      />
      <Panel<Cell>
        title={t('use.by', { what: t(`dim.${group}`).toLocaleLowerCase() })}
        choice={<Select aria-label={t('use.group')} value={group} style={{ minWidth: 110 }} onChange={(g) => set({ by: g })} options={groups.map((g) => ({ value: g, label: t(`dim.${g}`) }))} />}
        rows={parts.data ? ranked : undefined}
        rowKey={(c) => c[group] ?? ''}
        file="/v1/statistics/export"
        query={{ ...filters, group_by: group }}
        columns={[
          {
            title: t(`dim.${group}`),
            render: (_, c) => (parts.data ? nameOfCell(c, group, parts.data, t) : ''),
          },
          ...figures,
          ...open((c): Filters => (c[group] ? { [group]: c[group] } : {})),
        ]}
        chart={<Chart lying label={t('use.by', { what: t(`dim.${group}`).toLocaleLowerCase() })} categories={bars.names} series={bars.series} left={right} height={60 + bars.names.length * 30} />}
      />
    </section>
  )
}
