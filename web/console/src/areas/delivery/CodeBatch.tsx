import './words'
import { DownloadOutlined, EditOutlined, UploadOutlined } from '@ant-design/icons'
import { Button, Card, Descriptions, Dropdown, Progress, Skeleton } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useQuery } from '@tanstack/react-query'
import { api, ask, got } from '@/api/client'
import { useAct } from '@/api/hooks'
import { useMarket } from '@/parts/market'
import { Moment } from '@/parts/Moment'
import { TemplateName } from '@/parts/Called'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { useMay } from '@/session'
import { CodeStateTag, type CodeBatch as Row } from './CodeBatches'
import { example, steady } from './codeformat'
import { Figures } from './Figures'
import { Head } from './Head'
import { codeImport } from './imports'
import { Confirmed } from './publishing'

const CodeBatchForm = lazy(() => import('./CodeBatchForm'))
const ImportDialog = lazy(() => import('@/parts/ImportDialog'))

/** mostInFile is how many codes go into one file. */
export const mostInFile = 1_000_000

/** One batch of exchange codes: how far it is used, its file, its end. */
export default function CodeBatch() {
  const { id = '' } = useParams()
  const { t } = useTranslation('delivery')
  const may = useMay()
  const [open, setOpen] = useState<'edit' | 'import'>()
  const one = useQuery({ queryKey: ['codeBatch', id], queryFn: ({ signal }) => got(api.GET('/v1/code-batches/{id}', { params: { path: { id } }, signal })) })
  const zone = useMarket(one.data?.data.market)?.zone
  const revoke = useAct<{ row: Row; etag: string }, Row>({
    run: ({ row: { name, per_member, from, to }, etag }) =>
      ask(api.PUT('/v1/code-batches/{id}', { body: { name, per_member, from, to, revoked: true }, params: { path: { id }, header: { 'If-Match': etag } } })),
    done: t('codes.revoked'),
    stale: [['codes'], ['codeBatch', id]],
  })
  if (one.isPending) return <Skeleton active paragraph={{ rows: 8 }} />
  if (!one.data) return <ProblemAlert error={one.error} again={() => void one.refetch()} />
  const { data: row, etag } = one.data
  const file = (format: string, from: number) => `/v1/code-batches/${id}/export?format=${format}&from=${from}&limit=${mostInFile}`
  const parts = Array.from({ length: Math.ceil(row.codes / mostInFile) }, (_, i) => i * mostInFile + 1)
  return (
    <section>
      <Head title={row.name} tags={<CodeStateTag of={row} />} back={{ to: '/delivery/codes', text: t('codes.title') }}>
        {row.kind === 'generated' && may('code.export') && (
          <Dropdown
            trigger={['click']}
            menu={{
              items: parts.flatMap((from) =>
                ['csv', 'xlsx'].map((format) => ({
                  key: `${format}${from}`,
                  label: (
                    <a href={file(format, from)} download>
                      {t(`codes.${format}`)} {parts.length > 1 ? t('codes.range', { from: from.toLocaleString(), to: Math.min(row.codes, from + mostInFile - 1).toLocaleString() }) : ''}
                    </a>
                  ),
                })),
              ),
            }}
          >
            <Button icon={<DownloadOutlined />}>{t('codes.export')}</Button>
          </Dropdown>
        )}
        {may('code.write') && (
          <>
            {!row.revoked && (
              <Confirmed
                danger
                label={t('codes.revoke')}
                title={t('codes.revokeTitle')}
                text={t('codes.revokeText', { count: row.codes - row.used })}
                act={() => revoke.mutateAsync({ row, etag })}
              />
            )}
            <Button icon={<EditOutlined />} onClick={() => setOpen('edit')}>
              {t('shell:edit')}
            </Button>
            {row.kind === 'imported' && !row.revoked && (
              <Button type="primary" icon={<UploadOutlined />} onClick={() => setOpen('import')}>
                {t('codes.import')}
              </Button>
            )}
          </>
        )}
      </Head>
      <ProblemAlert error={revoke.error} again={() => void one.refetch().then(() => revoke.reset())} />
      <Figures
        figures={[
          { key: 'codes', title: t(row.kind === 'word' ? 'codes.wordUses' : 'codes.codes'), value: row.codes.toLocaleString() },
          {
            key: 'used',
            title: t('codes.used'),
            value: row.used.toLocaleString(),
            note: <Progress percent={row.codes ? Math.round((row.used / row.codes) * 1000) / 10 : 0} size="small" aria-label={t('codes.share')} />,
          },
          { key: 'left', title: t('codes.left'), value: row.revoked ? 0 : (row.codes - row.used).toLocaleString() },
        ]}
      />
      <Card size="small">
        <Descriptions
          size="small"
          column={{ xs: 1, md: 2, xl: 3 }}
          items={[
            { key: 'kind', label: t('codes.kind'), children: t(`codeKind.${row.kind}`) },
            ...(row.word ? [{ key: 'word', label: t('codes.word'), children: <strong>{row.word}</strong> }] : []),
            ...(row.format ? [{ key: 'format', label: t('codes.examples'), children: <code>{example(row.format, steady())}</code> }] : []),
            { key: 'template', label: t('codes.template'), children: <TemplateName id={row.template} /> },
            { key: 'per', label: t('codes.perMember'), children: row.per_member || t('placement.noCap') },
            { key: 'from', label: t('codes.from'), children: row.from ? <Moment at={row.from} zone={zone} /> : t('placement.atOnce') },
            { key: 'to', label: t('codes.to'), children: row.to ? <Moment at={row.to} zone={zone} /> : t('placement.never') },
          ]}
        />
      </Card>
      <Suspense fallback={null}>
        {open === 'edit' && <CodeBatchForm of={{ row, etag }} close={() => setOpen(undefined)} saved={() => setOpen(undefined)} again={async () => (await one.refetch()).data?.data} />}
        {open === 'import' && <ImportDialog of={codeImport(id)} stale={[['codes'], ['codeBatch', id]]} close={() => setOpen(undefined)} />}
      </Suspense>
    </section>
  )
}
