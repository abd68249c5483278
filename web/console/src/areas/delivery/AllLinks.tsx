import './words'
import { PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link as RouteLink, useSearchParams } from 'react-router'
import { api, ask } from '@/api/client'
import { ListPage } from '@/parts/ListPage'
import { TemplateSelect } from '@/parts/RowSelect'
import { useMay } from '@/session'
import type { Link } from './LinkForm'
import { LinkOpened, type Opened } from './LinkOpened'
import { useLinkColumns } from './linkcolumns'

const LinkForm = lazy(() => import('./LinkForm'))

/** The links of all placements. "?new=1" opens the form, "&template=" or "&pack=" say what a new one offers. */
export default function AllLinks() {
  const { t } = useTranslation('delivery')
  const may = useMay()
  const counts = may('statistics.read')
  const [params, setParams] = useSearchParams()
  const [opened, open] = useState<Opened>()
  const create = (on: boolean) =>
    setParams((now) => {
      if (on) now.set('new', '1')
      else for (const k of ['new', 'template', 'pack']) now.delete(k)
      return now
    })
  const [name, ...rest] = useLinkColumns(open)
  return (
    <>
      <ListPage<Link>
        title={t('links.all')}
        name="links"
        rowKey="id"
        exportable={`/v1/links${counts ? '?figures=true' : ''}`}
        filters={[{ key: 'search', label: t('links.search') }, { key: 'template', label: t('placement.template'), choose: TemplateSelect }]}
        page={(query, signal) => ask(api.GET('/v1/links', { params: { query: { ...query, ...(counts ? { figures: true } : {}) } }, signal }))}
        empty={t('links.empty')}
        actions={
          may('reference.write') && (
            <Button type="primary" icon={<PlusOutlined />} onClick={() => create(true)}>
              {t('links.new')}
            </Button>
          )
        }
        columns={[
          ...(name ? [name] : []),
          {
            key: 'placement',
            title: t('links.placement'),
            render: (_, l) => (
              <RouteLink to={`/delivery/placements/${l.placement}`}>
                <bdi>{l.placement_name ?? l.placement}</bdi>
              </RouteLink>
            ),
          },
          ...rest,
        ]}
      />
      {params.has('new') && may('reference.write') && (
        <Suspense fallback={null}>
          <LinkForm
            template={params.get('template') ?? undefined}
            pack={params.get('pack') ?? undefined}
            close={() => create(false)}
            saved={(l) => {
              create(false)
              open({ link: l, as: 'code' })
            }}
          />
        </Suspense>
      )}
      <LinkOpened opened={opened} writes={may('reference.write')} close={() => open(undefined)} />
    </>
  )
}
