import { Card, Empty, Flex, Select, Skeleton, Table, Tag, Typography } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask, type Schemas } from '@/api/client'
import { Actor } from '@/parts/Actor'
import { ExportButton } from '@/parts/ExportButton'
import { Moment } from '@/parts/Moment'
import { useMoney } from '@/parts/money'
import { showPercent } from '@/parts/percent'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { diffOf, type Change } from './diff'
import { useVersions, type Template } from './reading'

/** Versions are what was published, and what changed between two of it. */
export function Versions({ template, market }: { template: Template; market: Schemas['MarketRow'] }) {
  const { t } = useTranslation('coupons')
  const versions = useVersions(template.id)
  const [pair, setPair] = useState<[number, number]>()
  if (versions.error) return <ProblemAlert error={versions.error} again={() => void versions.refetch()} />
  if (!versions.data) return <Skeleton active />
  // The draft stands behind the versions as number 0.
  const contents = [...versions.data.map((v) => ({ number: v.number, content: v.content })), ...(template.draft ? [{ number: 0, content: template.draft }] : [])]
  const last = contents.at(-1)?.number ?? 1
  const [from, to] = pair ?? [contents.at(-2)?.number ?? last, last]
  const name = (n: number) => (n === 0 ? t('versions.draft') : t('versions.number', { n }))
  const options = contents.map((c) => ({ value: c.number, label: name(c.number) }))
  const of = (n: number) => contents.find((c) => c.number === n)?.content
  const [a, b] = [of(from), of(to)]
  return (
    <Flex vertical gap="large">
      <Flex justify="end" style={{ marginBottom: -12 }}>
        <ExportButton size="small" list={`/v1/templates/${template.id}/versions`} />
      </Flex>
      <Table
        size="small"
        pagination={false}
        rowKey="number"
        scroll={{ x: 'max-content' }}
        dataSource={versions.data.toReversed()}
        columns={[
          { key: 'number', title: t('templates.version'), render: (_, v) => <>{name(v.number)} {v.number === template.version && <Tag color="green">{t('versions.current')}</Tag>}</> },
          { key: 'at', title: t('versions.at'), render: (_, v) => <Moment at={v.published_at} zone={market.zone} /> },
          { key: 'by', title: t('versions.by'), render: (_, v) => <Actor id={v.published_by} /> },
          { key: 'hash', title: t('versions.hash'), render: (_, v) => <code title={v.hash}>{v.hash.slice(0, 12)}</code> },
        ]}
      />
      <section aria-label={t('versions.diff')}>
        <Typography.Title level={2} style={{ fontSize: 18 }}>
          {t('versions.diff')}
        </Typography.Title>
        {contents.length < 2 ? (
          <p className="quiet">{t('versions.one')}</p>
        ) : (
          <>
            <Flex gap="small" align="center" wrap style={{ marginBottom: 12 }}>
              <Select aria-label={t('versions.from')} value={from} options={options} onChange={(n: number) => setPair([n, to])} style={{ minWidth: 120 }} />
              →
              <Select aria-label={t('versions.to')} value={to} options={options} onChange={(n: number) => setPair([from, n])} style={{ minWidth: 120 }} />
            </Flex>
            {a && b && (
              <>
                <Sentences template={template} from={{ number: from, content: a }} to={{ number: to, content: b }} />
                <Fields changes={diffOf(a, b)} currency={market.currency} zone={market.zone} />
              </>
            )}
          </>
        )}
      </section>
    </Flex>
  )
}

interface Content {
  number: number
  content: Schemas['Doc']
}

/** Sentences compares what customers read. */
function Sentences({ template, from, to }: { template: Template; from: Content; to: Content }) {
  const { t, i18n } = useTranslation('coupons')
  const tell = async (c: Content, signal: AbortSignal) => {
    if (c.number > 0) return (await ask(api.GET('/v1/templates/{id}/explanation', { params: { path: { id: template.id }, query: { version: c.number } }, signal }))).sentences
    return (await ask(api.POST('/v1/templates/check', { body: { template: template.id, market: template.market, issuer: template.issuer, draft: c.content }, signal }))).sentences
  }
  const told = useQuery({
    queryKey: ['told', template.id, template.rev, from.number, to.number, i18n.language],
    queryFn: ({ signal }) => Promise.all([tell(from, signal), tell(to, signal)]),
  })
  if (told.error) return <ProblemAlert error={told.error} />
  if (!told.data) return <Skeleton active />
  const [before, after] = told.data.map((list) => new Set(list.map((s) => s.text))) as [Set<string>, Set<string>]
  const gone = [...before].filter((x) => !after.has(x))
  const come = [...after].filter((x) => !before.has(x))
  if (gone.length + come.length === 0) return <p className="quiet">{t('versions.same')}</p>
  return (
    <Card size="small" title={t('versions.sentences')} style={{ marginBottom: 16 }}>
      {gone.map((x) => (
        <div key={x}>
          <span aria-label={t('versions.gone')} style={{ color: 'var(--ant-color-error)' }}>
            −{' '}
          </span>
          <del>{x}</del>
        </div>
      ))}
      {come.map((x) => (
        <div key={x}>
          <span aria-label={t('versions.come')} style={{ color: 'var(--ant-color-success)' }}>
            +{' '}
          </span>
          <ins style={{ textDecoration: 'none' }}>{x}</ins>
        </div>
      ))}
    </Card>
  )
}

/** Fields compares all that is set. */
function Fields({ changes, currency, zone }: { changes: Change[]; currency: string; zone: string }) {
  const { t, i18n } = useTranslation('coupons')
  const money = useMoney()
  const label = (pointer: string) =>
    pointer
      .split('/')
      .slice(2)
      .map((p) => (/^\d+$/.test(p) ? String(Number(p) + 1) : t(`fields.${p}`, { defaultValue: p })))
      .join(' › ')
  const show = (pointer: string, v: unknown) => {
    if (v === undefined) return <span className="quiet">–</span>
    if (typeof v === 'number' && pointer.endsWith('_minor')) return money(v, currency)
    if (typeof v === 'number' && pointer.endsWith('_bps')) return showPercent(v, i18n.language)
    if (typeof v === 'string' && /^\d{4}-\d\d-\d\dT/.test(v)) return <Moment at={v} zone={zone} />
    if (pointer === '/terms/kind') return t(`kinds.${String(v)}.name`)
    if (typeof v === 'boolean') return t(v ? 'versions.yes' : 'versions.no')
    if (Array.isArray(v)) return <bdi>{v.join(', ')}</bdi>
    return <bdi>{String(v)}</bdi>
  }
  return (
    <Table
      size="small"
      pagination={false}
      rowKey="pointer"
      scroll={{ x: 'max-content' }}
      dataSource={changes}
      locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('versions.same')} /> }}
      columns={[
        { key: 'field', title: t('versions.field'), render: (_, c) => label(c.pointer) },
        { key: 'before', title: t('versions.before'), render: (_, c) => <div style={{ maxWidth: 320, overflowWrap: 'anywhere' }}>{show(c.pointer, c.before)}</div> },
        { key: 'after', title: t('versions.after'), render: (_, c) => <div style={{ maxWidth: 320, overflowWrap: 'anywhere' }}>{show(c.pointer, c.after)}</div> },
      ]}
    />
  )
}
