import { Alert, Card, Descriptions, Flex, Modal, Input, Progress, Skeleton, Statistic, Switch } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, ask, type Schemas } from '@/api/client'
import { useAct } from '@/api/hooks'
import { language } from '@/i18n'
import { Moment } from '@/parts/Moment'
import { useMoney } from '@/parts/money'
import { showPercent } from '@/parts/percent'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { inLanguage } from '@/parts/texts'
import { useMay } from '@/session'
import { TicketCard } from './editor/TicketCard'
import { useFunnel, type Template } from './reading'

interface Props {
  template: Template
  content?: Schemas['Doc']
  market: Schemas['MarketRow']
}

/** Overview is how a template goes: its coupons, its stock, its limits and budgets, its switches. */
export function Overview({ template, content, market }: Props) {
  const { t, i18n } = useTranslation('coupons')
  const may = useMay()
  const told = useQuery({
    queryKey: ['explanation', template.id, template.version, i18n.language, template.rev],
    queryFn: ({ signal }) => ask(api.GET('/v1/templates/{id}/explanation', { params: { path: { id: template.id } }, signal })),
  })
  return (
    <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 340px), 1fr))', gap: 16, alignItems: 'start' }}>
      {template.version > 0 && (
        <Flex vertical gap={16}>
          {may('statistics.read') && <Figures template={template} market={market} />}
          <Switches template={template} />
        </Flex>
      )}
      <Card size="small" title={t('side.sentences')}>
        {told.isPending && <Skeleton active />}
        <ProblemAlert error={told.error} />
        {told.data && (
          <>
            <TicketCard name={inLanguage(template.customer_name, language())} card={told.data.card} lines={[]} />
            <ul style={{ paddingInlineStart: 18 }}>
              {told.data.sentences.map((s, i) => (
                <li key={i}>{s.text}</li>
              ))}
            </ul>
          </>
        )}
      </Card>
      <Flex vertical gap={16}>
        <Stock template={template} content={content} market={market} />
        <Card size="small" title={t('overview.about')}>
          <Descriptions
            size="small"
            column={1}
            items={[
              { key: 'id', label: 'ID', children: <code>{template.id}</code> },
              { key: 'kind', label: t('templates.kind'), children: content ? t(`kinds.${content.terms.kind}.name`) : '–' },
              { key: 'market', label: t('templates.market'), children: `${market.name} · ${market.currency} · ${market.zone}` },
              { key: 'version', label: t('templates.version'), children: template.version || '–' },
              { key: 'made', label: t('overview.made'), children: <Moment at={template.created_at} zone={market.zone} /> },
              { key: 'changed', label: t('templates.updated'), children: <Moment at={template.updated_at} zone={market.zone} /> },
            ]}
          />
        </Card>
      </Flex>
    </div>
  )
}

function Figures({ template, market }: { template: Template; market: Schemas['MarketRow'] }) {
  const { t, i18n } = useTranslation('coupons')
  const money = useMoney()
  const funnel = useFunnel(template.id)
  const sums = useQuery({
    queryKey: ['figures', template.id],
    queryFn: ({ signal }) => ask(api.GET('/v1/statistics', { params: { query: { market: template.market, template: template.id } }, signal })),
  })
  const f = funnel.data?.total
  const part = (n: number) => (f && f.issued > 0 ? Math.round((n / f.issued) * 100) : 0)
  return (
    <Card size="small" title={t('overview.funnel')}>
      <ProblemAlert error={funnel.error ?? sums.error} again={() => void Promise.all([funnel.refetch(), sums.refetch()])} />
      {!f ? (
        <Skeleton active />
      ) : (
        <Flex vertical gap={8}>
          {(['issued', 'used', 'expired', 'withdrawn'] as const).map((k) => (
            <Flex key={k} gap={12} align="center">
              <span style={{ width: 88 }}>{t(`overview.${k}`)}</span>
              <Progress percent={k === 'issued' ? (f.unlimited || f.placed === 0 ? 100 : Math.round((f.issued / f.placed) * 100)) : part(f[k])} showInfo={false} style={{ flex: 1 }} aria-label={t(`overview.${k}`)} />
              <span className="numbers" style={{ minWidth: 90 }}>
                {f[k].toLocaleString(i18n.language)}
                {k === 'issued' && !f.unlimited && ` / ${f.placed.toLocaleString(i18n.language)}`}
              </span>
            </Flex>
          ))}
          <Flex wrap gap={24}>
            <Statistic title={t('templates.rate')} value={f.issued > 0 ? showPercent(f.redemption_bps, i18n.language) : '–'} />
            {sums.data && <Statistic title={t('overview.discount')} value={money(sums.data.totals.discount_minor - sums.data.totals.returned_minor, market.currency)} />}
            {sums.data && <Statistic title={t('overview.paid')} value={money(sums.data.totals.paid_minor, market.currency)} />}
            {sums.data && <Statistic title={t('overview.subsidy')} value={sums.data.totals.list_minor > 0 ? showPercent(sums.data.totals.subsidy_bps, i18n.language) : '–'} />}
          </Flex>
        </Flex>
      )}
    </Card>
  )
}

