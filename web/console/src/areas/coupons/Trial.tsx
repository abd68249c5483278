import { Alert, Button, Card, Descriptions, Flex, InputNumber, Progress, Table, Tag } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask, type Schemas } from '@/api/client'
import { PercentInput } from '@/parts/PercentInput'
import { useMoney } from '@/parts/money'
import { showPercent } from '@/parts/percent'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { SaveButton } from '@/parts/SaveButton'
import type { Template } from './reading'

/** Trial says what a template would have done, and where it makes prices too low. Neither writes anything. */
export function Trial({ template }: { template: Template }) {
  return (
    <Flex vertical gap="large">
      <DryRun template={template} />
      <Lowest template={template} />
    </Flex>
  )
}

/** usePieces asks piece by piece until all is done, or somebody stops it, or the page is left. */
function usePieces<T>(next: (before: T | undefined) => Promise<T>, done: (piece: T) => boolean) {
  const [piece, setPiece] = useState<T>()
  const [error, setError] = useState<unknown>()
  const [running, setRunning] = useState(false)
  const stopped = useRef(false)
  useEffect(() => () => void (stopped.current = true), [])
  const run = async (from?: T) => {
    stopped.current = false
    setRunning(true)
    setError(undefined)
    let now = from
    try {
      do {
        now = await next(now)
        if (stopped.current) break
        setPiece(now)
      } while (!done(now))
    } catch (e) {
      if (!stopped.current) setError(e)
    }
    setRunning(false)
  }
  return { piece, error, running, start: () => void run(), goOn: () => void run(piece), stop: () => (stopped.current = true) }
}

function DryRun({ template }: { template: Template }) {
  const { t, i18n } = useTranslation('coupons')
  const money = useMoney()
  const [days, setDays] = useState(30)
  const run = usePieces<Schemas['DryRunRow']>(
    (before) => ask(api.POST('/v1/templates/{id}/dry-run', { params: { path: { id: template.id } }, body: { days, orders: 10_000, ...(before?.cursor ? { cursor: before.cursor } : {}) } })),
    (p) => p.progress.done,
  )
  const p = run.piece
  const count = (n: number) => n.toLocaleString(i18n.language)
  const m = (n: number) => (p ? money(n, p.currency) : '')
  return (
    <Card size="small" title={t('trial.dryRun')}>
      <p className="quiet">{t('trial.dryRunAbout')}</p>
      <Flex gap="small" align="center" wrap>
        <label htmlFor="trial-days">{t('trial.days')}</label>
        <InputNumber id="trial-days" min={1} max={366} precision={0} value={days} disabled={run.running} onChange={(n) => setDays(n ?? 30)} />
        <Button type="primary" loading={run.running} onClick={run.start}>
          {t('trial.start')}
        </Button>
        {run.running && <Button onClick={run.stop}>{t('trial.stop')}</Button>}
        {!run.running && p && !p.progress.done && <Button onClick={run.goOn}>{t('trial.goOn')}</Button>}
      </Flex>
      {p && <Progress percent={p.progress.done ? 100 : Math.min(99, Math.round((p.progress.read / Math.max(p.progress.known, 1)) * 100))} style={{ marginTop: 8 }} aria-label={t('trial.progress')} />}
      <ProblemAlert error={run.error} again={run.goOn} />
      {p && (
        <Flex vertical gap="middle" role="status">
          <Descriptions
            size="small"
            bordered
            column={{ xs: 1, md: 2 }}
            items={[
              { key: 'version', label: t('templates.version'), children: p.version || t('versions.draft') },
              { key: 'priced', label: t('trial.priced'), children: p.progress.every > 1 ? t('trial.sample', { n: count(p.orders.priced), every: p.progress.every }) : count(p.orders.priced) },
              { key: 'applied', label: t('trial.applied'), children: count(p.orders.applied) },
              { key: 'discount', label: t('trial.discount'), children: `${m(p.orders.discount_minor)} / ${m(p.orders.list_minor)}` },
              { key: 'half', label: t('trial.half'), children: m(p.orders.p50_minor) },
              { key: 'most', label: t('trial.most'), children: m(p.orders.p95_minor) },
              { key: 'worst', label: t('trial.worst'), children: p.orders.worst_order ? `${m(p.orders.worst_minor)} (${p.orders.worst_order})` : '–' },
              { key: 'below', label: t('trial.below'), children: t('trial.of', { n: count(p.orders.below_cost), of: count(p.orders.costed) }) },
              { key: 'zero', label: t('trial.zero'), children: count(p.orders.zero) },
              { key: 'items', label: t('trial.items'), children: t('trial.itemsOf', { n: count(p.items.in_scope), below: count(p.items.below), floored: count(p.items.floored) }) },
              { key: 'lowest', label: t('trial.lowestItem'), children: p.items.worst_sku ? `${showPercent(p.items.worst_bps, i18n.language)} (${p.items.worst_sku})` : '–' },
            ]}
          />
          {p.limits.map((l, i) => (
            <Alert
              key={i}
              type={l.over ? 'warning' : 'success'}
              showIcon
              title={`${t(`limits.whats.${l.what}`)} · ${t(`limits.periods.${l.period}`)}`}
              description={t(l.over ? 'trial.over' : 'trial.within', { need: l.what.endsWith('count') ? count(l.forecast) : m(l.forecast), cap: l.what.endsWith('count') ? count(l.cap) : m(l.cap) })}
            />
          ))}
        </Flex>
      )}
    </Card>
  )
}

