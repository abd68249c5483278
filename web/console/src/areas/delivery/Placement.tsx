import './words'
import { EditOutlined } from '@ant-design/icons'
import { App, Button, Descriptions, Flex, Skeleton, Tag, Typography } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { useQuery } from '@tanstack/react-query'
import { api, ask, got } from '@/api/client'
import { useAct } from '@/api/hooks'
import { useMarket } from '@/parts/market'
import { Moment } from '@/parts/Moment'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { nameOf } from '@/parts/RowSelect'
import { useMay } from '@/session'
import { PlacementForm, useOffered } from './PlacementForm'
import { stateColours, stateOf, type Placement as Row } from './state'

/** One placement: what it offers, how it runs, what came of it. */
export default function Placement() {
  const { id = '' } = useParams()
  const { t } = useTranslation('delivery')
  const { modal } = App.useApp()
  const may = useMay()
  const [editing, setEditing] = useState(false)
  const one = useQuery({ queryKey: ['placement', id], queryFn: ({ signal }) => got(api.GET('/v1/placements/{id}', { params: { path: { id } }, signal })) })
  const row = one.data?.data
  const offered = useOffered(row ?? {})
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
    <section aria-labelledby="placement-title">
      <Flex wrap gap="small" align="center" justify="space-between" style={{ marginBottom: 16 }}>
        <Flex wrap gap="small" align="center">
          <Typography.Title level={1} id="placement-title" style={{ margin: 0, fontSize: 24, overflowWrap: 'anywhere' }}>
            {row.name}
          </Typography.Title>
          <Tag color={stateColours[state]}>{t(`state.${state}`)}</Tag>
        </Flex>
        {writes && (
          <Flex wrap gap="small">
            <Button loading={turn.isPending} onClick={() => turn.mutate({ row, etag })}>
              {t(row.open ? 'placement.close' : 'placement.reopen')}
            </Button>
            <Button
              danger
              onClick={() => modal.confirm({ title: t('placement.archiveTitle'), content: t('placement.archiveText', { name: row.name }), okText: t('shell:delete'), okButtonProps: { danger: true }, onOk: () => archive.mutateAsync(etag).catch(() => {}) })}
            >
              {t('shell:delete')}
            </Button>
            <Button type="primary" icon={<EditOutlined />} onClick={() => setEditing(true)}>
              {t('shell:edit')}
            </Button>
          </Flex>
        )}
      </Flex>
      <ProblemAlert error={turn.error ?? archive.error} again={() => void one.refetch().then(() => (turn.reset(), archive.reset()))} />
      <Descriptions
        column={{ xs: 1, md: 2 }}
        items={[
          {
            key: 'offers',
            label: t('placement.offers'),
            children: <Link to={row.pack ? `/delivery/packs/${row.pack}` : `/coupons/templates/${row.template}`}>{offered ? nameOf(offered) : (row.pack ?? row.template)}</Link>,
          },
          { key: 'channel', label: t('placement.channel'), children: t(`channel.${row.channel}`, row.channel) },
          { key: 'from', label: t('placement.from'), children: row.from ? <Moment at={row.from} zone={zone} /> : t('placement.atOnce') },
          { key: 'to', label: t('placement.to'), children: row.to ? <Moment at={row.to} zone={zone} /> : t('placement.never') },
          { key: 'cap', label: t('placement.cap'), children: row.cap ? row.cap.toLocaleString() : t('placement.noCap') },
          { key: 'code', label: t('placement.id'), children: <Typography.Text copyable>{row.id}</Typography.Text> },
        ]}
      />
      {editing && (
        <PlacementForm
          of={{ row, etag }}
          close={() => setEditing(false)}
          saved={() => setEditing(false)}
          again={async () => (await one.refetch()).data?.data}
        />
      )}
    </section>
  )
}
