import { CodeOutlined, CopyOutlined, DownloadOutlined, PlusOutlined, QrcodeOutlined } from '@ant-design/icons'
import { App, Button, Card, Empty, Flex, Form, Input, Modal, Skeleton, Table, Typography } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, ask, type Schemas } from '@/api/client'
import { useAct } from '@/api/hooks'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { useMay } from '@/session'
import { FormDrawer } from './FormDrawer'
import { Confirmed } from './publishing'
import { share } from './share'
import { Snippet } from './Snippet'
import type { Placement } from './state'

type Row = Schemas['LinkRow']
type Funnel = Schemas['LinkFunnelRow']

/** whole is the address of a page as members reach it. */
const whole = (path: string) => window.location.origin + path

/** Links are the short links to a placement's page, each with its QR code and its own funnel. */
export function Links({ placement }: { placement: Placement }) {
  const { t } = useTranslation('delivery')
  const may = useMay()
  const { message } = App.useApp()
  const [making, setMaking] = useState(false)
  const [shown, setShown] = useState<Row>()
  const [embedded, setEmbedded] = useState<Row>()
  const key = ['links', placement.id]
  const list = useQuery({ queryKey: key, queryFn: ({ signal }) => ask(api.GET('/v1/links', { params: { query: { placement: placement.id, limit: 100 } }, signal })) })
  const rows = list.data?.items ?? []
  const counts = may('statistics.read')
  const funnels = useQueries({
    queries: rows.map((l) => ({
      queryKey: ['link', l.id, 'funnel'],
      queryFn: ({ signal }: { signal: AbortSignal }) => ask(api.GET('/v1/links/{id}/funnel', { params: { path: { id: l.id } }, signal })),
      enabled: counts,
    })),
  })
  const of = new Map(rows.map((l, i) => [l.id, funnels[i]?.data]))
  const writes = may('reference.write') && !placement.archived_at
  const copy = (l: Row) =>
    navigator.clipboard.writeText(whole(l.path)).then(
      () => message.success(t('links.copied')),
      () => setShown(l),
    )
  const figure = (f: (x: Funnel) => number) => (_: unknown, l: Row) => {
    const x = of.get(l.id)
    return x ? f(x).toLocaleString() : '…'
  }
  return (
    <Card
      size="small"
      title={t('links.title')}
      style={{ marginBlock: 16 }}
      extra={
        <Flex gap="small" wrap>
          <Link to={`/delivery/placements/${placement.id}/page`}>
            <Button size="small">{t('design.open')}</Button>
          </Link>
          {writes && (
            <Button size="small" type="primary" icon={<PlusOutlined />} onClick={() => setMaking(true)}>
              {t('links.new')}
            </Button>
          )}
        </Flex>
      }
    >
      <ProblemAlert error={list.error} again={() => void list.refetch()} />
      {list.isPending ? (
        <Skeleton active paragraph={{ rows: 2 }} title={false} />
      ) : (
        <Table<Row>
          size="small"
          rowKey="id"
          pagination={false}
          scroll={{ x: 'max-content' }}
          dataSource={rows}
          locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('links.empty')} /> }}
          columns={[
            {
              key: 'name',
              title: t('placement.name'),
              render: (_, l) => (
                <>
                  {l.name}
                  <br />
                  <a href={l.path} target="_blank" rel="noreferrer">
                    {l.path}
                  </a>
                </>
              ),
            },
            { key: 'channel', title: t('placement.channel'), render: (_, l) => (l.channel ? t(`channel.${l.channel}`, l.channel) : '–') },
            ...(counts
              ? [
                  { key: 'views', title: t('links.views'), className: 'numbers', render: figure((x) => x.views) },
                  { key: 'signins', title: t('links.signIns'), className: 'numbers', render: figure((x) => x.sign_ins) },
                  { key: 'claims', title: t('links.claims'), className: 'numbers', render: figure((x) => x.claims) },
                  { key: 'used', title: t('figures.used'), className: 'numbers', render: figure((x) => x.used) },
                  {
                    key: 'rate',
                    title: t('links.rate'),
                    className: 'numbers',
                    render: (_: unknown, l: Row) => {
                      const x = of.get(l.id)
                      return x?.views ? share(Math.round((x.claims / x.views) * 10_000)) : '–'
                    },
                  },
                ]
              : []),
            {
              key: 'acts',
              title: '',
              render: (_, l) => (
                <Flex gap={4}>
                  <Button size="small" icon={<CopyOutlined />} aria-label={`${t('links.copy')} ${l.name}`} title={t('links.copy')} onClick={() => void copy(l)} />
                  <Button size="small" icon={<QrcodeOutlined />} aria-label={`${t('links.qr')} ${l.name}`} title={t('links.qr')} onClick={() => setShown(l)} />
                  <Button size="small" icon={<CodeOutlined />} aria-label={`${t('links.embed')} ${l.name}`} title={t('links.embed')} onClick={() => setEmbedded(l)} />
                </Flex>
              ),
            },
          ]}
        />
      )}
      {making && <LinkForm placement={placement} close={() => setMaking(false)} saved={(l) => (setMaking(false), setShown(l))} />}
      {embedded && <Snippet link={embedded} writes={writes} close={() => setEmbedded(undefined)} stale={key} />}
      {shown && <Shown link={shown} writes={writes} close={() => setShown(undefined)} stale={key} />}
    </Card>
  )
}

