import './words'
import { ArrowDownOutlined, ArrowUpOutlined, LineChartOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Card, Col, Empty, Flex, Progress, Row, Skeleton, Tag, Typography } from 'antd'
import { Trans, useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { FirstSteps } from './FirstSteps'
import { useFormat } from '@/parts/format'
import { api, ask, type Schemas } from '@/api/client'
import { Called } from '@/parts/Called'
import { Moment } from '@/parts/Moment'
import type { Kind } from '@/parts/named'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { useMay, useWho } from '@/session'

type Day = Schemas['HomeDayRow']
type Notice = Schemas['NoticeRow']

const urgent: Record<Notice['kind'], string> = {
  stopped: 'red',
  budget_alarm: 'volcano',
  limit_alarm: 'volcano',
  job_failed: 'red',
  queue_paused: 'gold',
  sold_out: 'gold',
  placement_out: 'gold',
  template_ending: 'blue',
  placement_ending: 'blue',
}

/** Today beside yesterday and last week, and what needs somebody. */
export default function Home() {
  const { t } = useTranslation('home')
  const who = useWho()
  const may = useMay()
  const f = useFormat()
  const home = useQuery({ queryKey: ['home'], queryFn: ({ signal }) => ask(api.GET('/v1/home', { params: { query: {} }, signal })), refetchInterval: 60_000 })
  const h = home.data
  const currency = h?.currency ?? 'CNY'
  const list = (d: Day) => d.orders?.list_minor ?? d.coupons.list_minor
  const figures: { key: string; of: (d: Day) => number; show: (n: number) => string; to: string; good?: boolean }[] = [
    { key: 'issued', of: (d) => d.coupons.issued, show: f.count, to: '/reports/use' },
    { key: 'redeemed', of: (d) => d.coupons.redeemed, show: f.count, to: '/reports/use' },
    { key: h?.today.orders ? 'gmv' : 'gmvCoupons', of: list, show: (n) => f.money(n, currency), to: '/reports/use' },
    { key: 'discount', of: (d) => d.coupons.discount_minor, show: (n) => f.money(n, currency), to: '/reports/settlement' },
    { key: 'subsidy', of: (d) => d.coupons.subsidy_bps, show: f.rate, to: '/reports/use' },
  ]
  return (
    <section aria-labelledby="home-title">
      <Flex wrap align="center" justify="space-between" gap="small" style={{ marginBottom: 16 }}>
        <Typography.Title level={1} id="home-title" style={{ fontSize: 24, margin: 0 }}>
          {t('title', { name: who.name })}
        </Typography.Title>
        <Flex gap="small" align="center">
          {h && (
            <Typography.Text type="secondary">
              {t('asOf')} <Moment at={h.at} />
            </Typography.Text>
          )}
          <Link to="/reports/board">
            <Button icon={<LineChartOutlined />}>{t('board')}</Button>
          </Link>
        </Flex>
      </Flex>
      <ProblemAlert error={home.error} again={() => void home.refetch()} />
      {h && [h.today, h.yesterday, h.last_week].every((d) => d.coupons.issued === 0) && <FirstSteps />}
      <Row gutter={[16, 16]} style={{ marginBottom: 16 }}>
        {figures.map((x) => (
          <Col key={x.key} xs={x.key === 'issued' || x.key === 'redeemed' ? 12 : 24} sm={12} xl={x.key === 'gmv' || x.key === 'gmvCoupons' || x.key === 'discount' ? 6 : 4}>
            <Card size="small" style={{ height: '100%' }}>
              {h ? (
                <Link to={`${x.to}?from=${h.today.day}&to=${h.today.day}`} style={{ color: 'inherit', display: 'block' }}>
                  <Typography.Text type="secondary">{t(`figure.${x.key}`)}</Typography.Text>
                  <div style={{ fontSize: 24, fontVariantNumeric: 'tabular-nums', lineHeight: 1.5 }}>{x.show(x.of(h.today))}</div>
                  <Against now={x.of(h.today)} then={x.of(h.yesterday)} label={t('yesterday')} show={x.show} />
                  <Against now={x.of(h.today)} then={x.of(h.last_week)} label={t('lastWeek')} show={x.show} />
                </Link>
              ) : (
                <Skeleton active title={false} paragraph={{ rows: 3 }} style={{ height: 104 }} />
              )}
            </Card>
          </Col>
        ))}
      </Row>
      <Row gutter={[16, 16]}>
        <Col xs={24} xl={may('budget.read') ? 15 : 24}>
          <Card title={t('attention')} styles={{ body: { minHeight: 200 } }}>
            {!h ? (
              <Skeleton active paragraph={{ rows: 5 }} />
            ) : h.notices.length === 0 ? (
              <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('calm')} />
            ) : (
              <ul style={{ listStyle: 'none', margin: 0, padding: 0 }}>
                {h.notices.map((n) => (
                  <li key={n.kind + n.subject + (n.percent ?? '')} style={{ padding: '8px 0', borderBottom: '1px solid var(--ant-color-split)' }}>
                    <Flex gap="small" align="baseline" wrap>
                      <Tag color={urgent[n.kind]} style={{ color: 'var(--ant-color-text)' }}>{t(`kind.${n.kind}`)}</Tag>
                      <span style={{ flex: 1, minWidth: 160 }}>
                        <What n={n} />
                        {n.percent ? <span> {t('reached', { percent: n.percent })}</span> : null}
                      </span>
                      {n.at && (
                        <Typography.Text type="secondary">
                          {n.kind.endsWith('_ending') ? t('until') : t('since')} <Moment at={n.at} />
                        </Typography.Text>
                      )}
                    </Flex>
                  </li>
                ))}
                {h.left > 0 && <li style={{ paddingTop: 8 }}>{t('more', { count: h.left })}</li>}
              </ul>
            )}
          </Card>
        </Col>
        {may('budget.read') && (
          <Col xs={24} xl={9}>
            <Card title={t('budgets')} styles={{ body: { minHeight: 200 } }}>
              {!h ? (
                <Skeleton active paragraph={{ rows: 5 }} />
              ) : h.budgets.length === 0 ? (
                <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('noBudgets')} />
              ) : (
                h.budgets.map((b) => (
                  <div key={b.budget} style={{ marginBottom: 12 }}>
                    <Flex justify="space-between" gap="small">
                      <span>{b.name}</span>
                      <Typography.Text type="secondary">{t('of', { taken: b.amount ? f.money(b.taken, currency) : f.count(b.taken), cap: b.amount ? f.money(b.cap, currency) : f.count(b.cap) })}</Typography.Text>
                    </Flex>
                    <Progress aria-label={b.name} percent={Math.round(b.used_bps / 100)} status={b.used_bps >= 10_000 ? 'exception' : 'normal'} />
                  </div>
                ))
              )}
            </Card>
          </Col>
        )}
      </Row>
    </section>
  )
}

