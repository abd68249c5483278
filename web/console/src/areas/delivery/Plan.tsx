import './words'
import { EditOutlined, TrophyFilled } from '@ant-design/icons'
import { Button, Card, Descriptions, Drawer, Empty, Flex, Progress, Skeleton, Table, Tag } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useQuery } from '@tanstack/react-query'
import { api, ask, got, type Schemas } from '@/api/client'
import { useAct, usePages } from '@/api/hooks'
import { ExportButton } from '@/parts/ExportButton'
import { useMarket } from '@/parts/market'
import { Moment } from '@/parts/Moment'
import { useMoney } from '@/parts/money'
import { TemplateName } from '@/parts/Called'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { SaveButton } from '@/parts/SaveButton'
import { useMay } from '@/session'
import { Figures } from './Figures'
import { Head } from './Head'
import { Confirmed, publishingOf, PublishingTag } from './publishing'
import type { Plan as Row } from './Plans'

const PlanForm = lazy(() => import('./PlanForm'))

type Packet = Schemas['PacketRow']

/** One plan of share packets: what a packet holds, and the packets that were sent. */
export default function Plan() {
  const { id = '' } = useParams()
  const { t } = useTranslation('delivery')
  const may = useMay()
  const money = useMoney()
  const [editing, setEditing] = useState(false)
  const one = useQuery({ queryKey: ['plan', id, 'row'], queryFn: ({ signal }) => got(api.GET('/v1/packet-plans/{id}', { params: { path: { id } }, signal })) })
  const market = useMarket(one.data?.data.market)
  const act = useAct<{ what: 'publish' | 'archive' | 'pause' | 'resume'; etag: string }, Row>({
    run: ({ what, etag }, key) => {
      const params = { path: { id }, header: { 'If-Match': etag, 'Idempotency-Key': key } }
      if (what === 'publish') return ask(api.POST('/v1/packet-plans/{id}/publish', { params }))
      if (what === 'archive') return ask(api.POST('/v1/packet-plans/{id}/archive', { params }))
      return ask(api.PUT('/v1/packet-plans/{id}/open', { body: { open: what === 'resume' }, params: { path: { id } } }))
    },
    done: (_, { what }) => t(`plans.did.${what}`),
    stale: [['plans'], ['plan', id]],
  })
  if (one.isPending) return <Skeleton active paragraph={{ rows: 8 }} />
  if (!one.data) return <ProblemAlert error={one.error} again={() => void one.refetch()} />
  const { data: row, etag } = one.data
  const c = row.content
  const is = publishingOf(row)
  const currency = market?.currency ?? 'CNY'
  const turn = (what: 'publish' | 'archive' | 'pause' | 'resume') => act.mutateAsync({ what, etag })
  return (
    <section>
      <Head title={row.internal_name} tags={<PublishingTag of={row} />} back={{ to: '/delivery/packets', text: t('plans.title') }}>
        {may('template.publish') && (
          <>
            {is === 'running' && <Confirmed label={t('packs.pause')} title={t('plans.pauseTitle')} text={t('plans.pauseText')} act={() => turn('pause')} />}
            {is === 'paused' && <Button onClick={() => void turn('resume').catch(() => {})}>{t('packs.resume')}</Button>}
            {is !== 'archived' && <Confirmed danger label={t('shell:delete')} title={t('plans.archiveTitle')} text={t('plans.archiveText', { name: row.internal_name })} act={() => turn('archive')} />}
          </>
        )}
        {is !== 'archived' && may('template.write') && (
          <Button icon={<EditOutlined />} onClick={() => setEditing(true)}>
            {t('shell:edit')}
          </Button>
        )}
        {is === 'draft' && may('template.publish') && <Confirmed primary label={t('packs.publish')} title={t('plans.publishTitle')} text={t('plans.publishText')} act={() => turn('publish')} />}
      </Head>
      <ProblemAlert error={act.error} again={() => void one.refetch().then(() => act.reset())} />
      <Card size="small">
        <Descriptions
          size="small"
          column={{ xs: 1, md: 2, xl: 3 }}
          items={[
            { key: 'mode', label: t('plans.mode'), children: t(`mode.${c.mode}`) },
            { key: 'template', label: t('plans.template'), children: <TemplateName id={c.template} /> },
            { key: 'shares', label: t('plans.shares'), children: c.shares },
            ...(c.mode === 'lucky' ? [{ key: 'total', label: t('plans.total'), children: money(c.total_minor ?? 0, currency) }] : []),
            ...(c.mode === 'fixed' ? [{ key: 'share', label: t('plans.share'), children: money(c.share_minor ?? 0, currency) }] : []),
            { key: 'life', label: t('plans.life'), children: `${c.life_hours} ${t('plans.hours')}` },
            { key: 'order', label: t('plans.order'), children: c.needs_order ? t('plans.fromPaid', { amount: money(c.order_minor ?? 0, currency) }) : t('plans.no') },
            { key: 'from', label: t('plans.from'), children: row.from ? <Moment at={row.from} zone={market?.zone} /> : t('placement.atOnce') },
            { key: 'to', label: t('plans.to'), children: row.to ? <Moment at={row.to} zone={market?.zone} /> : t('placement.never') },
          ]}
        />
      </Card>
      {row.sent && (
        <Figures
          figures={[
            { key: 'packets', title: t('plans.sent'), value: row.sent.packets.toLocaleString() },
            {
              key: 'held',
              title: t('plans.held'),
              value: money(row.sent.held_minor, currency),
              note: row.budget_minor ? (
                <>
                  {t('plans.ofBudget', { amount: money(row.budget_minor, currency) })}
                  <Progress percent={Math.min(100, Math.round((row.sent.held_minor / row.budget_minor) * 100))} size="small" aria-label={t('plans.budget')} />
                </>
              ) : (
                t('plans.noBudget')
              ),
            },
          ]}
        />
      )}
      {is !== 'draft' && may('coupon.read') && <Packets plan={id} currency={currency} />}
      {editing && (
        <Suspense fallback={null}>
          <PlanForm of={{ row, etag }} close={() => setEditing(false)} saved={() => setEditing(false)} again={async () => (await one.refetch()).data?.data} />
        </Suspense>
      )}
    </section>
  )
}