interface Values {
  name: string
  channel?: string
  code?: string
}

function LinkForm({ placement, close, saved }: { placement: Placement; close: () => void; saved: (l: Row) => void }) {
  const { t } = useTranslation('delivery')
  const [form] = Form.useForm<Values>()
  const act = useAct<Values, Row>({
    run: ({ name, channel, code }, key) =>
      ask(api.POST('/v1/links', { body: { placement: placement.id, name, ...(channel ? { channel } : {}), ...(code ? { code } : {}) }, params: { header: { 'Idempotency-Key': key } } })),
    done: t('links.created'),
    stale: [['links', placement.id]],
    then: saved,
  })
  return (
    <FormDrawer<Values> title={t('links.new')} action={t('create')} form={form} initial={{ name: placement.name, channel: placement.channel }} error={act.error} pending={act.isPending} close={close} finish={(v) => act.mutate(v)}>
      <Form.Item name="name" label={t('placement.name')} extra={t('links.nameHelp')} rules={[{ required: true, message: t('shell:required') }]}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="channel" label={t('placement.channel')} extra={t('links.channelHelp')}>
        <Input maxLength={64} />
      </Form.Item>
      <Form.Item name="code" label={t('links.code')} extra={t('links.codeHelp')} rules={[{ pattern: /^[a-z0-9-]{0,32}$/, message: t('links.codeHelp') }]}>
        <Input maxLength={32} prefix="/p/" placeholder={t('links.auto')} />
      </Form.Item>
    </FormDrawer>
  )
}

/** Shown is a link with its QR code, to be copied, printed, or ended. */
function Shown({ link, writes, close, stale }: { link: Row; writes: boolean; close: () => void; stale: string[] }) {
  const { t } = useTranslation('delivery')
  const queries = useQueryClient()
  const archive = useAct<string, Row>({
    run: (etag) => ask(api.DELETE('/v1/links/{id}', { params: { path: { id: link.id }, header: { 'If-Match': etag } } })),
    done: t('placement.archived'),
    then: () => {
      void queries.invalidateQueries({ queryKey: stale })
      close()
    },
  })
  const picture = (format: string) => `/v1/links/${link.id}/qr?format=${format}`
  return (
    <Modal
      open
      title={link.name}
      onCancel={close}
      footer={
        <Flex gap="small" justify="end" wrap>
          {writes && <Confirmed danger label={t('shell:delete')} title={t('links.archiveTitle')} text={t('links.archiveText', { path: link.path })} act={() => archive.mutateAsync(`"${link.rev}"`)} />}
          {(['svg', 'png'] as const).map((f) => (
            <Button key={f} icon={<DownloadOutlined />} href={picture(f)} download={`${link.code}.${f}`}>
              {f.toUpperCase()}
            </Button>
          ))}
          <Button type="primary" onClick={close}>
            {t('shell:close')}
          </Button>
        </Flex>
      }
    >
      <ProblemAlert error={archive.error} />
      <Flex vertical align="center" gap="middle">
        <img src={picture('svg')} alt={t('links.qrOf', { path: link.path })} width={240} height={240} style={{ background: '#fff', borderRadius: 8 }} />
        <Typography.Text copyable style={{ overflowWrap: 'anywhere', textAlign: 'center' }}>
          {whole(link.path)}
        </Typography.Text>
      </Flex>
    </Modal>
  )
}
