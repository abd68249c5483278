import './words'
import { useQuery } from '@tanstack/react-query'
import { Card, Col, Row, Select, Skeleton, Statistic, Table, Typography, type TableColumnType } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, ask, type Schemas } from '@/api/client'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { useMay } from '@/session'
import { Chart } from './Chart'
import { FilterBar } from './FilterBar'
import { address, useFilters, type Filters } from './filters'
import { useFormat } from '@/parts/format'
import { Panel } from './Panel'

type Bearing = Schemas['BearingRow']

const groupings = ['funder,merchant', 'funder,merchant,store', 'funder,template', 'day,funder'] as const

/** What each funder bore in a period, what came back, and what is left: from the stored shares, to the cent. */
export default function Settlement() {
  const { t } = useTranslation('reports')
  const f = useFormat()
  const may = useMay()
  const { filters: all, set, get } = useFilters('month')
  const group = groupings.find((g) => g === get('by')) ?? groupings[0]
  const filters = useMemo(() => {
    const out: Filters = {}
    for (const k of ['market', 'currency', 'from', 'to', 'template', 'merchant', 'store']) if (all[k]) out[k] = all[k]
    return out
  }, [all])
  const report = useQuery({
    queryKey: ['settlement', filters, group],
    queryFn: ({ signal }) => ask(api.GET('/v1/settlements', { params: { query: { ...filters, group_by: group } }, signal })),
    placeholderData: (before) => before,
  })
  const s = report.data
  const currency = s?.currency ?? 'CNY'
  const merchant = (code?: string) => (code ? (s?.names.merchants?.[code] ?? code) : t('none'))
  const funder = (b: Bearing) => `${t(`funder.${b.funder_kind}`)} ${b.funder_kind === 'platform' ? '' : b.funder_kind === 'merchant' ? merchant(b.funder) : b.funder}`.trim()
  const bars = useMemo(() => {
    const sums = new Map<string, number>()
    for (const b of s?.rows ?? []) sums.set(funder(b), (sums.get(funder(b)) ?? 0) + b.net_minor)
    const top = [...sums.entries()].sort((a, b) => b[1] - a[1]).slice(0, 12)
    return { names: top.map(([n]) => n), series: [{ name: t('v.net'), data: top.map(([, n]) => n), bar: true }] }
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [s, t])
  const left = useMemo(() => (n: number) => f.short(n, currency), [f, currency])
  const dims: TableColumnType<Bearing>[] = []
  if (group.includes('day')) dims.push({ title: t('day'), render: (_, b) => b.day })
  dims.push({ title: t('dim.funder'), render: (_, b) => funder(b) })
  if (group.includes('merchant')) dims.push({ title: t('dim.merchant'), render: (_, b) => merchant(b.merchant) })
  if (group.includes('store')) dims.push({ title: t('dim.store'), render: (_, b) => (b.store ? (s?.names.stores?.[b.store] ?? b.store) : t('none')) })
  if (group.includes('template')) dims.push({ title: t('dim.template'), render: (_, b) => s?.names.templates?.[b.template ?? ''] ?? b.template })
  const behind = (b: Bearing) =>
    address('/reports/settlement/rows', {
      ...filters,
      ...(b.day ? { from: b.day, to: b.day } : {}),
      ...(b.funder_kind ? { funder_kind: b.funder_kind, funder: b.funder ?? '' } : {}),
      ...(b.merchant ? { merchant: b.merchant } : {}),
      ...(b.store ? { store: b.store } : {}),
      ...(b.template ? { template: b.template } : {}),
    })
  return (
    <section aria-labelledby="settlement-title">
      <Typography.Title level={1} id="settlement-title" style={{ fontSize: 24, margin: '0 0 16px' }}>
        {t('settlement.title')}
      </Typography.Title>
      <FilterBar filters={filters} set={set} fields={['merchant', 'store']}>
        <Select aria-label={t('use.group')} value={group} style={{ minWidth: 180 }} onChange={(g) => set({ by: g })} options={groupings.map((g) => ({ value: g, label: t(`settlement.by.${g.replaceAll(',', '_')}`) }))} />
      </FilterBar>
      <ProblemAlert error={report.error} again={() => void report.refetch()} />
      <Row gutter={[16, 16]} style={{ marginBottom: 16 }}>
        {(['borne', 'returned', 'net'] as const).map((k) => (
          <Col key={k} xs={24} md={8}>
            <Card size="small">{s ? <Statistic title={t(`v.${k}Minor`)} value={f.money(s.total[`${k}_minor`], currency)} /> : <Skeleton active title={false} paragraph={{ rows: 1 }} style={{ height: 58 }} />}</Card>
          </Col>
        ))}
      </Row>
      <Panel<Bearing>
        title={t('settlement.panel')}
        rows={s?.rows}
        rowKey={(b) => [b.day, b.funder_kind, b.funder, b.merchant, b.store, b.template].join(' ')}
        file="/v1/settlements/export"
        query={{ ...filters, group_by: group }}
        columns={[
          ...dims,
          { title: t('v.borneMinor'), align: 'right', render: (_, b) => f.money(b.borne_minor, currency) },
          { title: t('v.returnedMinor'), align: 'right', render: (_, b) => f.money(b.returned_minor, currency) },
          { title: t('v.netMinor'), align: 'right', render: (_, b) => <strong>{f.money(b.net_minor, currency)}</strong> },
          ...(may('order.read') ? [{ title: t('rows'), render: (_: unknown, b: Bearing) => <Link to={behind(b)}>{t('open')}</Link> }] : []),
        ]}
        summary={
          s && s.rows.length > 0 ? (
            <Table.Summary.Row>
              <Table.Summary.Cell index={0} colSpan={dims.length}>
                {t('total')}
              </Table.Summary.Cell>
              {(['borne_minor', 'returned_minor', 'net_minor'] as const).map((k, i) => (
                <Table.Summary.Cell key={k} index={dims.length + i} align="right">
                  <strong>{f.money(s.total[k], currency)}</strong>
                </Table.Summary.Cell>
              ))}
              {may('order.read') && <Table.Summary.Cell index={dims.length + 3} />}
            </Table.Summary.Row>
          ) : undefined
        }
        chart={<Chart lying label={t('settlement.panel')} categories={bars.names} series={bars.series} left={left} height={60 + bars.names.length * 30} />}
      />
    </section>
  )
}
