import './words'
import { useQuery } from '@tanstack/react-query'
import { Alert, Typography } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask, type Schemas } from '@/api/client'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { Chart } from './Chart'
import { FilterBar } from './FilterBar'
import { useFilters } from './filters'
import { useFormat } from '@/parts/format'
import { Panel } from './Panel'

type Refusal = Schemas['RefusalRow']

/** Why claims and uses were refused: by reason, and by template. */
export default function Refusals() {
  const { t } = useTranslation('reports')
  const f = useFormat()
  const { filters, set } = useFilters()
  const { from, to, template, channel, market } = filters
  const query = { from, to, ...(template ? { template } : {}), ...(channel ? { channel } : {}), ...(market ? { market } : {}) } as Record<string, string>
  const report = useQuery({
    queryKey: ['refusals', query],
    queryFn: ({ signal }) => ask(api.GET('/v1/statistics/refusals', { params: { query: { ...query, group_by: 'template,channel' } }, signal })),
    placeholderData: (before) => before,
  })
  const reasons = useMemo(() => {
    const sums = new Map<string, { code: string; title: string; count: number }>()
    for (const r of report.data?.items ?? []) {
      const s = sums.get(r.code) ?? { code: r.code, title: r.title, count: 0 }
      s.count += r.count
      sums.set(r.code, s)
    }
    return [...sums.values()].sort((a, b) => b.count - a.count)
  }, [report.data])
  const bars = useMemo(() => ({ names: reasons.slice(0, 15).map((r) => r.title), series: [{ name: t('v.count'), data: reasons.slice(0, 15).map((r) => r.count), bar: true }] }), [reasons, t])
  const left = useMemo(() => (n: number) => f.compact(n), [f])
  return (
    <section aria-labelledby="refusals-title">
      <Typography.Title level={1} id="refusals-title" style={{ fontSize: 24, margin: '0 0 16px' }}>
        {t('refusals.title')}
      </Typography.Title>
      <FilterBar filters={filters} set={set} fields={['template', 'channel']} />
      <ProblemAlert error={report.error} again={() => void report.refetch()} />
      <Panel
        title={t('refusals.reasons')}
        rows={report.data ? reasons : undefined}
        rowKey={(r) => r.code}
        file="/v1/statistics/refusals/export"
        query={query}
        empty={t('refusals.none')}
        columns={[
          { title: t('reason'), render: (_, r) => r.title },
          { title: t('code'), render: (_, r) => <code>{r.code}</code> },
          { title: t('v.count'), align: 'right', render: (_, r) => f.count(r.count) },
        ]}
        chart={<Chart lying label={t('refusals.reasons')} categories={bars.names} series={bars.series} left={left} height={60 + bars.names.length * 30} />}
      />
      <Panel<Refusal>
        title={t('refusals.templates')}
        rows={report.data?.items}
        rowKey={(r) => `${r.code} ${r.template} ${r.channel}`}
        file="/v1/statistics/refusals/export"
        query={{ ...query, group_by: 'template,channel' }}
        empty={t('refusals.none')}
        columns={[
          { title: t('dim.template'), render: (_, r) => report.data?.names.templates?.[r.template ?? ''] ?? r.template ?? t('none') },
          { title: t('dim.channel'), render: (_, r) => (r.channel ? t(`shell:channel.${r.channel}`, r.channel) : t('none')) },
          { title: t('reason'), render: (_, r) => r.title },
          { title: t('v.count'), align: 'right', sorter: (a, b) => a.count - b.count, render: (_, r) => f.count(r.count) },
        ]}
      />
      <Alert type="info" showIcon title={t('refusals.rows')} />
    </section>
  )
}