interface Looked {
  last: Schemas['LowestBody']
  looked: number
  inScope: number
  warnings: Schemas['WarningRow'][]
}

/** As many of the worst prices are shown. */
const shown = 200

function Lowest({ template }: { template: Template }) {
  const { t, i18n } = useTranslation('coupons')
  const money = useMoney()
  const [floor, setFloor] = useState<number>()
  const run = usePieces<Looked>(
    async (before) => {
      const query = { ...(floor ? { floor_bps: floor } : {}), ...(before?.last.next_cursor ? { cursor: before.last.next_cursor } : {}) }
      const last = await ask(api.GET('/v1/templates/{id}/lowest-prices', { params: { path: { id: template.id }, query } }))
      const warnings = [...(before?.warnings ?? []), ...last.warnings].sort((a, b) => b.short_bps - a.short_bps).slice(0, shown)
      return { last, looked: (before?.looked ?? 0) + last.looked, inScope: (before?.inScope ?? 0) + last.in_scope, warnings }
    },
    (p) => !p.last.next_cursor,
  )
  const p = run.piece
  const m = (n: number) => (p ? money(n, p.last.currency) : '')
  return (
    <Card size="small" title={t('trial.lowest')}>
      <p className="quiet">{t('trial.lowestAbout')}</p>
      <Flex gap="small" align="center" wrap>
        <label htmlFor="trial-floor">{t('trial.floor')}</label>
        <PercentInput id="trial-floor" value={floor} onChange={setFloor} disabled={run.running} />
        <Button type="primary" loading={run.running} onClick={run.start}>
          {t('trial.look')}
        </Button>
        {run.running && <Button onClick={run.stop}>{t('trial.stop')}</Button>}
        {!run.running && p?.last.next_cursor && <Button onClick={run.goOn}>{t('trial.goOn')}</Button>}
      </Flex>
      <ProblemAlert error={run.error} again={run.goOn} />
      {p && (
        <Flex vertical gap="small" style={{ marginTop: 12 }}>
          <span role="status">{t('trial.looked', { n: p.looked.toLocaleString(i18n.language), scope: p.inScope.toLocaleString(i18n.language), others: p.last.others })}</span>
          {p.last.partial && <Alert type="info" title={t('trial.partial')} />}
          {p.warnings.length === 0 ? (
            <Alert type="success" showIcon title={t(p.last.next_cursor ? 'trial.noneYet' : 'trial.none')} />
          ) : (
            <>
              <Flex justify="end">
                <SaveButton size="small" name="lowest-prices" rows={() => [['sku', 'name', 'list_minor', 'floor_minor', 'unit_minor', 'quantity', 'this_template', 'currency'], ...p.warnings.map((w) => [w.sku, w.name, String(w.list_minor), String(w.floor_minor), String(w.unit_minor), String(w.quantity), String(!!w.involved), p.last.currency])]} />
              </Flex>
              <Table
                size="small"
                rowKey="sku"
                pagination={{ pageSize: 20, hideOnSinglePage: true }}
                scroll={{ x: 'max-content' }}
                dataSource={p.warnings}
                columns={[
                  { key: 'sku', title: t('trial.item'), render: (_, w) => <span><bdi>{w.name}</bdi> <small className="quiet">{w.sku}</small></span> },
                  { key: 'list', title: t('trial.list'), className: 'numbers', render: (_, w) => m(w.list_minor) },
                  { key: 'floor', title: t('trial.floorOf'), className: 'numbers', render: (_, w) => m(w.floor_minor) },
                  { key: 'unit', title: t('trial.unit'), className: 'numbers', render: (_, w) => <strong>{m(w.unit_minor)}</strong> },
                  { key: 'quantity', title: t('trial.quantity'), className: 'numbers', dataIndex: 'quantity' },
                  { key: 'involved', title: t('trial.cause'), render: (_, w) => <Tag color={w.involved ? 'red' : 'default'}>{t(w.involved ? 'trial.mine' : 'trial.others')}</Tag> },
                ]}
              />
            </>
          )}
        </Flex>
      )}
    </Card>
  )
}
