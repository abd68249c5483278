import './words'
import { EditOutlined } from '@ant-design/icons'
import { App, Button, Card, Collapse, Descriptions, Progress, Skeleton, Tag, Typography } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { useQuery } from '@tanstack/react-query'
import { api, ask, got } from '@/api/client'
import { useAct } from '@/api/hooks'
import { useMarket } from '@/parts/market'
import { useMoney } from '@/parts/money'
import { Moment } from '@/parts/Moment'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { nameOf } from '@/parts/names'
import { wall } from '@/parts/zone'
import { useMay } from '@/session'
import { Days, lastDays } from './Days'
import { Figures } from './Figures'
import { Head } from './Head'
import { Links } from './Links'
import { share } from './share'
import { WaitingRoom } from './WaitingRoom'
import { stateColours, stateOf, type Placement as Row } from './state'

const PlacementForm = lazy(() => import('./PlacementForm'))
const shownDays = 30

/** One placement: what it offers, how it runs, what came of it. */
export default function Placement() {
  const { id = '' } = useParams()
  const { t } = useTranslation('delivery')
  const { modal } = App.useApp()
  const may = useMay()
  const counts = may('statistics.read')
  const [editing, setEditing] = useState(false)
  const one = useQuery({
    queryKey: ['placement', id],
    queryFn: ({ signal }) => got(api.GET('/v1/placements/{id}', { params: { path: { id }, query: counts ? { figures: true } : {} }, signal })),
  })
  const row = one.data?.data
  const zone = useMarket(row?.market)?.zone
  const stale = [['placements'], ['placement', id]]
  const etag = one.data?.etag ?? ''
  const turn = useAct<{ row: Row; etag: string }, Row>({
    run: ({ row: { name, channel, from, to, cap, open }, etag }) =>
      ask(api.PUT('/v1/placements/{id}', { body: { name, channel, from, to, cap, open: !open }, params: { path: { id }, header: { 'If-Match': etag } } })),
    done: (p) => t(p.open ? 'placement.opened' : 'placement.closed'),
    stale,
  })
  const archive = useAct<string, Row>({
    run: (etag) => ask(api.DELETE('/v1/placements/{id}', { params: { path: { id }, header: { 'If-Match': etag } } })),
    done: t('placement.archived'),
    stale,
  })
  if (one.isPending) return <Skeleton active paragraph={{ rows: 8 }} />
  if (!row) return <ProblemAlert error={one.error} again={() => void one.refetch()} />
  const state = stateOf(row, Date.now())
  const writes = may('reference.write') && !row.archived_at
  return (
    <section>
      <Head title={row.name} tags={<Tag color={stateColours[state]}>{t(`state.${state}`)}</Tag>} back={{ to: '/delivery/placements', text: t('placements.title') }}>
        {writes && (
          <>
            <Button loading={turn.isPending} onClick={() => turn.mutate({ row, etag })}>
              {t(row.open ? 'placement.close' : 'placement.reopen')}
            </Button>
            <Button
              danger
              onClick={() =>
                void modal.confirm({
                  title: t('placement.archiveTitle'),
                  content: t('placement.archiveText', { name: row.name }),
                  okText: t('shell:delete'),
                  okButtonProps: { danger: true },
                  onOk: () => archive.mutateAsync(etag).catch(() => {}),
                })
              }
            >
              {t('shell:delete')}
            </Button>
            <Button type="primary" icon={<EditOutlined />} onClick={() => setEditing(true)}>
              {t('shell:edit')}
            </Button>
          </>
        )}
      </Head>
      <ProblemAlert
        error={turn.error ?? archive.error}
        again={() =>
          void one.refetch().then(() => {
            turn.reset()
            archive.reset()
          })
        }
      />
      <Card size="small">
        <Descriptions
          size="small"
          column={{ xs: 1, md: 2, xl: 3 }}
          items={[
            {
              key: 'offers',
              label: t('placement.offers'),
              children: <Link to={row.pack ? `/delivery/packs/${row.pack}` : `/coupons/templates/${row.template}`}>{row.offers ? nameOf(row.offers) : (row.pack ?? row.template)}</Link>,
            },
            { key: 'channel', label: t('placement.channel'), children: t(`shell:channel.${row.channel}`, row.channel) },
            { key: 'from', label: t('placement.from'), children: row.from ? <Moment at={row.from} zone={zone} /> : t('placement.atOnce') },
            { key: 'to', label: t('placement.to'), children: row.to ? <Moment at={row.to} zone={zone} /> : t('placement.never') },
            { key: 'cap', label: t('placement.cap'), children: row.cap ? row.cap.toLocaleString() : t('placement.noCap') },
            { key: 'id', label: t('placement.id'), children: <Typography.Text copyable>{row.id}</Typography.Text> },
          ]}
        />
      </Card>
      {row.figures && <Came row={row} figures={row.figures} />}
      <Links placement={row} />
      {counts && zone && <LastDays id={id} market={row.market} zone={zone} />}
      {row.template && may('template.read') && <Collapse style={{ marginBlock: 16 }} items={[{ key: 'room', label: t('room.title'), children: <WaitingRoom template={row.template} /> }]} />}
      {editing && (
        <Suspense fallback={null}>
          <PlacementForm of={{ row, etag }} close={() => setEditing(false)} saved={() => setEditing(false)} again={async () => (await one.refetch()).data?.data} />
        </Suspense>
      )}
    </section>
  )
}

