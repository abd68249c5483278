import { Alert, Form, Input, Modal, Select, Skeleton } from 'antd'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQueries } from '@tanstack/react-query'
import { api, ask, type Schemas } from '@/api/client'
import { useAct } from '@/api/hooks'
import { useMarket, useMarkets } from '@/parts/market'
import { MomentInput } from '@/parts/MomentInput'
import { namedBy, useNamed } from '@/parts/named'
import { nameOf } from '@/parts/names'
import { applyProblem, ProblemAlert } from '@/parts/ProblemAlert'
import { homeOf, MarketChoice, useDesk } from './quota'

type Coupon = Schemas['CouponRow']
type Desk = Schemas['DeskRow']

interface Of {
  member: string
  close: () => void
}

/** Left says how many acts of a kind are left today. */
function Left({ desk, kind }: { desk?: Desk; kind: 'reissue' | 'extend' | 'compensate' }) {
  const { t } = useTranslation('members')
  if (!desk) return <Skeleton active title={false} paragraph={{ rows: 1 }} />
  const left = Math.max(0, Math.min(desk[kind].agent - desk.used[kind].agent, desk[kind].all - desk.used[kind].all))
  return <Alert type={left > 0 ? 'info' : 'warning'} showIcon title={t('desk.left', { count: left })} style={{ marginBottom: 16 }} />
}

/** Act is one form of an agent: a reason always, and what the act needs beside. */
function Act<V extends object, Out>({ title, run, done, close, member, children, start, ok }: Of & { title: string; ok: string; done: string; run: (v: V, key: string) => Promise<Out>; start?: Partial<V>; children: ReactNode }) {
  const { t } = useTranslation('members')
  const [form] = Form.useForm<V>()
  const act = useAct<V, Out>({ run, done, stale: [['member', member], ['desk']], then: close })
  useEffect(() => applyProblem(form, act.error), [form, act.error])
  return (
    <Modal open title={title} okText={ok} cancelText={t('shell:cancel')} confirmLoading={act.isPending} onOk={() => form.submit()} onCancel={close} destroyOnHidden>
      <ProblemAlert error={act.error} />
      <Form<V> form={form} layout="vertical" requiredMark="optional" initialValues={start} onFinish={(v) => act.mutate(v)}>
        {children}
      </Form>
    </Modal>
  )
}

function Reason() {
  const { t } = useTranslation('members')
  return (
    <Form.Item name="reason" label={t('act.reason')} extra={t('act.reasonHelp')} rules={[{ required: true, whitespace: true, message: t('shell:required') }]}>
      <Input.TextArea maxLength={200} rows={2} />
    </Form.Item>
  )
}

const day = 86_400_000

/** useCouponDesk is the desk of the market whose coupon it is, and that market's clocks. */
function useCouponDesk(coupon: Coupon) {
  const market = useNamed('templates', coupon.template).data?.market
  const zone = useMarket(market)?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  return { desk: useDesk(market).data, zone }
}

/** Extend moves the end of a coupon that is alive. */
export function Extend({ coupon, ...of }: Of & { coupon: Coupon }) {
  const { t } = useTranslation('members')
  const { desk, zone } = useCouponDesk(coupon)
  const end = coupon.valid_to ? new Date(coupon.valid_to).getTime() : 0
  return (
    <Act<{ to: string; reason: string }, Coupon>
      {...of}
      title={t('extend.title', { number: coupon.number })}
      ok={t('extend.button')}
      done={t('extend.done')}
      start={{ to: new Date(end + 7 * day).toISOString() }}
      run={(body, key) => ask(api.POST('/v1/coupons/{id}/extend', { body, params: { path: { id: coupon.id }, header: { 'Idempotency-Key': key } } }))}
    >
      <Left desk={desk} kind="extend" />
      <Form.Item name="to" label={t('extend.to')} extra={desk && t('extend.help', { count: desk.extend_days })} rules={[{ required: true, message: t('shell:required') }]}>
        <MomentInput zone={zone} />
      </Form.Item>
      <Reason />
    </Act>
  )
}

/** Reissue gives a coupon again that was withdrawn or has expired. */
export function Reissue({ coupon, ...of }: Of & { coupon: Coupon }) {
  const { t } = useTranslation('members')
  const { desk, zone } = useCouponDesk(coupon)
  return (
    <Act<{ to?: string; reason: string }, Coupon>
      {...of}
      title={t('reissue.title', { number: coupon.number })}
      ok={t('reissue.button')}
      done={t('reissue.done')}
      run={(body, key) => ask(api.POST('/v1/coupons/{id}/reissue', { body, params: { path: { id: coupon.id }, header: { 'Idempotency-Key': key } } }))}
    >
      <Left desk={desk} kind="reissue" />
      <Form.Item name="to" label={t('reissue.to')} extra={t('reissue.help')}>
        <MomentInput zone={zone} placeholder={t('reissue.asTerms')} />
      </Form.Item>
      <Reason />
    </Act>
  )
}

/** Compensate gives a coupon of one of the desk's templates. */
export function Compensate(of: Of) {
  const { t } = useTranslation('members')
  const [asked, choose] = useState<string>()
  const market = homeOf(useMarkets(), asked)
  const desk = useDesk(market)
  const named = useQueries({ queries: (desk.data?.templates ?? []).map((id) => namedBy('templates', id)) })
  const options = (desk.data?.templates ?? []).map((value, i) => ({ value, label: named[i]?.data ? nameOf(named[i].data) : value }))
  return (
    <Act<{ template: string; reason: string }, Schemas['ReceiptRow']>
      {...of}
      title={t('compensate.title')}
      ok={t('compensate.button')}
      done={t('compensate.done')}
      run={(body, key) => ask(api.POST('/v1/members/{kind}/{value}/compensations', { body, params: { path: { kind: 'id', value: of.member }, header: { 'Idempotency-Key': key } } }))}
    >
      <MarketChoice value={market} onChange={choose} />
      <Left desk={desk.data} kind="compensate" />
      {desk.data?.templates.length === 0 && <Alert type="warning" showIcon title={t('compensate.none')} style={{ marginBottom: 16 }} />}
      <Form.Item name="template" label={t('compensate.template')} rules={[{ required: true, message: t('shell:required') }]}>
        <Select options={options} loading={desk.isPending || named.some((n) => n.isPending)} />
      </Form.Item>
      <Reason />
    </Act>
  )
}

/** NoteForm writes down what a caller said, about a coupon where it is a complaint of that. */
export function NoteForm({ coupon, ...of }: Of & { coupon?: Coupon }) {
  const { t } = useTranslation('members')
  return (
    <Act<{ text: string }, Schemas['NoteRow']>
      {...of}
      title={coupon ? t('note.about', { number: coupon.number }) : t('note.add')}
      ok={t('note.save')}
      done={t('note.done')}
      run={(v, key) =>
        ask(api.POST('/v1/members/{kind}/{value}/notes', { body: { ...v, ...(coupon ? { coupon: coupon.id } : {}) }, params: { path: { kind: 'id', value: of.member }, header: { 'Idempotency-Key': key } } }))
      }
    >
      <Form.Item name="text" label={t('note.text')} extra={t('note.help')} rules={[{ required: true, whitespace: true, message: t('shell:required') }]}>
        <Input.TextArea maxLength={1000} rows={4} />
      </Form.Item>
    </Act>
  )
}
