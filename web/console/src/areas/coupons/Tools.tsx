import { Card, Empty, Flex, Skeleton, Table, Tag, Typography } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, ask, type Schemas } from '@/api/client'
import { LinkButton } from '@/parts/LinkButton'
import { useMoney } from '@/parts/money'
import { showPercent } from '@/parts/percent'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { SaveButton } from '@/parts/SaveButton'
import { useMay } from '@/session'
import type { Template } from './reading'
import { addressOf, commandOf, listOf, waysOf, type Tool } from './tooling'

const colours: Record<Tool['state'], string> = { draft: 'default', scheduled: 'blue', open: 'green', paused: 'orange', ended: 'default', revoked: 'red' }

/** saved are tools as rows of a file. */
const saved = (tools: Tool[]) => [['kind', 'name', 'code', 'state', 'path', 'issued', 'used'], ...tools.map((x) => [x.kind, x.name ?? '', x.code ?? '', x.state, x.path, String(x.figures?.issued ?? ''), String(x.figures?.used ?? '')])]

/** Tools offers what can bring the template's coupons to members, and shows what does. */
export function Tools({ template, content }: { template: Template; content?: Schemas['Doc'] }) {
  const { t } = useTranslation('coupons')
  const may = useMay()
  const found = useQuery({ queryKey: ['template', template.id, 'tools'], queryFn: ({ signal }) => ask(api.GET('/v1/templates/{id}/tools', { params: { path: { id: template.id } }, signal })), staleTime: 0 })
  const offered = waysOf(template, content?.claim, may)
  return (
    <Flex vertical gap="large">
      {content?.claim.automatic ? (
        <p>{t('tools.automatic.about')}</p>
      ) : (
        template.status === 'published' && (
          <section aria-label={t('tools.offer')}>
            <Typography.Title level={2} style={{ fontSize: 18 }}>
              {t('tools.offer')}
            </Typography.Title>
            <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(220px, 1fr))', gap: 12 }}>
              {offered.map((w) => (
                <Card key={w.key} size="small" title={t(`tools.${w.key}.name`)}>
                  <p className="quiet">{t(`tools.${w.key}.about`)}</p>
                  <LinkButton to={w.to}>{t(`tools.${w.key}.make`)}</LinkButton>
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
        )
      )}
      <section aria-label={t('tools.using')}>
        <Flex justify="space-between" align="start">
          <Typography.Title level={2} style={{ fontSize: 18 }}>
            {t('tools.using')}
          </Typography.Title>
          {found.data && found.data.tools.length > 0 && <SaveButton size="small" name="tools" rows={() => saved(found.data.tools)} />}
        </Flex>
        <ProblemAlert error={found.error} again={() => void found.refetch()} />
        {found.isPending ? <Skeleton active /> : found.data && <Using template={template.id} found={found.data} />}
      </section>
      {found.data?.forms && found.data.forms.length > 0 && <Forms rows={found.data.forms} currency={found.data.currency} />}
    </Flex>
  )
}

const dash = '–'

/** Using are the tools that there are, each with its figures, and where to find more of them. */
function Using({ template, found }: { template: string; found: Schemas['TemplateToolsAnswerBody'] }) {
  const { t, i18n } = useTranslation('coupons')
  const money = useMoney()
  const count = (n?: number) => (n === undefined ? dash : n.toLocaleString(i18n.language))
  const more = found.kinds.flatMap((k) => {
    const to = listOf(k.kind, template)
    return to && k.total > found.tools.filter((x) => x.kind === k.kind).length ? [{ ...k, to }] : []
  })
  const notes = (r: Tool) => {
    const f = r.figures
    return [
      ...(r.kind === 'link' ? [`/p/${r.code}`] : r.code && r.kind !== 'desk' ? [r.code] : []),
      ...(f?.views !== undefined ? [t('tools.views', { count: f.views, n: count(f.views) })] : []),
      ...(f?.given !== undefined ? [t(`tools.given.${r.kind}`, { count: f.given, n: count(f.given) })] : []),
      ...(r.sites ? [t('tools.sites', { count: r.sites })] : []),
      ...(f?.held_minor !== undefined ? [t(`tools.held.${r.kind}`, { amount: money(f.held_minor, found.currency) })] : []),
    ].join(' · ')
  }
  const figured = found.tools.some((x) => x.figures)
  return (
    <>
      <Table<Tool>
        size="small"
        rowKey={(r) => r.kind + (r.id ?? '')}
        pagination={false}
        scroll={{ x: 'max-content' }}
        dataSource={found.tools}
        locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('tools.none')} /> }}
        columns={[
          { key: 'way', title: t('tools.way'), render: (_, r) => t(`tools.${r.kind}.name`) },
          {
            key: 'name',
            title: t('templates.name'),
            render: (_, r) => {
              const to = addressOf(r, template)
              const name = <bdi style={{ overflowWrap: 'anywhere' }}>{r.name ?? t(`tools.${r.kind}.row`)}</bdi>
              return (
                <div style={{ maxWidth: 320, whiteSpace: 'normal' }}>
                  {to ? <Link to={to}>{name}</Link> : name}
                  {notes(r) && <small className="quiet" style={{ display: 'block' }}>{notes(r)}</small>}
                </div>
              )
            },
          },
          { key: 'state', title: t('templates.status'), render: (_, r) => <Tag color={colours[r.state]}>{t(`tools.state.${r.state}`)}</Tag> },
          ...(figured
            ? [
                { key: 'issued', title: t('templates.issued'), className: 'numbers', render: (_: unknown, r: Tool) => count(r.figures?.issued) },
                { key: 'used', title: t('templates.used'), className: 'numbers', render: (_: unknown, r: Tool) => count(r.figures?.used) },
                { key: 'rate', title: t('templates.rate'), className: 'numbers', render: (_: unknown, r: Tool) => (r.figures?.issued && r.figures.used !== undefined ? showPercent(Math.round((r.figures.used / r.figures.issued) * 10_000), i18n.language) : dash) },
                { key: 'left', title: t('tools.left'), className: 'numbers', render: (_: unknown, r: Tool) => count(r.figures?.left) },
                { key: 'cost', title: t('tools.cost'), className: 'numbers', render: (_: unknown, r: Tool) => (r.figures?.cost_minor === undefined ? dash : money(r.figures.cost_minor, found.currency)) },
              ]
            : []),
        ]}
      />
      {more.length > 0 && (
        <Flex wrap gap="small" style={{ marginTop: 8 }}>
          {more.map((k) => (
            <LinkButton key={k.kind} size="small" to={k.to}>
              {t('tools.all', { name: t(`tools.${k.kind}.name`), n: count(k.total) })}
            </LinkButton>
          ))}
        </Flex>
      )}
    </>
  )
}

