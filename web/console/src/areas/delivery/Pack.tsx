import './words'
import { EditOutlined } from '@ant-design/icons'
import { Button, Card, Empty, Skeleton, Table } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { useQuery } from '@tanstack/react-query'
import { api, ask, got } from '@/api/client'
import { useAct } from '@/api/hooks'
import { useMarket } from '@/parts/market'
import { TemplateName } from '@/parts/Called'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { SaveButton } from '@/parts/SaveButton'
import { wall } from '@/parts/zone'
import { useMay } from '@/session'
import { Days, lastDays } from './Days'
import { Figures } from './Figures'
import { Head } from './Head'
import { Confirmed, publishingOf, PublishingTag } from './publishing'
import type { Pack as Row } from './Packs'

const PackForm = lazy(() => import('./PackForm'))
const shownDays = 30

/** One pack: its content, what is given out of it, where it is offered. */
export default function Pack() {
  const { id = '' } = useParams()
  const { t, i18n } = useTranslation('delivery')
  const may = useMay()
  const [editing, setEditing] = useState(false)
  const one = useQuery({ queryKey: ['pack', id, 'row'], queryFn: ({ signal }) => got(api.GET('/v1/packs/{id}', { params: { path: { id } }, signal })) })
  const told = useQuery({ queryKey: ['pack', id, 'explanation', i18n.language], queryFn: ({ signal }) => ask(api.GET('/v1/packs/{id}/explanation', { params: { path: { id } }, signal })) })
  const act = useAct<{ what: 'publish' | 'archive' | 'pause' | 'resume'; etag: string }, Row>({
    run: ({ what, etag }, key) => {
      const params = { path: { id }, header: { 'If-Match': etag, 'Idempotency-Key': key } }
      if (what === 'publish') return ask(api.POST('/v1/packs/{id}/publish', { params }))
      if (what === 'archive') return ask(api.POST('/v1/packs/{id}/archive', { params }))
      return ask(api.PUT('/v1/packs/{id}/open', { body: { open: what === 'resume' }, params: { path: { id } } }))
    },
    done: (_, { what }) => t(`packs.did.${what}`),
    stale: [['packs'], ['pack', id]],
  })
  if (one.isPending) return <Skeleton active paragraph={{ rows: 8 }} />
  if (!one.data) return <ProblemAlert error={one.error} again={() => void one.refetch()} />
  const { data: row, etag } = one.data
  const is = publishingOf(row)
  const turn = (what: 'publish' | 'archive' | 'pause' | 'resume') => act.mutateAsync({ what, etag })
  return (
    <section>
      <Head title={row.internal_name} tags={<PublishingTag of={row} />} back={{ to: '/delivery/packs', text: t('packs.title') }}>
        {is === 'running' && may('reference.write') && (
          <Link to={`/delivery/placements?new=1&pack=${id}`}>
            <Button>{t('packs.place')}</Button>
          </Link>
        )}
        {may('template.publish') && (
          <>
            {is === 'running' && <Confirmed label={t('packs.pause')} title={t('packs.pauseTitle')} text={t('packs.pauseText')} act={() => turn('pause')} />}
            {is === 'paused' && <Button onClick={() => void turn('resume').catch(() => {})}>{t('packs.resume')}</Button>}
            {is !== 'archived' && <Confirmed danger label={t('shell:delete')} title={t('packs.archiveTitle')} text={t('packs.archiveText', { name: row.internal_name })} act={() => turn('archive')} />}
          </>
        )}
        {is !== 'archived' && may('template.write') && (
          <Button icon={<EditOutlined />} onClick={() => setEditing(true)}>
            {t('shell:edit')}
          </Button>
        )}
        {is === 'draft' && may('template.publish') && <Confirmed primary label={t('packs.publish')} title={t('packs.publishTitle')} text={t('packs.publishText')} act={() => turn('publish')} />}
      </Head>
      <ProblemAlert error={act.error} again={() => void one.refetch().then(() => act.reset())} />
      <Card size="small" title={t('packs.rules')} loading={told.isPending}>
        {told.data && (
          <ul style={{ margin: 0, paddingInlineStart: 20 }}>
            {told.data.sentences.map((s, i) => (
              <li key={i}>{s.text}</li>
            ))}
          </ul>
        )}
        <ProblemAlert error={told.error} again={() => void told.refetch()} />
      </Card>
      {is !== 'draft' && may('statistics.read') && <Statistics row={row} />}
      {editing && (
        <Suspense fallback={null}>
          <PackForm of={{ row, etag }} close={() => setEditing(false)} saved={() => setEditing(false)} again={async () => (await one.refetch()).data?.data} />
        </Suspense>
      )}
    </section>
  )
}

