import './words'
import { PlusOutlined } from '@ant-design/icons'
import { Button, Progress, Tag } from 'antd'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { api, ask, type Schemas } from '@/api/client'
import { ListPage } from '@/parts/ListPage'
import { Moment } from '@/parts/Moment'
import { TemplateSelect } from '@/parts/RowSelect'

const BulkForm = lazy(() => import('./BulkForm'))

export type Bulk = Schemas['BulkRow']

/** What a bulk grant is just now, in a word for people. */
export function bulkState(b: Pick<Bulk, 'phase' | 'state'>): string {
  if (b.phase === 'undone') return 'undone'
  if (b.phase === 'ready' && b.state === 'paused') return 'ready' // it waits for a word
  if (b.state === 'paused' || b.state === 'cancelled' || b.state === 'discarded') return b.state
  if (b.state === 'scheduled' && b.phase === 'issuing') return 'scheduled'
  return b.phase
}

const colours: Record<string, string> = { rehearsing: 'blue', uploading: 'blue', issuing: 'blue', ready: 'orange', scheduled: 'blue', paused: 'orange', cancelled: 'default', discarded: 'red', done: 'green', undone: 'default' }

export function BulkTag({ of }: { of: Bulk }) {
  const { t } = useTranslation('delivery')
  const is = bulkState(of)
  return <Tag color={colours[is]}>{t(`bulkState.${is}`)}</Tag>
}

/** running reports whether a bulk grant gets on by itself, so that its page has to look again. */
export const running = (b: Bulk) => ['available', 'running', 'retryable', 'scheduled'].includes(b.state) && ['uploading', 'rehearsing', 'issuing'].includes(b.phase)

export const percentOf = (b: Pick<Bulk, 'done' | 'total'>) => (b.total ? Math.min(100, Math.floor((b.done / b.total) * 100)) : 0)

/** The bulk grants, newest first. "?new=1" opens the form, "&template=" says what is granted. */
export default function Bulks() {
  const { t } = useTranslation('delivery')
  const go = useNavigate()
  const [params, setParams] = useSearchParams()
  const create = (on: boolean) =>
    setParams((now) => {
      if (on) now.set('new', '1')
      else for (const k of ['new', 'template']) now.delete(k)
      return now
    })
  return (
    <>
      <ListPage<Bulk>
        title={t('bulks.title')}
        name="bulks"
        rowKey="id"
        exportable="/v1/bulk-grants"
        filters={[{ key: 'template', label: t('placement.template'), choose: TemplateSelect }]}
        page={(query, signal) => ask(api.GET('/v1/bulk-grants', { params: { query }, signal }))}
        empty={t('bulks.empty')}
        actions={
          <Button type="primary" icon={<PlusOutlined />} onClick={() => create(true)}>
            {t('bulks.new')}
          </Button>
        }
        open={(b) => void go(`/delivery/grants/${b.id}`)}
        columns={[
          { key: 'name', title: t('placement.name'), render: (_, b) => <Link to={`/delivery/grants/${b.id}`}>{b.name}</Link> },
          { key: 'state', title: t('form.status'), render: (_, b) => <BulkTag of={b} /> },
          { key: 'audience', title: t('bulks.audience'), render: (_, b) => t(`audience.${b.audience}`) },
          { key: 'progress', title: t('bulks.progress'), width: 140, render: (_, b) => <Progress size="small" percent={b.phase === 'done' ? 100 : percentOf(b)} aria-label={t('bulks.progress')} /> },
          { key: 'granted', title: t('bulks.granted'), className: 'numbers', render: (_, b) => b.result.granted.toLocaleString() },
          { key: 'at', title: t('bulks.at'), render: (_, b) => <Moment at={b.created_at} /> },
        ]}
      />
      {params.has('new') && (
        <Suspense fallback={null}>
          <BulkForm template={params.get('template') ?? undefined} close={() => create(false)} saved={(b) => void go(`/delivery/grants/${b.id}`)} />
        </Suspense>
      )}
    </>
  )
}
