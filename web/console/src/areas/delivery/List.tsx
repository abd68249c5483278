import './words'
import { EditOutlined, UploadOutlined } from '@ant-design/icons'
import { Button, Card, Empty, Flex, Skeleton, Table } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { useQuery } from '@tanstack/react-query'
import { api, ask, got } from '@/api/client'
import { useAct, usePages } from '@/api/hooks'
import { ExportButton } from '@/parts/ExportButton'
import { Moment } from '@/parts/Moment'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { useMay } from '@/session'
import { Figures } from './Figures'
import { Head } from './Head'
import { listImport } from './imports'
import type { MemberList } from './Lists'
import { Confirmed } from './publishing'

const ListForm = lazy(() => import('./ListForm'))
const ImportDialog = lazy(() => import('@/parts/ImportDialog'))

/** One list of members. */
export default function List() {
  const { id: code = '' } = useParams()
  const { t } = useTranslation('delivery')
  const may = useMay()
  const [open, setOpen] = useState<'edit' | 'add' | 'remove'>()
  const one = useQuery({ queryKey: ['list', code, 'row'], queryFn: ({ signal }) => got(api.GET('/v1/lists/{code}', { params: { path: { code } }, signal })) })
  const members = usePages<{ member: string }>(['list', code, 'members'], (cursor, signal) =>
    ask(api.GET('/v1/lists/{code}/members', { params: { path: { code }, query: cursor ? { cursor } : {} }, signal })),
  )
  const archive = useAct<string, MemberList>({
    run: (etag) => ask(api.DELETE('/v1/lists/{code}', { params: { path: { code }, header: { 'If-Match': etag } } })),
    done: t('placement.archived'),
    stale: [['lists'], ['list', code]],
  })
  if (one.isPending) return <Skeleton active paragraph={{ rows: 8 }} />
  if (!one.data) return <ProblemAlert error={one.error} again={() => void one.refetch()} />
  const { data: row, etag } = one.data
  const rows = members.data?.pages.flatMap((p) => p.items) ?? []
  return (
    <section>
      <Head title={row.name} back={{ to: '/delivery/lists', text: t('lists.title') }}>
        {may('member.write') && !row.archived_at && (
          <>
            <Confirmed danger label={t('shell:delete')} title={t('lists.archiveTitle')} text={t('lists.archiveText')} act={() => archive.mutateAsync(etag)} />
            <Button icon={<EditOutlined />} onClick={() => setOpen('edit')}>
              {t('shell:edit')}
            </Button>
            <Button onClick={() => setOpen('remove')}>{t('lists.remove')}</Button>
            <Button type="primary" icon={<UploadOutlined />} onClick={() => setOpen('add')}>
              {t('lists.add')}
            </Button>
          </>
        )}
      </Head>
      <ProblemAlert error={archive.error} again={() => void one.refetch().then(() => archive.reset())} />
      <Figures
        figures={[
          { key: 'members', title: t('bulks.members'), value: row.members.toLocaleString() },
          { key: 'code', title: t('lists.code'), value: <code>{row.code}</code> },
          { key: 'updated', title: t('placements.updated'), value: <Moment at={row.updated_at} /> },
        ]}
      />
      <Card size="small" title={t('packets.member')} extra={<ExportButton list={`/v1/lists/${code}/members`} />}>
        <ProblemAlert error={members.error} again={() => void members.refetch()} />
        <Table
          size="small"
          rowKey="member"
          pagination={false}
          loading={members.isPending}
          dataSource={rows}
          showHeader={false}
          locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('lists.nobody')} /> }}
          columns={[{ key: 'member', title: t('packets.member'), render: (_, m) => <Link to={`/members/list/${m.member}`}>{m.member}</Link> }]}
        />
        {members.hasNextPage && (
          <Flex justify="center" style={{ marginTop: 12 }}>
            <Button loading={members.isFetchingNextPage} onClick={() => void members.fetchNextPage()}>
              {t('shell:list.more')}
            </Button>
          </Flex>
        )}
      </Card>
      <Suspense fallback={null}>
        {open === 'edit' && <ListForm of={{ row, etag }} close={() => setOpen(undefined)} saved={() => setOpen(undefined)} again={async () => (await one.refetch()).data?.data} />}
        {(open === 'add' || open === 'remove') && <ImportDialog of={listImport(code, open === 'remove')} stale={[['lists'], ['list', code]]} close={() => setOpen(undefined)} />}
      </Suspense>
    </section>
  )
}
