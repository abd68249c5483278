import './words'
import { PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { api, ask, type Schemas } from '@/api/client'
import { ListPage } from '@/parts/ListPage'
import { Moment } from '@/parts/Moment'
import { useMay } from '@/session'

const ListForm = lazy(() => import('./ListForm'))

export type MemberList = Schemas['ListRow']

/** Lists of members, which conditions name: who may claim, who may not. */
export default function Lists() {
  const { t } = useTranslation('delivery')
  const may = useMay()
  const go = useNavigate()
  const [params, setParams] = useSearchParams()
  const create = (on: boolean) =>
    setParams((now) => {
      if (on) now.set('new', '1')
      else now.delete('new')
      return now
    })
  return (
    <>
      <ListPage<MemberList>
        title={t('lists.title')}
        name="lists"
        rowKey="code"
        exportable="/v1/lists"
        filters={[{ key: 'search', label: t('shell:list.search') }, { key: 'archived', label: t('shell:list.archived'), options: [{ value: 'true', label: t('shell:list.archived') }] }]}
        page={({ archived, ...query }, signal) => ask(api.GET('/v1/lists', { params: { query: { ...query, ...(archived ? { archived: true } : {}) } }, signal }))}
        empty={t('lists.empty')}
        actions={
          may('member.write') && (
            <Button type="primary" icon={<PlusOutlined />} onClick={() => create(true)}>
              {t('lists.new')}
            </Button>
          )
        }
        open={(l) => void go(`/delivery/lists/${l.code}`)}
        columns={[
          { key: 'name', title: t('placement.name'), render: (_, l) => <Link to={`/delivery/lists/${l.code}`}>{l.name}</Link> },
          { key: 'code', title: t('lists.code'), render: (_, l) => <code>{l.code}</code> },
          { key: 'members', title: t('bulks.members'), className: 'numbers', render: (_, l) => l.members.toLocaleString() },
          { key: 'updated', title: t('placements.updated'), render: (_, l) => <Moment at={l.updated_at} /> },
        ]}
      />
      {params.has('new') && may('member.write') && (
        <Suspense fallback={null}>
          <ListForm close={() => create(false)} saved={(l) => void go(`/delivery/lists/${l.code}`)} />
        </Suspense>
      )}
    </>
  )
}
