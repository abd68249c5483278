import './words'
import { Alert, Badge, Card, Col, Empty, Flex, Progress, Row, Skeleton, Statistic, Table, Typography } from 'antd'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { Moment } from '@/parts/Moment'
import { PlacementsSelect, TemplatesSelect } from '@/parts/RowSelect'
import { Chart } from './Chart'
import { useFormat } from '@/parts/format'

interface Figures {
  name: string
  issued: number
  used: number
  left: number
  unlimited: boolean
  issued_milli: number
}

/** Sample is what an event of the stream carries. */
export interface Sample {
  at: string
  templates: (Figures & { template: string })[]
  placements: (Figures & { placement: string; template: string })[]
  refusals: { code: string; title: string; count: number; count_milli: number }[]
  budgets: { budget: string; name: string; taken: number; cap: number; left: number; used_bps: number; amount: boolean; currency: string }[]
}

const kept = 120

/** useBoard listens to the stream of templates and placements; the browser connects again by itself. */
function useBoard(templates: string[], placements: string[]) {
  const [samples, setSamples] = useState<Sample[]>([])
  const [state, setState] = useState<'waiting' | 'live' | 'lost' | 'ended'>('waiting')
  const watched = `${templates.join(',')}|${placements.join(',')}`
  useEffect(() => {
    setSamples([])
    setState('waiting')
    const [t, p] = watched.split('|')
    if (!t && !p) return
    const query = new URLSearchParams({ ...(t ? { template: t } : {}), ...(p ? { placement: p } : {}) })
    const stream = new EventSource(`/v1/board?${query}`)
    stream.addEventListener('sample', (e: MessageEvent<string>) => {
      const s = JSON.parse(e.data) as Sample
      setState('live')
      setSamples((now) => [...now.slice(1 - kept), s])
    })
    stream.addEventListener('end', () => {
      stream.close()
      setState('ended')
    })
    stream.onerror = () => setState(stream.readyState === EventSource.CLOSED ? 'ended' : 'lost')
    return () => stream.close()
  }, [watched])
  return { samples, state }
}

