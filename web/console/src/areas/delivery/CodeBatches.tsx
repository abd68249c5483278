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
import { useMay } from '@/session'

const CodeBatchForm = lazy(() => import('./CodeBatchForm'))

export type CodeBatch = Schemas['CodeBatchRow']

/** What a batch of codes is just now. */
export function codeState(b: Pick<CodeBatch, 'revoked' | 'from' | 'to'>, now: number): 'revoked' | 'early' | 'over' | 'open' {
  if (b.revoked) return 'revoked'
  if (b.from && now < Date.parse(b.from)) return 'early'
  if (b.to && now >= Date.parse(b.to)) return 'over'
  return 'open'
}

const colours = { revoked: 'red', early: 'blue', over: 'default', open: 'green' } as const

export function CodeStateTag({ of }: { of: CodeBatch }) {
  const { t } = useTranslation('delivery')
  const is = codeState(of, Date.now())
  return <Tag color={colours[is]}>{t(`codeState.${is}`)}</Tag>
}

/** The batches of exchange codes. "?new=1" opens the form, "&template=" says what codes turn into. */
export default function CodeBatches() {
  const { t } = useTranslation('delivery')
  const may = useMay()
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
      <ListPage<CodeBatch>
        title={t('codes.title')}
        name="codes"
        rowKey="id"
        exportable="/v1/code-batches"
        filters={[{ key: 'search', label: t('shell:list.search') }, { key: 'template', label: t('placement.template'), choose: TemplateSelect }, { key: 'kind', label: t('codes.kind'), options: ['generated', 'word', 'imported'].map((value) => ({ value, label: t(`codeKind.${value}`) })) }]}
        page={(query, signal) => ask(api.GET('/v1/code-batches', { params: { query: { order: 'newest', ...query } }, signal }))}
        empty={t('codes.empty')}
        actions={
          may('code.write') && (
            <Button type="primary" icon={<PlusOutlined />} onClick={() => create(true)}>
              {t('codes.new')}
            </Button>
          )
        }
        open={(b) => void go(`/delivery/codes/${b.id}`)}
        columns={[
          { key: 'name', title: t('placement.name'), render: (_, b) => <Link to={`/delivery/codes/${b.id}`}>{b.name}</Link> },
          { key: 'state', title: t('form.status'), render: (_, b) => <CodeStateTag of={b} /> },
          { key: 'kind', title: t('codes.kind'), render: (_, b) => (b.kind === 'word' ? `${t('codeKind.word')} · ${b.word}` : t(`codeKind.${b.kind}`)) },
          { key: 'codes', title: t('codes.codes'), className: 'numbers', render: (_, b) => b.codes.toLocaleString() },
          { key: 'used', title: t('codes.used'), className: 'numbers', render: (_, b) => b.used.toLocaleString() },
          {
            key: 'progress',
            title: t('codes.share'),
            width: 140,
            render: (_, b) => <Progress size="small" percent={b.codes ? Math.round((b.used / b.codes) * 1000) / 10 : 0} aria-label={t('codes.share')} />,
          },
          { key: 'updated', title: t('placements.updated'), render: (_, b) => <Moment at={b.updated_at} /> },
        ]}
      />
      {params.has('new') && may('code.write') && (
        <Suspense fallback={null}>
          <CodeBatchForm template={params.get('template') ?? undefined} close={() => create(false)} saved={(b) => void go(`/delivery/codes/${b.id}`)} />
        </Suspense>
      )}
    </>
  )
}
