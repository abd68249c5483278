import './words'
import { PlusOutlined } from '@ant-design/icons'
import { Button, Tag } from 'antd'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { api, ask, type Schemas } from '@/api/client'
import { language } from '@/i18n'
import { ListPage } from '@/parts/ListPage'
import { useMarkets } from '@/parts/market'
import { Moment } from '@/parts/Moment'
import { showPercent } from '@/parts/percent'
import { inLanguage } from '@/parts/texts'
import { useMay } from '@/session'
import { BulkActs } from './BulkActs'
import type { Template } from './reading'

const colours: Record<Template['status'], string> = { draft: 'default', published: 'green', archived: 'red' }

/** StatusTag says how a template stands. */
export function StatusTag({ row }: { row: Pick<Template, 'status' | 'claiming'> }) {
  const { t } = useTranslation('coupons')
  const paused = row.status === 'published' && !row.claiming
  return <Tag color={paused ? 'orange' : colours[row.status]}>{t(`status.${paused ? 'paused' : row.status}`)}</Tag>
}

/** useFigures are the figures of the templates of a page, by id: one request for each market on it. */
function useFigures(rows: Template[], enabled: boolean) {
  const live = rows.filter((r) => r.version > 0)
  const asked = [...new Set(live.map((r) => r.market))].map((market) => ({ market, ids: live.filter((r) => r.market === market).map((r) => r.id) }))
  return useQuery<Map<string, Schemas['ValuesRow']>>({
    queryKey: ['figures', asked],
    enabled: enabled && asked.length > 0,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const found = new Map<string, Schemas['ValuesRow']>()
      for (const { market, ids } of asked)
        for (let i = 0; i < ids.length; i += 100) {
          const query = { market, templates: ids.slice(i, i + 100).join(','), group_by: 'template' }
          const report = await ask(api.GET('/v1/statistics', { params: { query }, signal }))
          for (const r of report.rows) if (r.template) found.set(r.template, r.values)
        }
      return found
    },
  })
}

/** The templates of all markets, with what became of their coupons. */
export default function Templates() {
  const { t, i18n } = useTranslation('coupons')
  const may = useMay()
  const go = useNavigate()
  const markets = useMarkets()
  const [rows, setRows] = useState<Template[]>([])
  const [chosen, setChosen] = useState<Template[]>([])
  const figures = useFigures(rows, may('statistics.read'))
  const count = (n: number | undefined) => (n ?? 0).toLocaleString(i18n.language)
  const number = (pick: (v: Schemas['ValuesRow']) => string) => (_: unknown, r: Template) => {
    const v = figures.data?.get(r.id)
    return r.version === 0 ? '–' : v ? pick(v) : figures.isPending ? '…' : pick({ issued: 0, coupons_used: 0, redemption_bps: 0 } as Schemas['ValuesRow'])
  }
  const several = markets.length > 1
  return (
    <ListPage<Template>
      title={t('templates.title')}
      name="templates"
      rowKey="id"
      exportable="/v1/templates"
      filters={[
        { key: 'search', label: t('templates.search') },
        { key: 'status', label: t('templates.status'), options: ['draft', 'published', 'archived'].map((value) => ({ value, label: t(`status.${value}`) })) },
        ...(several ? [{ key: 'market', label: t('templates.market'), options: markets.map((m) => ({ value: m.code, label: m.name })) }] : []),
      ]}
      page={(query, signal) => ask(api.GET('/v1/templates', { params: { query: { order: 'newest', ...query, ...(query.status === 'archived' ? { archived: true } : {}) } }, signal }))}
      empty={t('templates.empty')}
      actions={
        may('template.write') && (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => void go('/coupons/templates/new')}>
            {t('templates.new')}
          </Button>
        )
      }
      loaded={setRows}
      selection={may('template.publish') ? { chosen, choose: setChosen } : undefined}
      columns={[
        {
          key: 'name',
          title: t('templates.name'),
          render: (_, r) => (
            <div style={{ maxWidth: 360, minWidth: 160 }}>
              <Link to={`/coupons/templates/${r.id}`} style={{ display: 'block', overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }} title={r.internal_name}>
                <bdi>{inLanguage(r.customer_name, language()) || r.internal_name}</bdi>
              </Link>
              <small className="quiet" style={{ display: 'block', overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
                <bdi>{r.internal_name}</bdi>
              </small>
            </div>
          ),
        },
        { key: 'code', title: t('templates.code'), dataIndex: 'code', hidden: true },
        { key: 'market', title: t('templates.market'), render: (_, r) => markets.find((m) => m.code === r.market)?.name ?? r.market, hidden: !several },
        { key: 'status', title: t('templates.status'), render: (_, r) => <StatusTag row={r} /> },
        { key: 'issued', title: t('templates.issued'), className: 'numbers', render: number((v) => count(v.issued)) },
        { key: 'used', title: t('templates.used'), className: 'numbers', render: number((v) => count(v.coupons_used)) },
        { key: 'rate', title: t('templates.rate'), className: 'numbers', render: number((v) => (v.issued > 0 ? showPercent(v.redemption_bps, i18n.language) : '–')) },
        { key: 'version', title: t('templates.version'), dataIndex: 'version', className: 'numbers', hidden: true },
        { key: 'updated', title: t('templates.updated'), render: (_, r) => <Moment at={r.updated_at} /> },
      ]}
    >
      <BulkActs chosen={chosen} done={() => setChosen([])} />
    </ListPage>
  )
}
