import './words'
import { DownloadOutlined } from '@ant-design/icons'
import { Alert, Button, Card, Descriptions, Dropdown, Flex, Form, Input, InputNumber, Modal, Progress, Skeleton, Table } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useQuery } from '@tanstack/react-query'
import { api, ask } from '@/api/client'
import { useAct } from '@/api/hooks'
import { useMarket } from '@/parts/market'
import { Moment } from '@/parts/Moment'
import { useMoney } from '@/parts/money'
import { TemplateName } from '@/parts/Called'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { useMay } from '@/session'
import { bulkState, BulkTag, percentOf, running, type Bulk as Row } from './Bulks'
import { Figures } from './Figures'
import { Head } from './Head'
import { Confirmed } from './publishing'

type Move = { what: 'start' } | { what: 'pause' } | { what: 'resume' } | { what: 'cancel' } | { what: 'pace'; rate: number } | { what: 'undo'; reason: string }

/** undoWindow is how long behind its end a grant can be undone. */
const undoWindow = 7 * 86_400_000

/** One bulk grant: its rehearsal, its progress, its report. */
export default function Bulk() {
  const { id = '' } = useParams()
  const { t } = useTranslation('delivery')
  const may = useMay()
  const [asking, setAsking] = useState<'pace' | 'undo'>()
  const one = useQuery({
    queryKey: ['bulk', id],
    queryFn: ({ signal }) => ask(api.GET('/v1/bulk-grants/{id}', { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data && (running(state.data) || (state.data.undo && !['completed', 'cancelled', 'discarded'].includes(state.data.undo.state))) ? 1000 : false),
  })
  const act = useAct<Move, Row>({
    run: (m, key) => {
      const params = { path: { id }, header: { 'Idempotency-Key': key } }
      switch (m.what) {
        case 'pace':
          return ask(api.POST('/v1/bulk-grants/{id}/pace', { body: { rate: m.rate }, params }))
        case 'undo':
          return ask(api.POST('/v1/bulk-grants/{id}/undo', { body: { reason: m.reason }, params }))
        case 'start':
          return ask(api.POST('/v1/bulk-grants/{id}/start', { body: {}, params }))
        case 'pause':
          return ask(api.POST('/v1/bulk-grants/{id}/pause', { body: {}, params }))
        case 'resume':
          return ask(api.POST('/v1/bulk-grants/{id}/resume', { body: {}, params }))
        case 'cancel':
          return ask(api.POST('/v1/bulk-grants/{id}/cancel', { body: {}, params }))
      }
    },
    done: (_, m) => t(`bulks.did.${m.what}`),
    stale: [['bulks'], ['bulk', id]],
    then: () => setAsking(undefined),
  })
  const b = one.data
  const market = useMarket(b?.market)
  if (one.isPending) return <Skeleton active paragraph={{ rows: 8 }} />
  if (!b) return <ProblemAlert error={one.error} again={() => void one.refetch()} />
  const is = bulkState(b)
  const over = ['done', 'undone', 'cancelled', 'discarded'].includes(is)
  const undoable = may('coupon.withdraw') && !b.undo && b.result.coupons > 0 && (['done', 'cancelled', 'discarded', 'paused'].includes(is)) && (!b.ended_at || Date.now() - Date.parse(b.ended_at) < undoWindow)
  const file = (format: string, only: boolean) => `/v1/bulk-grants/${id}/report?format=${format}${only ? '&only=refused' : ''}`
  const turn = (m: Move) => act.mutateAsync(m).catch(() => {})
  return (
    <section>
      <Head title={b.name} tags={<BulkTag of={b} />} back={{ to: '/delivery/grants', text: t('bulks.title') }}>
        <Dropdown
          trigger={['click']}
          menu={{
            items: (['csv', 'xlsx'] as const).flatMap((f) =>
              [false, true].map((only) => ({
                key: f + String(only),
                label: (
                  <a href={file(f, only)} download>
                    {t(`codes.${f}`)} · {t(only ? 'bulks.reportRefused' : 'bulks.reportAll')}
                  </a>
                ),
              })),
            ),
          }}
        >
          <Button icon={<DownloadOutlined />}>{t('bulks.report')}</Button>
        </Dropdown>
        {undoable && (
          <Button danger onClick={() => setAsking('undo')}>
            {t('bulks.undo')}
          </Button>
        )}
        {!over && <Confirmed danger label={t('bulks.cancel')} title={t('bulks.cancelTitle')} text={t('bulks.cancelText')} act={() => act.mutateAsync({ what: 'cancel' })} />}
        {is === 'issuing' && <Button onClick={() => setAsking('pace')}>{t('bulks.pace')}</Button>}
        {running(b) && <Button onClick={() => void turn({ what: 'pause' })}>{t('bulks.pause')}</Button>}
        {is === 'paused' && (
          <Button type="primary" onClick={() => void turn({ what: 'resume' })}>
            {t('bulks.resume')}
          </Button>
        )}
        {is === 'ready' && (
          <Confirmed
            primary
            label={t('bulks.start')}
            title={t('bulks.startTitle')}
            text={t('bulks.startText', { members: b.rehearsal.granted.toLocaleString(), coupons: b.rehearsal.coupons.toLocaleString() })}
            act={() => act.mutateAsync({ what: 'start' })}
          />
        )}
      </Head>
      <ProblemAlert error={act.error} again={() => void one.refetch().then(() => act.reset())} />
      {is === 'ready' && <Alert type="info" showIcon title={t('bulks.readyTitle')} description={t('bulks.readyText')} style={{ marginBottom: 16 }} />}
      {!over && is !== 'ready' && (
        <Card size="small" style={{ marginBottom: 16 }} aria-live="polite">
          <Flex justify="space-between" wrap gap="small">
            <strong>{t(`bulkPhase.${b.phase}`)}</strong>
            <span style={{ fontVariantNumeric: 'tabular-nums' }}>
              {b.done.toLocaleString()} / {b.total ? b.total.toLocaleString() : '…'}
            </span>
          </Flex>
          <Progress percent={percentOf(b)} status={is === 'paused' ? 'normal' : 'active'} aria-label={t('bulks.progress')} />
        </Card>
      )}
      {b.undo && (
        <Card size="small" title={t('bulks.undoing')} style={{ marginBottom: 16 }} aria-live="polite">
          <Progress percent={b.undo.state === 'completed' ? 100 : percentOf(b.undo)} aria-label={t('bulks.undoing')} />
          {t('bulks.undone', { count: b.undo.coupons })}
          <Reasons title={t('bulks.kept')} counts={b.undo.kept} />
        </Card>
      )}
      <Outcome title={t('bulks.rehearsal')} figures={b.rehearsal} currency={market?.currency ?? 'CNY'} planned />
      {(b.phase === 'issuing' || over) && b.result.members > 0 && <Outcome title={t('bulks.result')} figures={b.result} currency={market?.currency ?? 'CNY'} />}
      <Reasons title={t('bulks.bad')} counts={b.bad_rows} />
      <Card size="small" style={{ marginTop: 16 }}>
        <Descriptions
          size="small"
          column={{ xs: 1, md: 2 }}
          items={[
            { key: 'audience', label: t('bulks.audience'), children: `${t(`audience.${b.audience}`)}${b.rows ? ` · ${t('shell:upload.rows', { count: b.rows })}` : ''}` },
            {
              key: 'templates',
              label: t('bulks.templates'),
              children: (
                <Flex vertical>
                  {b.templates.map((x) => (
                    <TemplateName key={x} id={x} />
                  ))}
                </Flex>
              ),
            },
            { key: 'reason', label: t('bulks.reason'), children: b.reason },
            { key: 'rate', label: t('bulks.rate'), children: b.rate ? b.rate.toLocaleString() : t('placement.noCap') },
            { key: 'start', label: t('bulks.startAt'), children: b.start_at ? <Moment at={b.start_at} zone={market?.zone} /> : t('bulks.whenStarted') },
            { key: 'at', label: t('bulks.at'), children: <Moment at={b.created_at} zone={market?.zone} /> },
            { key: 'ended', label: t('bulks.ended'), children: <Moment at={b.ended_at} zone={market?.zone} /> },
          ]}
        />
      </Card>
      {b.failures?.map((f) => <Alert key={f.attempt} type="warning" showIcon style={{ marginTop: 16 }} title={t('bulks.failure', { count: f.attempt })} description={f.error} />)}
      {asking && <Ask what={asking} rate={b.rate} pending={act.isPending} close={() => setAsking(undefined)} act={(m) => act.mutate(m)} />}
    </section>
  )
}

function Outcome({ title, figures: f, currency, planned }: { title: string; figures: Row['result']; currency: string; planned?: boolean }) {
  const { t } = useTranslation('delivery')
  const money = useMoney()
  const refused = f.members - f.granted
  return (
    <>
      <h2 style={{ fontSize: 16, margin: '16px 0 0' }}>{title}</h2>
      <Figures
        figures={[
          { key: 'members', title: t('bulks.members'), value: f.members.toLocaleString() },
          { key: 'granted', title: t(planned ? 'bulks.wouldGet' : 'bulks.granted'), value: f.granted.toLocaleString() },
          { key: 'coupons', title: t('packs.coupons'), value: f.coupons.toLocaleString() },
          { key: 'cost', title: t('bulks.liability'), value: money(f.liability_minor, currency), note: f.unbounded ? t('bulks.unbounded', { count: f.unbounded }) : undefined },
          { key: 'refused', title: t(planned ? 'bulks.wouldBeRefused' : 'bulks.refused'), value: refused.toLocaleString() },
        ]}
      />
      <Reasons title={t('bulks.why')} counts={f.refused} />
    </>
  )
}

/** Reasons are counts by reason, the most frequent first. */
function Reasons({ title, counts }: { title: string; counts?: Record<string, number> }) {
  const { t } = useTranslation('delivery')
  const rows = Object.entries(counts ?? {}).sort((a, b) => b[1] - a[1])
  if (rows.length === 0) return null
  return (
    <Table
      size="small"
      rowKey="0"
      pagination={false}
      style={{ marginBottom: 16, maxWidth: 640 }}
      dataSource={rows}
      columns={[
        { key: 'reason', title, render: (_, [code]) => t(`reason.${code}`, code) },
        { key: 'count', title: t('bulks.members'), className: 'numbers', render: (_, [, n]) => n.toLocaleString() },
      ]}
    />
  )
}

function Ask({ what, rate, pending, close, act }: { what: 'pace' | 'undo'; rate?: number; pending: boolean; close: () => void; act: (m: Move) => void }) {
  const { t } = useTranslation('delivery')
  const [form] = Form.useForm<{ rate?: number; reason?: string }>()
  return (
    <Modal
      open
      title={t(what === 'pace' ? 'bulks.pace' : 'bulks.undoTitle')}
      okText={t(what === 'pace' ? 'shell:save' : 'bulks.undo')}
      okButtonProps={{ danger: what === 'undo', loading: pending }}
      onCancel={close}
      onOk={() => form.submit()}
    >
      <Form form={form} layout="vertical" initialValues={{ rate: rate || undefined }} onFinish={(v) => act(what === 'pace' ? { what, rate: v.rate ?? 0 } : { what, reason: v.reason ?? '' })}>
        {what === 'pace' ? (
          <Form.Item name="rate" label={t('bulks.rate')} extra={t('bulks.paceHelp')}>
            <InputNumber min={1} max={1_000_000} precision={0} placeholder={t('placement.noCap')} style={{ width: 200 }} />
          </Form.Item>
        ) : (
          <>
            <p>{t('bulks.undoText')}</p>
            <Form.Item name="reason" label={t('bulks.reason')} rules={[{ required: true, message: t('shell:required') }]}>
              <Input maxLength={500} />
            </Form.Item>
          </>
        )}
      </Form>
    </Modal>
  )
}