type Coupons = Record<string, number>

/** byTemplate lays the coupons of a pack out: a line a template, its states beside each other. */
export function byTemplate(rows: { template: string; state: string; count: number; uses: number }[]): { template: string; states: Coupons; uses: number; issued: number }[] {
  const out = new Map<string, { template: string; states: Coupons; uses: number; issued: number }>()
  for (const r of rows) {
    const line = out.get(r.template) ?? { template: r.template, states: {}, uses: 0, issued: 0 }
    line.states[r.state] = (line.states[r.state] ?? 0) + r.count
    line.uses += r.uses
    line.issued += r.count
    out.set(r.template, line)
  }
  return [...out.values()]
}

const states = ['usable', 'locked', 'used', 'expired', 'withdrawn'] as const

function Statistics({ row }: { row: Row }) {
  const { t } = useTranslation('delivery')
  const zone = useMarket(row.market)?.zone
  const today = zone ? wall(new Date().toISOString(), zone).slice(0, 10) : ''
  const from = today && lastDays([], today, shownDays)[0]?.day
  const asked = useQuery({
    queryKey: ['pack', row.id, 'statistics', today],
    queryFn: ({ signal }) => ask(api.GET('/v1/packs/{id}/statistics', { params: { path: { id: row.id }, query: { from, to: today } }, signal })),
    enabled: !!today,
  })
  if (asked.error) return <ProblemAlert error={asked.error} again={() => void asked.refetch()} />
  const s = asked.data
  const lines = byTemplate(s?.coupons ?? [])
  const sum = (f: (l: (typeof lines)[number]) => number) => lines.reduce((n, l) => n + f(l), 0)
  return (
    <>
      {s && (
        <Figures
          figures={[
            { key: 'packs', title: t('packs.given'), value: s.packs.toLocaleString() },
            { key: 'coupons', title: t('packs.coupons'), value: sum((l) => l.issued).toLocaleString() },
            { key: 'used', title: t('figures.used'), value: sum((l) => l.states['used'] ?? 0).toLocaleString(), note: t('packs.uses', { count: sum((l) => l.uses) }) },
          ]}
        />
      )}
      <Days title={t('packs.days', { count: shownDays })} kinds={['packs', 'coupons']} days={lastDays((s?.days ?? []).map((d) => ({ day: d.day, issued: d.packs, used: d.coupons })), today || '1970-01-01', shownDays)} waiting={asked.isPending} />
      <Card size="small" title={t('packs.states')} extra={lines.length > 0 && <SaveButton size="small" name="pack" rows={() => [['template', 'issued', ...states], ...lines.map((l) => [l.template, String(l.issued), ...states.map((k) => String(l.states[k] ?? 0))])]} />}>
        <Table
          size="small"
          rowKey="template"
          pagination={false}
          scroll={{ x: 'max-content' }}
          loading={asked.isPending}
          locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('packs.noneYet')} /> }}
          dataSource={lines}
          columns={[
            { key: 'template', title: t('placement.template'), render: (_, l) => <TemplateName id={l.template} /> },
            { key: 'issued', title: t('figures.issued'), className: 'numbers', render: (_, l) => l.issued.toLocaleString() },
            ...states.map((k) => ({
              key: k,
              title: t(`couponState.${k}`),
              className: 'numbers',
              render: (_: unknown, l: (typeof lines)[number]) => (l.states[k] ?? 0).toLocaleString(),
            })),
          ]}
        />
      </Card>
    </>
  )
}
