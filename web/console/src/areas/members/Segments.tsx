import './words'
import { PlusOutlined } from '@ant-design/icons'
import { App, Button, Drawer, Flex, Form, Input, Skeleton, Statistic } from 'antd'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useQuery } from '@tanstack/react-query'
import { api, ask, got } from '@/api/client'
import { useAct } from '@/api/hooks'
import { language } from '@/i18n'
import { Conflict, isConflict } from '@/parts/Conflict'
import { useDelayed } from '@/parts/delayed'
import { ListPage } from '@/parts/ListPage'
import { useMarket } from '@/parts/market'
import { Moment } from '@/parts/Moment'
import { applyProblem, ProblemAlert } from '@/parts/ProblemAlert'
import { useMay } from '@/session'
import { pruned, type Tree } from '@/areas/coupons/editor/tree'
import type { Segment } from './segments'

// The editor of conditions comes when somebody wants it.
const SegmentTree = lazy(() => import('./SegmentTree'))

/** Saved segments, each with how many members it has now. */
export default function Segments() {
  const { t } = useTranslation('members')
  const may = useMay()
  const [editing, setEditing] = useState<Segment | 'new'>()
  return (
    <>
      <ListPage<Segment>
        title={t('segments.title')}
        name="segments"
        rowKey="code"
        exportable="/v1/segments"
        filters={[{ key: 'search', label: t('shell:list.search') }]}
        page={(query, signal) => ask(api.GET('/v1/segments', { params: { query }, signal }))}
        empty={t('segments.empty')}
        actions={
          may('member.write') && (
            <Button type="primary" icon={<PlusOutlined />} onClick={() => setEditing('new')}>
              {t('segments.create')}
            </Button>
          )
        }
        columns={[
          { key: 'name', title: t('segments.name'), render: (_, s) => (may('member.write') ? <Button type="link" style={{ padding: 0 }} onClick={() => setEditing(s)}>{s.name}</Button> : s.name) },
          { key: 'code', title: t('segments.code'), dataIndex: 'code' },
          { key: 'count', title: t('segments.count'), className: 'numbers', render: (_, s) => <Count of={s} /> },
          { key: 'members', title: t('segments.members'), render: (_, s) => <Link to={`/members/list?segment=${encodeURIComponent(s.code)}`}>{t('segments.show')}</Link> },
          { key: 'updated', title: t('list.updated'), render: (_, s) => <Moment at={s.updated_at} /> },
        ]}
      />
      {editing && <SegmentForm of={editing === 'new' ? undefined : editing} close={() => setEditing(undefined)} />}
    </>
  )
}

const useCount = (tree: Tree, market: string | undefined) =>
  useQuery({
    queryKey: ['segments', 'count', market, tree],
    queryFn: ({ signal }) => ask(api.POST('/v1/segments/count', { body: { market, tree: pruned(tree) as never }, signal })),
    retry: false,
    staleTime: 30_000,
  })

/** Count is how many members a saved segment has; those of a page are asked for together. */
function Count({ of }: { of: Segment }) {
  const n = useQuery({
    queryKey: ['segments', 'count', of.code, of.rev],
    queryFn: ({ signal }) => ask(api.GET('/v1/segments/{code}/count', { params: { path: { code: of.code } }, signal })),
    retry: false,
    staleTime: 30_000,
  })
  return <>{n.data ? n.data.count.toLocaleString(language()) : n.isError ? '–' : '…'}</>
}

interface Values {
  code: string
  name: string
}

function SegmentForm({ of, close }: { of?: Segment; close: () => void }) {
  const { t } = useTranslation('members')
  const { modal } = App.useApp()
  const [form] = Form.useForm<Values>()
  const [tree, setTree] = useState<Tree>((of?.tree as Tree | undefined) ?? {})
  const live = useDelayed(tree, 500)
  const n = useCount(live, of?.market)
  const market = useMarket(of?.market ?? 'main')
  const [rev, setRev] = useState(of?.rev ?? 0)
  const stale = [['segments']]
  const save = useAct<{ v: Values; tree: Tree; rev: number }, Segment>({
    run: ({ v, tree, rev }) =>
      ask(api.PUT('/v1/segments/{code}', { body: { name: v.name, market: of?.market, tree: pruned(tree) as never }, params: { path: { code: of?.code ?? v.code }, header: rev ? { 'If-Match': `"${rev}"` } : { 'If-None-Match': '*' } } })),
    done: t('segments.saved'),
    stale,
    then: close,
  })
  useEffect(() => applyProblem(form, save.error), [form, save.error])
  const archive = useAct<number, Segment>({
    run: (rev) => ask(api.DELETE('/v1/segments/{code}', { params: { path: { code: of?.code ?? '' }, header: { 'If-Match': `"${rev}"` } } })),
    done: t('segments.archived'),
    stale,
    then: close,
  })
  const newest = async () => (await got(api.GET('/v1/segments/{code}', { params: { path: { code: of?.code ?? '' } } }))).data
  return (
    <Drawer
      open
      title={of ? of.name : t('segments.create')}
      onClose={close}
      size="large"
      footer={
        <Flex justify="space-between" gap="small">
          {of ? (
            <Button danger onClick={() => modal.confirm({ title: t('segments.archiveTitle'), content: t('segments.archiveText', { name: of.name }), okText: t('shell:delete'), okButtonProps: { danger: true }, onOk: () => archive.mutateAsync(rev).catch(() => {}) })}>
              {t('shell:delete')}
            </Button>
          ) : (
            <span />
          )}
          <Button type="primary" loading={save.isPending} onClick={() => form.submit()}>
            {t(of ? 'shell:save' : 'shell:create')}
          </Button>
        </Flex>
      }
    >
      {of && isConflict(save.error) ? (
        <Conflict
          load={() => void newest().then((s) => (setRev(s.rev), setTree(s.tree as Tree), form.setFieldsValue({ name: s.name }), save.reset()))}
          overwrite={() => void newest().then((s) => (setRev(s.rev), save.mutate({ v: form.getFieldsValue(), tree, rev: s.rev })))}
        />
      ) : (
        <ProblemAlert error={save.error ?? archive.error} />
      )}
      <Form<Values> form={form} layout="vertical" requiredMark="optional" initialValues={{ name: of?.name, code: of?.code }} onFinish={(v) => save.mutate({ v, tree, rev })}>
        <Form.Item name="name" label={t('segments.name')} rules={[{ required: true, message: t('shell:required') }]}>
          <Input maxLength={200} />
        </Form.Item>
        {!of && (
          <Form.Item name="code" label={t('segments.code')} extra={t('segments.codeHelp')} rules={[{ required: true, pattern: /^[A-Za-z0-9._-]{1,64}$/, message: t('segments.codeHelp') }]}>
            <Input maxLength={64} />
          </Form.Item>
        )}
      </Form>
      {market && (
        <Suspense fallback={<Skeleton active paragraph={{ rows: 2 }} />}>
          <SegmentTree tree={tree} change={setTree} market={market} error={save.error ?? n.error} />
        </Suspense>
      )}
      <Flex gap="large" style={{ marginTop: 16 }} aria-live="polite">
        <Statistic title={t('segments.count')} value={n.data?.count ?? '–'} loading={n.isFetching && !n.data} />
        <Statistic title={t('segments.ofAll')} value={n.data?.members ?? '–'} />
      </Flex>
      {n.isError && <ProblemAlert error={n.error} />}
    </Drawer>
  )
}
