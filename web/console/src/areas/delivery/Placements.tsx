import './words'
import { PlusOutlined } from '@ant-design/icons'
import { Button, Tag } from 'antd'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { api, ask } from '@/api/client'
import { ListPage } from '@/parts/ListPage'
import { Moment } from '@/parts/Moment'
import { useMoney } from '@/parts/money'
import { inLanguage } from '@/parts/texts'
import { language } from '@/i18n'
import { TemplateSelect } from '@/parts/RowSelect'
import { useMay } from '@/session'
import { share } from './share'
import { stateColours, stateOf, type Placement } from './state'

// The form comes when somebody wants it.
const PlacementForm = lazy(() => import('./PlacementForm'))

/** The placements of all markets. "?new=1" opens the form, "&template=" or "&pack=" fill it. */
export default function Placements() {
  const { t } = useTranslation('delivery')
  const may = useMay()
  const money = useMoney()
  const counts = may('statistics.read')
  const go = useNavigate()
  const [params, setParams] = useSearchParams()
  const create = (on: boolean) =>
    setParams((now) => {
      if (on) now.set('new', '1')
      else for (const k of ['new', 'template', 'pack', 'channel']) now.delete(k)
      return now
    })
  const add = may('reference.write') && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => create(true)}>
      {t('placement.new')}
    </Button>
  )
  return (
    <>
      <ListPage<Placement>
        title={t('placements.title')}
        name="placements"
        rowKey="id"
        exportable="/v1/placements"
        filters={[{ key: 'search', label: t('shell:list.search') }, { key: 'template', label: t('placement.template'), choose: TemplateSelect }, { key: 'archived', label: t('shell:list.archived'), options: [{ value: 'true', label: t('shell:list.archived') }] }]}
        page={({ archived, ...query }, signal) => ask(api.GET('/v1/placements', { params: { query: { order: 'newest', ...query, ...(archived ? { archived: true } : {}), ...(counts ? { figures: true } : {}) } }, signal }))}
        empty={t('placements.empty')}
        actions={add}
        open={(p) => void go(`/delivery/placements/${p.id}`)}
        columns={[
          { key: 'name', title: t('placement.name'), render: (_, p) => <Link to={`/delivery/placements/${p.id}`}>{p.name}</Link> },
          { key: 'state', title: t('placements.state'), render: (_, p) => <Tag color={stateColours[stateOf(p, Date.now())]}>{t(`state.${stateOf(p, Date.now())}`)}</Tag> },
          {
            key: 'offers',
            title: t('placement.offers'),
            render: (_, p) => (
              <>
                {inLanguage(p.offers?.customer_name, language()) || p.offers?.internal_name} {p.pack && <Tag>{t('placement.aPack')}</Tag>}
              </>
            ),
          },
          { key: 'channel', title: t('placement.channel'), render: (_, p) => t(`shell:channel.${p.channel}`, p.channel) },
          ...(counts
            ? [
                { key: 'issued', title: t('figures.issued'), className: 'numbers', render: (_: unknown, p: Placement) => p.figures?.issued.toLocaleString() },
                { key: 'used', title: t('figures.used'), className: 'numbers', render: (_: unknown, p: Placement) => p.figures?.coupons_used.toLocaleString() },
                { key: 'rate', title: t('figures.rate'), className: 'numbers', render: (_: unknown, p: Placement) => (p.figures ? share(p.figures.redemption_bps) : '') },
                { key: 'cost', title: t('figures.cost'), className: 'numbers', render: (_: unknown, p: Placement) => (p.figures ? money(p.figures.discount_minor - p.figures.returned_minor, p.currency ?? 'CNY') : '') },
                { key: 'paid', title: t('figures.paid'), className: 'numbers', hidden: true, render: (_: unknown, p: Placement) => (p.figures ? money(p.figures.paid_minor, p.currency ?? 'CNY') : '') },
              ]
            : []),
          { key: 'cap', title: t('placement.cap'), className: 'numbers', hidden: true, render: (_, p) => (p.cap ? p.cap.toLocaleString() : t('placement.noCap')) },
          { key: 'from', title: t('placement.from'), render: (_, p) => (p.from ? <Moment at={p.from} /> : t('placement.atOnce')) },
          { key: 'to', title: t('placement.to'), render: (_, p) => (p.to ? <Moment at={p.to} /> : t('placement.never')) },
          { key: 'updated', title: t('placements.updated'), hidden: true, render: (_, p) => <Moment at={p.updated_at} /> },
        ]}
      />
      {params.has('new') && may('reference.write') && (
        <Suspense fallback={null}>
          <PlacementForm
            template={params.get('template') ?? undefined}
            pack={params.get('pack') ?? undefined}
            channel={params.get('channel') ?? undefined}
            close={() => create(false)}
            saved={(p) => void go(`/delivery/placements/${p.id}`)}
          />
        </Suspense>
      )}
    </>
  )
}
