import './words'
import { App, Button, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask, type Schemas } from '@/api/client'
import { useAct } from '@/api/hooks'
import { Actor } from '@/parts/Actor'
import { ListPage } from '@/parts/ListPage'
import { Moment } from '@/parts/Moment'
import { useMoney } from '@/parts/money'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { StoreSelect } from '@/parts/RowSelect'
import { useMay } from '@/session'
import { Range } from './range'

type Row = Schemas['UsedRow']

/** Uses of coupons, with those that counters made among them; a mistake is given back here. */
export default function Redemptions() {
  const { t } = useTranslation('counter')
  const money = useMoney()
  const may = useMay()
  const { modal } = App.useApp()
  const [names, setNames] = useState<Schemas['NamesRow']>()
  const back = useAct<Row>({
    run: (r, key): Promise<unknown> => {
      const params = { header: { 'Idempotency-Key': key } }
      // An order with goods on it is refunded, which gives the coupon back too.
      if (r.list_minor > 0) return ask(api.POST('/v1/refunds', { body: { order: r.order, refund: `${r.order.ref}-back`.slice(0, 128), full: true }, params }))
      return ask(api.POST('/v1/returns', { body: { order: r.order, coupon: r.coupon }, params }))
    },
    done: t('undo.done'),
    stale: [['counter-redemptions'], ['counter-totals']],
  })
  const undo = (r: Row) =>
    modal.confirm({
      title: t('undo.title'),
      content: r.list_minor > 0 ? t('undo.money', { amount: money(r.paid_minor, r.currency) }) : t('undo.text'),
      okText: t('undo.do'),
      onOk: () => back.mutateAsync(r).catch(() => undefined), // shown above the list
    })
  return (
    <ListPage<Row>
      title={t('list.title')}
      name="counter-redemptions"
      rowKey="id"
      exportable="/v1/redemptions/export"
      filters={[
        { key: 'store', label: t('store'), choose: StoreSelect },
        { key: 'operator', label: t('clerkId') },
        { key: 'returned', label: t('which'), options: [{ value: 'true', label: t('returned') }] },
      ]}
      also={['from', 'to']}
      actions={<Range />}
      page={async (query, signal) => {
        const page = await ask(api.GET('/v1/redemptions', { params: { query: { ...query, returned: query.returned === 'true' ? true : undefined } }, signal }))
        setNames((now) => ({ ...page.names, templates: { ...now?.templates, ...page.names.templates }, stores: { ...now?.stores, ...page.names.stores } }))
        return page
      }}
      empty={t('list.empty')}
      columns={[
        { key: 'at', title: t('at'), render: (_, r) => <Moment at={r.at} seconds /> },
        { key: 'template', title: t('coupon'), render: (_, r) => names?.templates?.[r.template] ?? r.template },
        { key: 'store', title: t('store'), render: (_, r) => (r.store ? (names?.stores?.[r.store] ?? r.store) : '–') },
        { key: 'operator', title: t('clerkId'), render: (_, r) => <Actor id={r.operator} /> },
        { key: 'off', title: t('off'), align: 'end', className: 'numbers', render: (_, r) => money(r.discount_minor, r.currency) },
        { key: 'paid', title: t('paid'), align: 'end', className: 'numbers', render: (_, r) => money(r.paid_minor, r.currency) },
        { key: 'order', title: t('order'), render: (_, r) => `${r.order.source} ${r.order.ref}`, hidden: true },
        { key: 'couponId', title: t('couponId'), dataIndex: 'coupon', hidden: true },
        {
          key: 'state',
          title: t('state'),
          render: (_, r) => (
            <>
              {r.returned_at && <Tag color="orange">{t('returned')}</Tag>}
              {r.scanned_at && <Tag color="gold">{t('away')}</Tag>}
              {!r.returned_at && may('coupon.return') && (
                <Button size="small" onClick={() => undo(r)}>
                  {t('undo.do')}
                </Button>
              )}
            </>
          ),
        },
      ]}
    >
      <ProblemAlert error={back.error} />
    </ListPage>
  )
}
