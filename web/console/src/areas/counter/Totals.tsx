import './words'
import { useQuery } from '@tanstack/react-query'
import { Alert, Button, Empty, Flex, Skeleton, Table, Typography } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { api, ask, type Schemas } from '@/api/client'
import { Actor } from '@/parts/Actor'
import { Called } from '@/parts/Called'
import { ExportButton } from '@/parts/ExportButton'
import { useMoney } from '@/parts/money'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { StoreSelect } from '@/parts/RowSelect'
import { Range } from './range'

type Row = Schemas['TotalRow']

/** What the counters redeemed and gave back, by store and clerk; each figure leads to its rows. */
export default function Totals() {
  const { t } = useTranslation('counter')
  const money = useMoney()
  const [params, setParams] = useSearchParams()
  const set = Object.fromEntries(['store', 'clerk', 'from', 'to'].map((k) => [k, params.get(k) ?? '']).filter(([, v]) => v)) as Record<string, string>
  const asked = useQuery({ queryKey: ['counter-totals', set], queryFn: ({ signal }) => ask(api.GET('/v1/counter/totals', { params: { query: set }, signal })) })
  const to = (r: Row, more: Record<string, string>) =>
    '/counter/redemptions?' + new URLSearchParams({ store: r.store, ...(r.clerk ? { operator: r.clerk } : {}), from: asked.data?.from ?? '', to: asked.data?.to ?? '', ...more }).toString()
  return (
    <section aria-labelledby="totals-title">
      <Flex wrap gap="small" align="center" justify="space-between" style={{ marginBottom: 16 }}>
        <Typography.Title level={1} id="totals-title" style={{ margin: 0, fontSize: 24 }}>
          {t('totals.title')}
        </Typography.Title>
        <Flex wrap gap="small">
          <div style={{ width: 220 }}>
            <StoreSelect
              aria-label={t('store')}
              placeholder={t('store')}
              value={set.store}
              onChange={(v) =>
                setParams(
                  (now) => {
                    if (v) now.set('store', v)
                    else now.delete('store')
                    return now
                  },
                  { replace: true },
                )
              }
            />
          </div>
          <Range />
          <ExportButton list="/v1/counter/totals" query={set} />
          <Button href="/counter/" target="_blank" type="primary">
            {t('open')}
          </Button>
        </Flex>
      </Flex>
      <ProblemAlert error={asked.error} again={() => void asked.refetch()} />
      {asked.isPending ? (
        <Skeleton active paragraph={{ rows: 6 }} />
      ) : (
        asked.data && (
          <>
            <p className="quiet">{t(asked.data.from === asked.data.to ? 'totals.day' : 'totals.range', { from: asked.data.from, to: asked.data.to })}</p>
            {asked.data.more && <Alert type="info" showIcon title={t('totals.more')} style={{ marginBottom: 16 }} />}
            {/* The place that scrolls can be reached by keyboard, also where the table is empty. */}
            <div role="region" aria-label={t('totals.title')} tabIndex={0} style={{ overflowX: 'auto' }}>
            <Table<Row>
              size="middle"
              rowKey={(r) => `${r.store} ${r.clerk ?? ''} ${r.currency}`}
              dataSource={asked.data.items}
              pagination={false}
              showHeader={asked.data.items.length > 0}
              style={{ minWidth: asked.data.items.length > 0 ? 'max-content' : undefined }}
              locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('totals.empty')} /> }}
              columns={[
                { key: 'store', title: t('store'), render: (_, r) => <Called kind="stores" id={r.store} /> },
                { key: 'clerk', title: t('clerk'), render: (_, r) => r.name || <Actor id={r.clerk} /> },
                { key: 'redeemed', title: t('redeemed'), align: 'end', className: 'numbers', render: (_, r) => <Link to={to(r, {})}>{r.redeemed}</Link> },
                { key: 'off', title: t('off'), align: 'end', className: 'numbers', render: (_, r) => money(r.discount_minor, r.currency) },
                { key: 'away', title: t('away'), align: 'end', className: 'numbers', dataIndex: 'away' },
                { key: 'returned', title: t('returned'), align: 'end', className: 'numbers', render: (_, r) => (r.returned > 0 ? <Link to={to(r, { returned: 'true' })}>{r.returned}</Link> : 0) },
                { key: 'back', title: t('offback'), align: 'end', className: 'numbers', render: (_, r) => money(r.returned_minor, r.currency) },
              ]}
            />
            </div>
          </>
        )
      )}
    </section>
  )
}