/** Came is the funnel of a placement, and what it cost. */
function Came({ row, figures: f }: { row: Row; figures: NonNullable<Row['figures']> }) {
  const { t } = useTranslation('delivery')
  const money = useMoney()
  const currency = row.currency ?? ''
  return (
    <Figures
      figures={[
        {
          key: 'issued',
          title: t('figures.issued'),
          value: f.issued.toLocaleString(),
          note: row.cap && !row.pack ? <Progress percent={Math.min(100, Math.round((f.issued / row.cap) * 100))} size="small" aria-label={t('placement.cap')} /> : t('figures.withdrawnNote', { count: f.withdrawn }),
        },
        { key: 'used', title: t('figures.used'), value: f.coupons_used.toLocaleString(), note: t('figures.usesNote', { uses: f.redeemed.toLocaleString(), returned: f.returned.toLocaleString() }) },
        { key: 'rate', title: t('figures.rate'), value: share(f.redemption_bps), note: t('figures.expiredNote', { count: f.expired }) },
        { key: 'cost', title: t('figures.cost'), value: money(f.discount_minor - f.returned_minor, currency), note: t('figures.returnedNote', { amount: money(f.returned_minor, currency) }) },
        { key: 'paid', title: t('figures.paid'), value: money(f.paid_minor, currency), note: t('figures.ordersNote', { count: f.orders }) },
        { key: 'subsidy', title: t('figures.subsidy'), value: share(f.subsidy_bps), note: t('figures.subsidyNote') },
      ]}
    />
  )
}

function LastDays({ id, market, zone }: { id: string; market: string; zone: string }) {
  const { t } = useTranslation('delivery')
  const today = wall(new Date().toISOString(), zone).slice(0, 10)
  const days = lastDays([], today, shownDays)
  const told = useQuery({
    queryKey: ['placement', id, 'days', today],
    queryFn: ({ signal }) => ask(api.GET('/v1/statistics', { params: { query: { market, placement: id, from: days[0]?.day, to: today, group_by: 'day' } }, signal })),
  })
  const rows = (told.data?.rows ?? []).map((r) => ({ day: r.day ?? '', issued: r.values.issued, used: r.values.coupons_used }))
  return (
    <>
      <ProblemAlert error={told.error} again={() => void told.refetch()} />
      <Days title={t('days.title', { count: shownDays })} days={lastDays(rows, today, shownDays)} waiting={told.isPending} report={{ market, placement: id, from: days[0]?.day ?? today, to: today }} />
    </>
  )
}
