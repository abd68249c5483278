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

const PlanForm = lazy(() => import('./PlanForm'))

export type Plan = Schemas['PlanRow']

/** The plans of share packets. "?new=1" opens the form, "&template=" says what a share becomes. */
export default function Plans() {
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
      <ListPage<Plan>
        title={t('plans.title')}
        name="plans"
        rowKey="id"
        exportable="/v1/packet-plans"
        filters={[{ key: 'search', label: t('shell:list.search') }, { key: 'template', label: t('placement.template'), choose: TemplateSelect }, { key: 'status', label: t('form.status'), options: ['draft', 'published', 'archived'].map((value) => ({ value, label: t(`status.${value}`) })) }]}
        page={(query, signal) => ask(api.GET('/v1/packet-plans', { params: { query: { order: 'newest', ...query, ...(query['status'] === 'archived' ? { archived: true } : {}) } }, signal }))}
        empty={t('plans.empty')}
        actions={
          may('template.write') && (
            <Button type="primary" icon={<PlusOutlined />} onClick={() => create(true)}>
              {t('plans.new')}
            </Button>
          )
        }
        open={(p) => void go(`/delivery/packets/${p.id}`)}
        columns={[
          { key: 'name', title: t('form.internalName'), render: (_, p) => <Link to={`/delivery/packets/${p.id}`}>{p.internal_name}</Link> },
          { key: 'seen', title: t('form.customerName'), render: (_, p) => inLanguage(p.customer_name, language()) },
          { key: 'state', title: t('form.status'), render: (_, p) => <PublishingTag of={p} /> },
          { key: 'mode', title: t('plans.mode'), render: (_, p) => t(`mode.${p.content.mode}`) },
          { key: 'shares', title: t('plans.shares'), className: 'numbers', render: (_, p) => p.content.shares },
          { key: 'updated', title: t('placements.updated'), render: (_, p) => <Moment at={p.updated_at} /> },
        ]}
      />
      {params.has('new') && may('template.write') && (
        <Suspense fallback={null}>
          <PlanForm template={params.get('template') ?? undefined} close={() => create(false)} saved={(p) => void go(`/delivery/packets/${p.id}`)} />
        </Suspense>
      )}
    </>
  )
}