/** Forms are the same coupons by how they came: all of them, through tools and without. */
function Forms({ rows, currency }: { rows: Schemas['FormRow'][]; currency: string }) {
  const { t, i18n } = useTranslation('coupons')
  const money = useMoney()
  const count = (n: number) => n.toLocaleString(i18n.language)
  return (
    <section aria-label={t('tools.byForm')}>
      <Typography.Title level={2} style={{ fontSize: 18 }}>
        {t('tools.byForm')}
      </Typography.Title>
      <Table<Schemas['FormRow']>
        size="small"
        rowKey={(r) => r.form + String(r.placed)}
        pagination={false}
        scroll={{ x: 'max-content' }}
        dataSource={rows}
        columns={[
          {
            key: 'form',
            title: t('tools.form'),
            render: (_, r) => {
              const form = t(`shell:form.${r.form}`, r.form)
              return r.placed ? t('tools.placed', { form }) : r.form === 'claim' || r.form === 'grant' ? t('tools.unplaced', { form }) : form
            },
          },
          { key: 'issued', title: t('templates.issued'), className: 'numbers', render: (_, r) => count(r.issued) },
          { key: 'used', title: t('templates.used'), className: 'numbers', render: (_, r) => count(r.used) },
          { key: 'rate', title: t('templates.rate'), className: 'numbers', render: (_, r) => (r.issued > 0 ? showPercent(Math.round((r.used / r.issued) * 10_000), i18n.language) : dash) },
          { key: 'cost', title: t('tools.cost'), className: 'numbers', render: (_, r) => money(r.cost_minor, currency) },
          { key: 'paid', title: t('overview.paid'), className: 'numbers', render: (_, r) => money(r.paid_minor, currency) },
        ]}
      />
    </section>
  )
}
