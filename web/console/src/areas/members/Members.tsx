import './words'
import { Badge } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { api, ask, type Schemas } from '@/api/client'
import { ImportButton } from '@/parts/ImportButton'
import { ListPage } from '@/parts/ListPage'
import { Moment } from '@/parts/Moment'
import { SegmentSelect } from '@/parts/RowSelect'
import { useMay } from '@/session'
import { BulkActs } from './BulkActs'
import { Find } from './Find'
import { memberImport } from './imports'
import { Words } from './Words'

type Member = Schemas['MemberRow']

/** Members, newest first, by tag, saved segment and the day they were made. */
export default function Members() {
  const { t } = useTranslation('members')
  const go = useNavigate()
  const may = useMay()
  const [chosen, setChosen] = useState<Member[]>([])
  return (
    <ListPage<Member>
      title={t('list.title')}
      name="members"
      rowKey="id"
      exportable="/v1/members"
      actions={may('member.write') && <ImportButton of={memberImport} stale={['members']} />}
      selection={may('member.write') || may('coupon.grant') ? { chosen, choose: setChosen } : undefined}
      filters={[
        { key: 'tag', label: t('list.tag') },
        { key: 'segment', label: t('list.segment'), choose: SegmentSelect },
        { key: 'created_from', label: t('list.from'), day: true },
        { key: 'created_to', label: t('list.to'), day: true },
      ]}
      page={(query, signal) => ask(api.GET('/v1/members', { params: { query: { order: 'newest', ...query } }, signal }))}
      empty={t('list.empty')}
      open={(m) => void go(`/members/list/${m.id}`)}
      columns={[
        { key: 'id', title: t('list.id'), render: (_, m) => <Link to={`/members/list/${m.id}`}>{m.id}</Link> },
        { key: 'state', title: t('list.state'), render: (_, m) => <Badge status={m.blocked ? 'error' : 'success'} text={t(m.blocked ? 'member.blocked' : 'member.active')} /> },
        { key: 'tags', title: t('list.tags'), render: (_, m) => <Words of={m.tags ?? []} /> },
        { key: 'tier', title: t('list.tier'), render: (_, m) => m.attributes?.tier ?? '–' },
        { key: 'attributes', title: t('list.attributes'), hidden: true, render: (_, m) => Object.entries(m.attributes ?? {}).map(([k, v]) => `${k}: ${v}`).join(', ') || '–' },
        { key: 'created', title: t('list.created'), render: (_, m) => <Moment at={m.created_at} /> },
        { key: 'updated', title: t('list.updated'), hidden: true, render: (_, m) => <Moment at={m.updated_at} /> },
      ]}
    >
      <Find first />
      <BulkActs chosen={chosen} clear={() => setChosen([])} />
    </ListPage>
  )
}
