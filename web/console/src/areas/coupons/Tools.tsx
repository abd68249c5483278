import { Card, Empty, Flex, Skeleton, Table, Tag, Typography } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, ask, type Schemas } from '@/api/client'
import { areas } from '@/areas'
import { LinkButton } from '@/parts/LinkButton'
import { showPercent } from '@/parts/percent'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { useMay } from '@/session'
import { useFunnel, type Template } from './reading'

/** Ways in which coupons come to members, with the page that makes one. */
const ways = [
  { key: 'link', page: 'links', may: 'reference.write' },
  { key: 'placement', page: 'placements', may: 'reference.write' },
  { key: 'codes', page: 'codes', may: 'code.write' },
  { key: 'grant', page: 'grants', may: 'coupon.grant' },
  { key: 'packet', page: 'packets', may: 'template.write' },
  { key: 'pack', page: 'packs', may: 'template.write' },
] as const

/** pageOf is the address of a delivery page; undefined where the console has none. */
function pageOf(page: string): string | undefined {
  return areas.some((a) => a.key === 'delivery' && a.pages.some((p) => p.path === page)) ? `/delivery/${page}` : undefined
}

/** commandOf claims a coupon of a template by the API, as a program would. */
export const commandOf = (server: string, template: string) =>
  `curl ${server}/v1/claims -H 'Authorization: Bearer KEY' -H 'Idempotency-Key: ORDER-1' -H 'Content-Type: application/json' -d '{"template":"${template}","member":{"kind":"phone","value":"13800000000"}}'`

/** Tools offers what can bring the template's coupons to members, and shows what does. */
export function Tools({ template, content }: { template: Template; content?: Schemas['Doc'] }) {
  const { t, i18n } = useTranslation('coupons')
  const may = useMay()
  const self = content?.claim.automatic
  const offered = ways.filter((w) => may(w.may)).flatMap((w) => (pageOf(w.page) ? [{ key: w.key, page: pageOf(w.page) }] : []))
  const count = (n: number) => n.toLocaleString(i18n.language)
  const funnel = useFunnel(template.id, may('statistics.read'))
  const query = { template: template.id, limit: 50 }
  const placements = useQuery({ queryKey: ['placements', 'of', template.id], queryFn: ({ signal }) => ask(api.GET('/v1/placements', { params: { query }, signal })), enabled: may('reference.read') })
  const codes = useQuery({ queryKey: ['code-batches', 'of', template.id], queryFn: ({ signal }) => ask(api.GET('/v1/code-batches', { params: { query }, signal })), enabled: may('code.read') })
  const packs = useQuery({ queryKey: ['packs', 'all'], queryFn: ({ signal }) => ask(api.GET('/v1/packs', { params: { query: { limit: 100 } }, signal })) })
  const plans = useQuery({ queryKey: ['plans', 'all'], queryFn: ({ signal }) => ask(api.GET('/v1/packet-plans', { params: { query: { limit: 100 } }, signal })) })
  const rows = [
    ...(placements.data?.items ?? []).map((p) => {
      const f = funnel.data?.placements.find((x) => x.placement === p.id)
      return { key: p.id, way: 'placement', name: p.name, to: `/delivery/placements/${p.id}`, open: p.open, given: f?.issued, used: f?.used, rate: f && f.issued > 0 ? f.redemption_bps : undefined }
    }),
    ...(codes.data?.items ?? []).map((c) => ({ key: c.id, way: 'codes', name: c.name, to: `/delivery/codes/${c.id}`, open: !c.revoked, given: c.used, used: undefined, rate: undefined })),
    ...(packs.data?.items ?? []).filter((p) => p.parts.some((x) => x.template === template.id)).map((p) => ({ key: p.id, way: 'pack', name: p.internal_name, to: `/delivery/packs/${p.id}`, open: p.open, given: undefined, used: undefined, rate: undefined })),
    ...(plans.data?.items ?? []).filter((p) => p.content.template === template.id).map((p) => ({ key: p.id, way: 'packet', name: p.internal_name, to: `/delivery/packets/${p.id}`, open: p.open, given: undefined, used: undefined, rate: undefined })),
  ]
  const direct = funnel.data?.placements.find((x) => !x.placement)
  return (
    <Flex vertical gap="large">
      {template.status === 'published' &&
        (self ? (
          <p>{t('tools.automatic')}</p>
        ) : (
          <section aria-label={t('tools.offer')}>
            <Typography.Title level={2} style={{ fontSize: 18 }}>
              {t('tools.offer')}
            </Typography.Title>
            <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(220px, 1fr))', gap: 12 }}>
              {offered.map((w) => (
                <Card key={w.key} size="small" title={t(`tools.${w.key}.name`)}>
                  <p className="quiet">{t(`tools.${w.key}.about`)}</p>
                  <LinkButton to={`${w.page}?new=1&template=${template.id}`}>
                    {t(`tools.${w.key}.make`)}
                  </LinkButton>
                </Card>
              ))}
              <Card size="small" title={t('tools.api.name')}>
                <p className="quiet">{t('tools.api.about')}</p>
                <Flex wrap gap="small" align="center">
                  {may('key.read') && <LinkButton to="/settings/keys">{t('tools.api.make')}</LinkButton>}
                  <Typography.Text copyable={{ text: commandOf(window.location.origin, template.id), tooltips: [t('tools.api.copy'), t('tools.api.copied')] }}>{t('tools.api.command')}</Typography.Text>
                </Flex>
              </Card>
            </div>
          </section>
        ))}
      <section aria-label={t('tools.using')}>
        <Typography.Title level={2} style={{ fontSize: 18 }}>
          {t('tools.using')}
        </Typography.Title>
        <ProblemAlert error={placements.error ?? codes.error ?? packs.error ?? plans.error ?? funnel.error} />
        {placements.isLoading || codes.isLoading || packs.isLoading || plans.isLoading ? (
          <Skeleton active />
        ) : (
          <Table
            size="small"
            pagination={false}
            scroll={{ x: 'max-content' }}
            dataSource={rows}
            locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('tools.none')} /> }}
            columns={[
              { key: 'way', title: t('tools.way'), render: (_, r) => t(`tools.${r.way}.name`) },
              { key: 'name', title: t('templates.name'), render: (_, r) => (pageOf(`${r.to.split('/')[2]}/:id`) ? <Link to={r.to}><bdi>{r.name}</bdi></Link> : <bdi>{r.name}</bdi>) },
              { key: 'open', title: t('templates.status'), render: (_, r) => <Tag color={r.open ? 'green' : 'default'}>{t(r.open ? 'tools.open' : 'tools.closed')}</Tag> },
              { key: 'given', title: t('templates.issued'), className: 'numbers', render: (_, r) => (r.given === undefined ? '–' : count(r.given)) },
              { key: 'used', title: t('templates.used'), className: 'numbers', render: (_, r) => (r.used === undefined ? '–' : count(r.used)) },
              { key: 'rate', title: t('templates.rate'), className: 'numbers', render: (_, r) => (r.rate === undefined ? '–' : showPercent(r.rate, i18n.language)) },
            ]}
          />
        )}
        {direct && direct.issued > 0 && <p className="quiet">{t('tools.direct', { issued: count(direct.issued), used: count(direct.used) })}</p>}
      </section>
    </Flex>
  )
}
