import './words'
import { PlusOutlined } from '@ant-design/icons'
import { Button, Dropdown, Progress, Tag } from 'antd'
import { MoreOutlined } from '@ant-design/icons'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { api, ask, type Schemas } from '@/api/client'
import { TemplateName } from '@/parts/Called'
import { ListPage } from '@/parts/ListPage'
import { Moment } from '@/parts/Moment'
import { TemplateSelect } from '@/parts/RowSelect'
import { useMay } from '@/session'
import { BatchActs, type BatchAct } from './BatchActs'
import { BatchForm } from './BatchForm'

export type Batch = Schemas['BatchRow']

/** The batches of stock, of all templates or of one. */
export default function Batches() {
  const { t, i18n } = useTranslation('coupons')
  const may = useMay()
  const [params] = useSearchParams()
  const [editing, setEditing] = useState<Batch | 'new' | undefined>(params.get('new') ? 'new' : undefined)
  const [act, setAct] = useState<{ act: BatchAct; batch: Batch }>()
  const count = (n: number) => n.toLocaleString(i18n.language)
  const acts = (b: Batch): BatchAct[] => [
    ...(may('template.write') ? (['add'] as const) : []),
    ...(may('template.publish') ? ([b.open ? 'stop' : 'go'] as const) : []),
    ...(may('coupon.withdraw') ? (['extend', 'withdraw'] as const) : []),
    ...(may('template.publish') ? (['archive'] as const) : []),
  ]
  return (
    <ListPage<Batch>
      title={t('batches.title')}
      name="batches"
      rowKey="id"
      exportable="/v1/batches"
      filters={[
        { key: 'search', label: t('batches.search') },
        { key: 'template', label: t('batches.template'), choose: TemplateSelect },
      ]}
      page={(query, signal) => ask(api.GET('/v1/batches', { params: { query: { order: 'newest', ...query } }, signal }))}
      empty={t('batches.empty')}
      actions={
        may('template.write') && (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setEditing('new')}>
            {t('batches.new')}
          </Button>
        )
      }
      columns={[
        {
          key: 'name',
          title: t('templates.name'),
          render: (_, b) =>
            may('template.write') ? (
              <Button type="link" style={{ padding: 0, height: 'auto', whiteSpace: 'normal', textAlign: 'start' }} onClick={() => setEditing(b)}>
                <bdi style={{ overflowWrap: 'anywhere', maxWidth: 280 }}>{b.name}</bdi>
              </Button>
            ) : (
              <bdi>{b.name}</bdi>
            ),
        },
        { key: 'template', title: t('batches.of'), render: (_, b) => <TemplateName id={b.template} /> },
        { key: 'state', title: t('templates.status'), render: (_, b) => <Tag color={b.archived_at ? 'default' : b.open ? 'green' : 'orange'}>{t(b.archived_at ? 'status.archived' : b.open ? 'batches.open' : 'batches.stopped')}</Tag> },
        {
          key: 'issued',
          title: t('batches.issued'),
          render: (_, b) => (
            <div style={{ minWidth: 150 }}>
              <span className="numbers">
                {count(b.issued)} / {count(b.size)}
              </span>
              <Progress percent={b.size > 0 ? Math.min(100, Math.round((b.issued / b.size) * 100)) : 0} size="small" showInfo={false} aria-label={b.name} />
            </div>
          ),
        },
        { key: 'from', title: t('window.from'), render: (_, b) => <Moment at={b.from} />, hidden: true },
        { key: 'to', title: t('batches.to'), render: (_, b) => <Moment at={b.to} /> },
        { key: 'rank', title: t('batches.rank'), render: (_, b) => b.rank ?? 0, className: 'numbers', hidden: true },
        {
          key: 'acts',
          title: t('page.more'),
          render: (_, b) =>
            !b.archived_at && (
              <Dropdown trigger={['click']} menu={{ items: acts(b).map((key) => ({ key, label: t(`batchActs.${key}.name`), danger: key === 'withdraw' || key === 'archive' })), onClick: ({ key }) => setAct({ act: key as BatchAct, batch: b }) }}>
                <Button size="small" icon={<MoreOutlined />} aria-label={t('batches.acts', { name: b.name })} />
              </Dropdown>
            ),
        },
      ]}
    >
      {editing && <BatchForm batch={editing === 'new' ? undefined : editing} template={params.get('template') ?? undefined} close={() => setEditing(undefined)} />}
      {act && <BatchActs act={act.act} batch={act.batch} close={() => setAct(undefined)} />}
    </ListPage>
  )
}