/** Switches stop claiming and use; each asks first and says what will happen. */
function Switches({ template }: { template: Template }) {
  const { t, i18n } = useTranslation('coupons')
  const may = useMay()
  const [asked, setAsked] = useState<'claiming' | 'use'>()
  const [reason, setReason] = useState('')
  const funnel = useFunnel(template.id, !!asked && may('statistics.read'))
  const set = useAct<{ claiming?: boolean; use?: boolean; reason?: string }>({
    run: (body) => ask(api.PUT('/v1/templates/{id}/switches', { params: { path: { id: template.id } }, body })),
    done: t('saved', { ns: 'shell' }),
    stale: [['template', template.id], ['templates']],
    then: () => {
      setAsked(undefined)
      setReason('')
    },
  })
  const off = asked ? template[asked] : false
  const key = asked && `switch.${asked}.${off ? 'off' : 'on'}`
  const total = funnel.data?.total
  const live = total && Math.max(total.issued - total.used - total.expired - total.withdrawn, 0)
  const disabled = !may('template.publish')
  return (
    <Card size="small" title={t('switch.title')}>
      <Flex vertical gap={12}>
        {(['claiming', 'use'] as const).map((k) => (
          <Flex key={k} gap={12} align="center">
            <Switch id={`switch-${k}`} checked={template[k]} disabled={disabled || (k === 'claiming' && template.status === 'archived')} onChange={() => setAsked(k)} aria-label={t(`switch.${k}.name`)} />
            <label htmlFor={`switch-${k}`}>
              {t(`switch.${k}.name`)}
              <br />
              <small className="quiet">{t(`switch.${k}.${template[k] ? 'isOn' : 'isOff'}`)}</small>
            </label>
          </Flex>
        ))}
      </Flex>
      <Modal open={!!asked} title={key && t(`${key}.title`)} okText={key && t(`${key}.ok`)} okButtonProps={{ danger: off, loading: set.isPending }} onCancel={() => setAsked(undefined)} onOk={() => asked && set.mutate({ [asked]: !template[asked], ...(reason ? { reason } : {}) })}>
        <ProblemAlert error={set.error} />
        <p>{key && t(`${key}.text`)}</p>
        {live !== undefined && <p>{t('page.out', { n: live.toLocaleString(i18n.language) })}</p>}
        <Input aria-label={t('bulk.reason')} placeholder={t('bulk.reason')} value={reason} maxLength={500} onChange={(e) => setReason(e.target.value)} />
      </Modal>
    </Card>
  )
}

/** Stock is what there is of a template: limits, batches and budgets. */
function Stock({ template, content, market }: Props) {
  const { t, i18n } = useTranslation('coupons')
  const money = useMoney()
  const may = useMay()
  const batches = useQuery({ queryKey: ['batches', 'of', template.id], queryFn: ({ signal }) => ask(api.GET('/v1/batches', { params: { query: { template: template.id, limit: 20 } }, signal })), enabled: template.version > 0 })
  const ids = content?.claim.budgets ?? []
  const budgets = useQuery({
    queryKey: ['budgets', 'of', ids],
    queryFn: ({ signal }) => Promise.all(ids.map((id) => ask(api.GET('/v1/budgets/{id}', { params: { path: { id } }, signal })))),
    enabled: ids.length > 0 && may('budget.read'),
  })
  const limits = content?.claim.limits ?? []
  const amount = (what: string, n: number) => (['issue_count', 'redeem_count'].includes(what) ? n.toLocaleString(i18n.language) : money(n, market.currency))
  return (
    <Card size="small" title={t('overview.stock')} extra={template.version > 0 && <Link to={`/coupons/batches?template=${template.id}`}>{t('overview.batches')}</Link>}>
      <ProblemAlert error={batches.error ?? budgets.error} />
      {limits.length === 0 && <p className="quiet">{t('publish.unlimited')}</p>}
      {limits.map((l, i) => (
        <Flex key={i} gap={12} justify="space-between">
          <span className="quiet">{`${t(`limits.whats.${l.what}`)} · ${t(`limits.periods.${l.period}`)} · ${t(`limits.pers.${l.per}`)}`}</span>
          <span className="numbers">{amount(l.what, l.cap)}</span>
        </Flex>
      ))}
      {(batches.data?.items ?? []).map((b) => (
        <Flex key={b.id} gap={12} align="center">
          <span style={{ flex: '0 0 40%', overflow: 'hidden', textOverflow: 'ellipsis' }}>
            <bdi>{b.name}</bdi>
          </span>
          <Progress percent={b.size > 0 ? Math.round((b.issued / b.size) * 100) : 0} showInfo={false} style={{ flex: 1 }} status={b.open ? 'normal' : 'exception'} aria-label={b.name} />
          <span className="numbers">
            {b.issued.toLocaleString(i18n.language)} / {b.size.toLocaleString(i18n.language)}
          </span>
        </Flex>
      ))}
      {(budgets.data ?? []).map((b) => (
        <Alert
          key={b.id}
          type={b.archived_at ? 'warning' : 'info'}
          style={{ marginTop: 8 }}
          title={<Link to={`/coupons/budgets?id=${b.id}`}>{b.name}</Link>}
          description={b.limits.map((l, i) => (
            <div key={i}>
              {t(`limits.whats.${l.what}`)} · {t(`limits.periods.${l.period}`)}: {b.spent[i]?.counted ? `${amount(l.what, b.spent[i].taken)} / ` : ''}
              {amount(l.what, l.cap)}
            </div>
          ))}
        />
      ))}
    </Card>
  )
}
