import './words'
import { CalendarOutlined, MinusCircleOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Divider, Flex, Form, Input, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, ask, got, type Schemas } from '@/api/client'
import { ListPage } from '@/parts/ListPage'
import { Moment } from '@/parts/Moment'
import { MoneyInput } from '@/parts/MoneyInput'
import { useMay } from '@/session'
import { useDrawer } from './drawer'
import { CodeField, listQuery, useArchivedFilter, useRequired } from './fields'
import { RowDrawer } from './RowDrawer'

type Row = Schemas['MarketRow']
interface Further {
  currency: string
  floor_minor?: number
  max_discount_minor?: number
}
type Values = Omit<Schemas['MarketBody'], 'currencies'> & { code: string; further: Further[] }

const weekdays = [1, 2, 3, 4, 5, 6, 0]

/** weekday is the name of a day of the week, 0 Sunday. */
export const weekday = (day: number, language: string) => new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' }).format(new Date(Date.UTC(2026, 1, 1 + day)))

/** The markets: currency, zone, week and the choices where the trade differs. */
export default function Markets() {
  const { t, i18n } = useTranslation('settings')
  const may = useMay()('market.write')
  const drawer = useDrawer()
  return (
    <>
      <ListPage<Row>
        title={t('markets.title')}
        name="markets"
        rowKey="code"
        exportable="/v1/markets"
        filters={[useArchivedFilter()]}
        page={(query, signal) => ask(api.GET('/v1/markets', { params: { query: listQuery(query) }, signal }))}
        empty={t('markets.empty')}
        open={(r) => drawer.open(r.code)}
        actions={
          may && (
            <Button type="primary" icon={<PlusOutlined />} onClick={drawer.make}>
              {t('markets.new')}
            </Button>
          )
        }
        columns={[
          { key: 'code', title: t('code'), render: (_, r) => <Button type="link" size="small" onClick={() => drawer.open(r.code)}>{r.code}</Button> },
          { key: 'name', title: t('name'), dataIndex: 'name' },
          { key: 'currency', title: t('markets.currency'), render: (_, r) => [r.currency, ...Object.keys(r.currencies ?? {})].join(', ') },
          { key: 'zone', title: t('markets.zone'), dataIndex: 'zone' },
          { key: 'week', title: t('markets.week'), render: (_, r) => weekday(r.week_start, i18n.language) },
          {
            key: 'days',
            title: t('days.title'),
            render: (_, r) => (
              <Link to={`/settings/markets/${r.code}/days`} onClick={(e) => e.stopPropagation()}>
                <CalendarOutlined /> {t('days.open')}
              </Link>
            ),
          },
          { key: 'updated', title: t('updated'), hidden: true, render: (_, r) => <Moment at={r.updated_at} /> },
        ]}
      />
      {drawer.shown && (
        <RowDrawer<Row, Values>
          key={drawer.id ?? ''}
          name="markets"
          id={drawer.id}
          title={drawer.id ?? t('markets.new')}
          may={may}
          close={drawer.close}
          initial={{ week_start: 1, zone: Intl.DateTimeFormat().resolvedOptions().timeZone, currency: 'CNY', further: [] }}
          read={(code, signal) => got(api.GET('/v1/markets/{code}', { params: { path: { code } }, signal }))}
          values={({ code, name, currency, zone, week_start, policies, currencies }) => ({
            code, name, currency, zone, week_start, policies,
            further: Object.entries(currencies ?? {}).map(([currency, f]) => ({ currency, ...f })),
          })}
          write={({ values: { code, further, ...body }, etag }) =>
            ask(
              api.PUT('/v1/markets/{code}', {
                params: { path: { code }, header: etag ? { 'If-Match': etag } : { 'If-None-Match': '*' } },
                body: {
                  ...body,
                  ...(further.length > 0
                    ? { currencies: Object.fromEntries(further.map(({ currency, floor_minor, ...f }) => [currency, { floor_minor: floor_minor ?? 1, ...f }])) }
                    : {}),
                },
              }),
            )
          }
          archive={{
            run: (etag) => ask(api.DELETE('/v1/markets/{code}', { params: { path: { code: drawer.id ?? '' }, header: { 'If-Match': etag } } })),
            text: t('markets.archive'),
          }}
        >
          {(row) => <Fields row={row} />}
        </RowDrawer>
      )}
    </>
  )
}