const stoppable: Partial<Record<string, Kind>> = { template: 'templates', budget: 'budgets', merchant: 'merchants' }

/** What a notice is of, with the way to it. */
function What({ n }: { n: Notice }) {
  const { t } = useTranslation('home')
  const name = n.name ?? n.subject
  if (n.kind === 'stopped') {
    const [scope = 'all', key] = n.subject.split('/')
    return <Trans t={t} i18nKey={`stop.${scope}`} values={{ reason: n.name ?? '' }} components={{ row: <Called kind={stoppable[scope] ?? 'merchants'} id={key} /> }} />
  }
  if (n.subject.startsWith('plc_')) return <Link to={`/delivery/placements/${n.subject}`}>{name}</Link>
  if (n.subject.startsWith('tpl_')) return <Link to={`/reports/use?template=${n.subject}`}>{name}</Link>
  return <>{name}</>
}

/** Against compares with another day: how much more or less, in parts of it. */
function Against({ now, then, label, show }: { now: number; then: number; label: string; show: (n: number) => string }) {
  const { i18n } = useTranslation()
  const part = then > 0 ? (now - then) / then : undefined
  return (
    <Flex justify="space-between" gap="small" style={{ fontSize: 12 }}>
      <Typography.Text type="secondary" style={{ fontSize: 12 }}>
        {label} {show(then)}
      </Typography.Text>
      {part !== undefined && part !== 0 && (
        <span style={{ whiteSpace: 'nowrap' }}>
          {part > 0 ? <ArrowUpOutlined aria-hidden /> : <ArrowDownOutlined aria-hidden />} {new Intl.NumberFormat(i18n.language, { style: 'percent', maximumFractionDigits: 0, signDisplay: 'always' }).format(part)}
        </span>
      )}
    </Flex>
  )
}