const colours: Record<string, string> = { open: 'green', empty: 'default', over: 'orange' }

function Packets({ plan, currency }: { plan: string; currency: string }) {
  const { t } = useTranslation('delivery')
  const money = useMoney()
  const [open, setOpen] = useState<string>()
  const list = usePages<Packet>(['plan', plan, 'packets'], (cursor, signal) => ask(api.GET('/v1/packets', { params: { query: { plan, ...(cursor ? { cursor } : {}) } }, signal })))
  const rows = list.data?.pages.flatMap((p) => p.items) ?? []
  return (
    <Card size="small" title={t('packets.title')} extra={<ExportButton size="small" list="/v1/packets" query={{ plan }} />}>
      <ProblemAlert error={list.error} again={() => void list.refetch()} />
      <Table<Packet>
        size="small"
        rowKey="id"
        loading={list.isPending}
        pagination={false}
        scroll={{ x: 'max-content' }}
        dataSource={rows}
        locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('packets.empty')} /> }}
        columns={[
          { key: 'at', title: t('packets.sentAt'), render: (_, p) => <Moment at={p.created_at} /> },
          {
            key: 'id',
            title: t('packets.packet'),
            render: (_, p) => (
              <Button type="link" size="small" style={{ padding: 0 }} onClick={() => setOpen(p.id)}>
                {p.link}
              </Button>
            ),
          },
          { key: 'member', title: t('packets.sender'), dataIndex: 'member' },
          { key: 'shares', title: t('plans.shares'), className: 'numbers', dataIndex: 'shares' },
          { key: 'total', title: t('plans.total'), className: 'numbers', render: (_, p) => (p.total_minor ? money(p.total_minor, currency) : '–') },
          { key: 'returned', title: t('packets.returned'), className: 'numbers', render: (_, p) => (p.returned_minor ? money(p.returned_minor, currency) : '–') },
          { key: 'to', title: t('packets.ends'), render: (_, p) => <Moment at={p.expires_at} /> },
        ]}
      />
      {list.hasNextPage && (
        <Flex justify="center" style={{ marginTop: 12 }}>
          <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t('shell:list.more')}
          </Button>
        </Flex>
      )}
      {open && <WhoGotWhat id={open} currency={currency} close={() => setOpen(undefined)} />}
    </Card>
  )
}

/** WhoGotWhat lists the shares of a packet that were opened. */
function WhoGotWhat({ id, currency, close }: { id: string; currency: string; close: () => void }) {
  const { t } = useTranslation('delivery')
  const money = useMoney()
  const one = useQuery({ queryKey: ['packet', id], queryFn: ({ signal }) => ask(api.GET('/v1/packets/{id}', { params: { path: { id } }, signal })) })
  const p = one.data
  return (
    <Drawer open size={520} title={p?.link ?? id} onClose={close} extra={p && <Tag color={colours[p.state]}>{t(`packetState.${p.state}`)}</Tag>}>
      <ProblemAlert error={one.error} again={() => void one.refetch()} />
      {one.isPending && <Skeleton active />}
      {p && (
        <>
          <Flex justify="space-between" align="center" style={{ marginBottom: 12 }}>
            <span>{t('packets.opened', { opened: p.opened.length, shares: p.shares })}</span>
            {p.opened.length > 0 && <SaveButton size="small" name={`packet-${p.id}`} rows={() => [['number', 'member', 'amount_minor', 'currency', 'at', 'best'], ...p.opened.map((o) => [String(o.number), o.member, String(o.amount_minor), currency, o.at, String(!!o.best)])]} />}
          </Flex>
          <Table
            size="small"
            rowKey="number"
            pagination={false}
            scroll={{ x: 'max-content' }}
            dataSource={p.opened}
            locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('packets.nobody')} /> }}
            columns={[
              { key: 'member', title: t('packets.member'), dataIndex: 'member' },
              {
                key: 'amount',
                title: t('packets.amount'),
                className: 'numbers',
                render: (_, o) => (
                  <>
                    {o.best && <TrophyFilled title={t('packets.best')} style={{ color: 'var(--ant-color-warning)', marginInlineEnd: 6 }} />}
                    {o.amount_minor ? money(o.amount_minor, currency) : t('mode.coupons')}
                  </>
                ),
              },
              { key: 'at', title: t('packets.at'), render: (_, o) => <Moment at={o.at} seconds /> },
            ]}
          />
        </>
      )}
    </Drawer>
  )
}