/** What happens now to chosen templates and placements: claims a second, stock, refusals, budgets. */
export default function Board() {
  const { t } = useTranslation('reports')
  const f = useFormat()
  const [params, setParams] = useSearchParams()
  const templates = useMemo(() => params.get('template')?.split(',').filter(Boolean) ?? [], [params])
  const placements = useMemo(() => params.get('placement')?.split(',').filter(Boolean) ?? [], [params])
  const { samples, state } = useBoard(templates, placements)
  const now = samples.at(-1)
  const put = (key: string, ids: string[]) =>
    setParams(
      (p) => {
        if (ids.length) p.set(key, ids.slice(0, 20).join(','))
        else p.delete(key)
        return p
      },
      { replace: true },
    )
  const drawn = useMemo(() => {
    const names = new Map<string, string>()
    for (const s of samples) for (const x of s.templates) names.set(x.template, x.name)
    return {
      times: samples.map((s) => s.at.slice(11, 19)),
      series: [...names].map(([id, name]) => ({ name, data: samples.map((s) => (s.templates.find((x) => x.template === id)?.issued_milli ?? 0) / 1000) })),
    }
  }, [samples])
  const perSecond = useMemo(() => (n: number) => f.perSecond(n * 1000), [f])
  const chosen = templates.length + placements.length > 0
  const rows: { key: string; what: string; name: string; figures: Figures }[] = [
    ...(now?.templates ?? []).map((x) => ({ key: x.template, what: t('dim.template'), name: x.name, figures: x })),
    ...(now?.placements ?? []).map((x) => ({ key: x.placement, what: t('dim.placement'), name: x.name, figures: x })),
  ]
  const sum = (pick: (x: Figures) => number) => (now?.templates ?? []).reduce((n, x) => n + pick(x), 0)
  return (
    <section aria-labelledby="board-title">
      <Flex wrap align="center" gap="middle" style={{ marginBottom: 16 }}>
        <Typography.Title level={1} id="board-title" style={{ fontSize: 24, margin: 0 }}>
          {t('board.title')}
        </Typography.Title>
        {chosen && <Badge status={state === 'live' ? 'success' : state === 'waiting' ? 'processing' : 'warning'} text={<span role="status">{t(`board.${state}`)}</span>} />}
        {now && <Moment at={now.at} seconds />}
      </Flex>
      <Flex wrap gap="small" style={{ marginBottom: 16 }}>
        <TemplatesSelect aria-label={t('board.templates')} placeholder={t('board.templates')} maxCount={20} value={templates} style={{ minWidth: 280, flex: 1, maxWidth: 560 }} onChange={(ids) => put('template', ids)} />
        <PlacementsSelect aria-label={t('board.placements')} placeholder={t('board.placements')} maxCount={20} value={placements} style={{ minWidth: 280, flex: 1, maxWidth: 560 }} onChange={(ids) => put('placement', ids)} />
      </Flex>
      {!chosen && <Empty description={t('board.choose')} />}
      {state === 'ended' && <Alert role="alert" type="warning" showIcon title={t('board.endedText')} style={{ marginBottom: 16 }} />}
      {chosen && !now && state !== 'ended' && <Skeleton active paragraph={{ rows: 8 }} />}
      {now && (
        <>
          <Row gutter={[16, 16]} style={{ marginBottom: 16 }}>
            {(
              [
                ['perSecond', f.perSecond(sum((x) => x.issued_milli))],
                ['issuedToday', f.count(sum((x) => x.issued))],
                ['usedToday', f.count(sum((x) => x.used))],
                ['left', now.templates.some((x) => x.unlimited) ? '∞' : f.count(sum((x) => x.left))],
              ] as const
            ).map(([k, v]) => (
              <Col key={k} xs={12} md={6}>
                <Card size="small">
                  <Statistic title={t(`board.${k}`)} value={v} />
                </Card>
              </Col>
            ))}
          </Row>
          <Card title={t('board.perSecond')} style={{ marginBottom: 16 }}>
            <Chart label={t('board.perSecond')} categories={drawn.times} series={drawn.series} left={perSecond} height={260} />
          </Card>
          <Row gutter={[16, 16]}>
            <Col xs={24} xl={14}>
              <Card title={t('board.now')}>
                <div role="region" aria-label={t('board.now')} tabIndex={0} style={{ overflowX: 'auto' }}>
                <Table
                  size="small"
                  pagination={false}
                  style={{ minWidth: 'max-content' }}
                  rowKey="key"
                  dataSource={rows}
                  columns={[
                    { title: t('board.what'), render: (_, r) => r.what },
                    { title: t('board.name'), render: (_, r) => r.name },
                    { title: t('board.perSecond'), align: 'right', render: (_, r) => f.perSecond(r.figures.issued_milli) },
                    { title: t('board.issuedToday'), align: 'right', render: (_, r) => f.count(r.figures.issued) },
                    { title: t('board.usedToday'), align: 'right', render: (_, r) => f.count(r.figures.used) },
                    { title: t('board.left'), align: 'right', render: (_, r) => (r.figures.unlimited ? '∞' : f.count(r.figures.left)) },
                  ]}
                />
                </div>
              </Card>
            </Col>
            <Col xs={24} xl={10}>
              <Card title={t('board.refusals')} style={{ marginBottom: 16 }}>
                <Table
                  size="small"
                  pagination={false}
                  rowKey="code"
                  dataSource={now.refusals.slice(0, 10)}
                  locale={{ emptyText: <span style={{ color: 'var(--ant-color-text-secondary)' }}>{t('refusals.none')}</span> }}
                  columns={[
                    { title: t('reason'), render: (_, r) => r.title },
                    { title: t('v.count'), align: 'right', render: (_, r) => f.count(r.count) },
                    { title: t('board.rate'), align: 'right', render: (_, r) => f.perSecond(r.count_milli) },
                  ]}
                />
              </Card>
              {now.budgets.length > 0 && (
                <Card title={t('board.budgets')}>
                  {now.budgets.map((b) => (
                    <div key={b.budget}>
                      <Flex justify="space-between">
                        <span>{b.name}</span>
                        <span>{t('board.budgetLeft', { left: b.amount ? f.money(b.left, b.currency) : f.count(b.left) })}</span>
                      </Flex>
                      <Progress aria-label={b.name} percent={Math.round(b.used_bps / 100)} status={b.used_bps >= 10_000 ? 'exception' : 'normal'} />
                    </div>
                  ))}
                </Card>
              )}
            </Col>
          </Row>
        </>
      )}
    </section>
  )
}