function Fields({ row }: { row?: Row }) {
  const { t, i18n } = useTranslation('settings')
  const required = useRequired()
  const currency = (Form.useWatch('currency') as string | undefined) ?? 'CNY'
  const choice = (name: string, options: string[]) => (
    <Form.Item name={['policies', name]} label={t(`policies.${name}.label`)} extra={t(`policies.${name}.help`)}>
      <Select options={options.map((value) => ({ value, label: t(`policies.${name}.${value}`) }))} />
    </Form.Item>
  )
  const number = (name: string, suffix: string, min: number, max: number) => (
    <Form.Item name={['policies', name]} label={t(`policies.${name}.label`)} extra={t(`policies.${name}.help`)} rules={required}>
      <InputNumber min={min} max={max} precision={0} suffix={suffix} style={{ width: 220 }} />
    </Form.Item>
  )
  return (
    <>
      <CodeField fixed={!!row} />
      <Form.Item name="name" label={t('name')} rules={required}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="currency" label={t('markets.currency')} rules={required} extra={t('markets.fixed')} normalize={(v: string) => v.toUpperCase()}>
        <Input maxLength={3} style={{ width: 120 }} />
      </Form.Item>
      <Form.Item name="zone" label={t('markets.zone')} rules={required} extra={t('markets.fixed')}>
        <Select showSearch options={Intl.supportedValuesOf('timeZone').map((value) => ({ value, label: value }))} />
      </Form.Item>
      <Form.Item name="week_start" label={t('markets.week')} rules={required} extra={t('markets.fixed')}>
        <Select options={weekdays.map((value) => ({ value, label: weekday(value, i18n.language) }))} style={{ width: 220 }} />
      </Form.Item>
      <Divider titlePlacement="start">{t('markets.further')}</Divider>
      <Form.List name="further">
        {(list, { add, remove }) => (
          <>
            {list.map((f) => (
              <Flex key={f.key} gap="small" wrap align="start">
                <Form.Item name={[f.name, 'currency']} label={t('markets.currency')} rules={required} normalize={(v: string) => v.toUpperCase()}>
                  <Input maxLength={3} style={{ width: 90 }} />
                </Form.Item>
                <Form.Item name={[f.name, 'floor_minor']} label={t('policies.floor_minor.label')}>
                  <FurtherMoney at={f.name} />
                </Form.Item>
                <Button type="text" style={{ marginTop: 30 }} icon={<MinusCircleOutlined />} aria-label={t('remove')} onClick={() => remove(f.name)} />
              </Flex>
            ))}
            <Button icon={<PlusOutlined />} onClick={() => add({ currency: '' })}>
              {t('markets.addCurrency')}
            </Button>
          </>
        )}
      </Form.List>
      {row?.policies && (
        <>
          <Divider titlePlacement="start">{t('markets.policies')}</Divider>
          {choice('broken_threshold', ['keep', 'recompute', 'refuse'])}
          {choice('coupon_return', ['on_full', 'never'])}
          {choice('late_payment', ['honour', 'refuse'])}
          <Form.Item name={['policies', 'floor_minor']} label={t('policies.floor_minor.label')} extra={t('policies.floor_minor.help')} rules={required}>
            <MoneyInput currency={currency} />
          </Form.Item>
          <Form.Item name={['policies', 'max_discount_minor']} label={t('policies.max_discount_minor.label')} extra={t('policies.max_discount_minor.help')}>
            <MoneyInput currency={currency} />
          </Form.Item>
          {number('lock_ttl_seconds', t('seconds'), 1, 86_400)}
          {number('max_coupons_order', '', 1, 50)}
          {number('return_grace_hours', t('hours'), 0, 8_760)}
        </>
      )}
    </>
  )
}

/** FurtherMoney is an amount in the currency that stands beside it. */
function FurtherMoney({ at, ...field }: { at: number; id?: string; value?: number; onChange?: (v?: number) => void }) {
  const currency = Form.useWatch(['further', at, 'currency']) as string | undefined
  return <MoneyInput {...field} currency={currency?.length === 3 ? currency : 'CNY'} />
}
