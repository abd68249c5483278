import './words'
import { Alert, Button, Dropdown, Flex, Skeleton, Typography } from 'antd'
import { DownOutlined } from '@ant-design/icons'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams, useSearchParams } from 'react-router'
import { api, ask, type Schemas } from '@/api/client'
import { useAct } from '@/api/hooks'
import { language } from '@/i18n'
import { LinkButton } from '@/parts/LinkButton'
import { useMarket } from '@/parts/market'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { Sections } from '@/parts/Sections'
import { inLanguage } from '@/parts/texts'
import { useMay } from '@/session'
import { Overview } from './Overview'
import { useTemplate, useVersions, type Template } from './reading'
import { StatusTag } from './Templates'
import { Tools } from './Tools'
import { Trial } from './Trial'
import { Versions } from './Versions'
import { ArchiveDialog } from './ArchiveDialog'

const tabs = ['overview', 'delivery', 'versions', 'trial'] as const

/** TemplatePage is one template: how it goes, what gives it out, what it said before, what it would do. */
export default function TemplatePage() {
  const { id = '' } = useParams()
  const template = useTemplate(id)
  useVersions(id) // asked together with the template
  const market = useMarket(template.data?.data.market)
  if (template.error) return <ProblemAlert error={template.error} again={() => void template.refetch()} />
  if (!template.data || !market) return <Skeleton active paragraph={{ rows: 10 }} />
  return <Page template={template.data.data} etag={template.data.etag} market={market} />
}

function Page({ template, etag, market }: { template: Template; etag: string; market: Schemas['MarketRow'] }) {
  const { t } = useTranslation('coupons')
  const may = useMay()
  const go = useNavigate()
  const [params, setParams] = useSearchParams()
  const [archiving, setArchiving] = useState(false)
  const versions = useVersions(template.id, template.version > 0)
  const content = template.draft ?? versions.data?.at(-1)?.content
  const archived = template.status === 'archived'
  const shown = tabs.filter((x) => x === 'overview' || (x === 'trial' ? may('template.write') && !archived : template.version > 0))
  const tab = shown.find((x) => x === params.get('tab')) ?? 'overview'
  const clone = useAct<void, Template>({
    run: (_, key) =>
      ask(
        api.POST('/v1/templates', {
          params: { header: { 'Idempotency-Key': key } },
          body: {
            market: template.market,
            internal_name: t('clone.name', { name: template.internal_name.slice(0, 180) }),
            customer_name: template.customer_name,
            ...(template.line ? { line: template.line } : {}),
            issuer: template.issuer,
            draft: content as Schemas['Doc'],
          },
        }),
      ),
    done: t('clone.done'),
    stale: [['templates']],
    then: (row) => void go(`/coupons/templates/${row.id}/edit`),
  })
  const acts = [
    ...(may('template.write') && content ? [{ key: 'clone', label: t('clone.act') }] : []),
    ...(may('template.publish') && !archived ? [{ key: 'archive', label: t('bulk.archive'), danger: true }] : []),
  ]
  return (
    <section aria-labelledby="template-title">
      <Flex wrap gap="small" align="start" justify="space-between" style={{ marginBottom: 8 }}>
        <div style={{ minWidth: 0, flex: '1 1 300px' }}>
          <Typography.Title level={1} id="template-title" style={{ fontSize: 24, margin: 0, overflowWrap: 'anywhere' }} ellipsis={{ rows: 2 }}>
            <bdi>{inLanguage(template.customer_name, language()) || template.internal_name}</bdi>
          </Typography.Title>
          <Flex gap="small" wrap align="center" style={{ marginTop: 4 }}>
            <StatusTag row={template} />
            <span className="quiet" style={{ overflowWrap: 'anywhere' }}>
              <bdi>{template.internal_name}</bdi>
              {template.code && ` · ${template.code}`}
            </span>
          </Flex>
        </div>
        <Flex gap="small">
          {may('template.write') && !archived && (
            <LinkButton to={`/coupons/templates/${template.id}/edit`} type={template.draft ? 'primary' : 'default'}>
              {t(template.draft ? (template.version > 0 ? 'page.goOn' : 'page.editDraft') : 'page.nextVersion')}
            </LinkButton>
          )}
          {acts.length > 0 && (
            <Dropdown trigger={['click']} menu={{ items: acts, onClick: ({ key }) => (key === 'clone' ? clone.mutate() : setArchiving(true)) }}>
              <Button icon={<DownOutlined />} iconPlacement="end" loading={clone.isPending}>
                {t('page.more')}
              </Button>
            </Dropdown>
          )}
        </Flex>
      </Flex>
      <ProblemAlert error={clone.error} />
      {params.get('published') && <Alert type="success" showIcon closable style={{ marginBottom: 12 }} title={t('page.published')} description={t('page.publishedText')} />}
      {template.version > 0 && template.draft && <Alert type="info" showIcon style={{ marginBottom: 12 }} title={t('page.draft')} />}
      <Sections label={t('page.sections')} chosen={tab} choose={(k) => setParams({ tab: k }, { replace: true })} sections={shown.map((key) => ({ key, label: t(`tabs.${key}`) }))} />
      {tab === 'overview' && <Overview template={template} content={content} market={market} />}
      {tab === 'delivery' && <Tools template={template} content={content} />}
      {tab === 'versions' && <Versions template={template} market={market} />}
      {tab === 'trial' && <Trial template={template} />}
      {archiving && <ArchiveDialog template={template} etag={etag} close={() => setArchiving(false)} />}
    </section>
  )
}
