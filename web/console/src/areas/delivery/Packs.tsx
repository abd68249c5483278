import './words'
import { PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { api, ask, type Schemas } from '@/api/client'
import { language } from '@/i18n'
import { ListPage } from '@/parts/ListPage'
import { Moment } from '@/parts/Moment'
import { inLanguage } from '@/parts/texts'
import { TemplateSelect } from '@/parts/RowSelect'
import { useMay } from '@/session'
import { PublishingTag } from './publishing'

const PackForm = lazy(() => import('./PackForm'))

export type Pack = Schemas['PackRow']

/** The packs of all markets. "?new=1" opens the form, "&template=" begins it with a template. */
export default function Packs() {
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
      <ListPage<Pack>
        title={t('packs.title')}
        name="packs"
        rowKey="id"
        exportable="/v1/packs"
        filters={[{ key: 'search', label: t('shell:list.search') }, { key: 'template', label: t('placement.template'), choose: TemplateSelect }, { key: 'status', label: t('form.status'), options: ['draft', 'published', 'archived'].map((value) => ({ value, label: t(`status.${value}`) })) }]}
        page={(query, signal) => ask(api.GET('/v1/packs', { params: { query: { order: 'newest', ...query, ...(query['status'] === 'archived' ? { archived: true } : {}) } }, signal }))}
        empty={t('packs.empty')}
        actions={
          may('template.write') && (
            <Button type="primary" icon={<PlusOutlined />} onClick={() => create(true)}>
              {t('packs.new')}
            </Button>
          )
        }
        open={(p) => void go(`/delivery/packs/${p.id}`)}
        columns={[
          { key: 'name', title: t('form.internalName'), render: (_, p) => <Link to={`/delivery/packs/${p.id}`}>{p.internal_name}</Link> },
          { key: 'seen', title: t('form.customerName'), render: (_, p) => inLanguage(p.customer_name, language()) },
          { key: 'state', title: t('form.status'), render: (_, p) => <PublishingTag of={p} /> },
          { key: 'parts', title: t('packs.content'), render: (_, p) => t('packs.parts', { templates: t('packs.kinds', { count: p.parts.length }), count: p.parts.reduce((n, x) => n + x.count, 0) }) },
          { key: 'to', title: t('placement.to'), hidden: true, render: (_, p) => (p.to ? <Moment at={p.to} /> : t('placement.never')) },
          { key: 'updated', title: t('placements.updated'), render: (_, p) => <Moment at={p.updated_at} /> },
        ]}
      />
      {params.has('new') && may('template.write') && (
        <Suspense fallback={null}>
          <PackForm template={params.get('template') ?? undefined} close={() => create(false)} saved={(p) => void go(`/delivery/packs/${p.id}`)} />
        </Suspense>
      )}
    </>
  )
}
