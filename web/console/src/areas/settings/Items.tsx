import './words'
import { PlusOutlined } from '@ant-design/icons'
import { Button, Form, Input, Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import { api, ask, got, type Schemas } from '@/api/client'
import { Called } from '@/parts/Called'
import { ImportButton } from '@/parts/ImportButton'
import { ListPage } from '@/parts/ListPage'
import { Moment } from '@/parts/Moment'
import { showMoney } from '@/parts/money'
import { MoneyInput } from '@/parts/MoneyInput'
import { useAllMarkets, useMarkets } from '@/parts/market'
import { MerchantSelect } from '@/parts/RowSelect'
import { useMay } from '@/session'
import { useDrawer } from './drawer'
import { CodeField, listQuery, MarketSelect, useArchivedFilter, useRequired } from './fields'
import { itemImport } from './imports'
import { RowDrawer } from './RowDrawer'

type Row = Schemas['ItemRow']
type Values = { sku: string } & Schemas['ItemBody']

/** The catalogue: what is sold, at which list price. */
export default function Items() {
  const { t, i18n } = useTranslation('settings')
  const may = useMay()('reference.write')
  const drawer = useDrawer()
  const markets = useMarkets()
  const all = useAllMarkets().data ?? markets
  const price = (minor: number | undefined, r: Row) => {
    const m = all.find((x) => x.code === r.market)
    return minor === undefined || !m ? '–' : showMoney(minor, m.currency, i18n.language)
  }
  return (
    <>
      <ListPage<Row>
        title={t('items.title')}
        name="items"
        rowKey="sku"
        exportable="/v1/items"
        filters={[{ key: 'search', label: t('shell:list.search') }, useArchivedFilter()]}
        page={(query, signal) => ask(api.GET('/v1/items', { params: { query: listQuery(query) }, signal }))}
        empty={t('items.empty')}
        open={(r) => drawer.open(r.sku)}
        actions={
          may && (
            <>
              <ImportButton of={itemImport} stale={['items']} />
              <Button type="primary" icon={<PlusOutlined />} onClick={drawer.make}>
                {t('items.new')}
              </Button>
            </>
          )
        }
        columns={[
          { key: 'sku', title: t('items.sku'), render: (_, r) => <Button type="link" size="small" onClick={() => drawer.open(r.sku)}>{r.sku}</Button> },
          { key: 'name', title: t('name'), render: (_, r) => <>{r.name} {r.archived_at && <Tag>{t('isArchivedShort')}</Tag>}</> },
          { key: 'category', title: t('items.category'), dataIndex: 'category' },
          { key: 'brand', title: t('items.brand'), dataIndex: 'brand', hidden: true },
          { key: 'price', title: t('items.price'), align: 'end', className: 'numbers', render: (_, r) => price(r.price_minor, r) },
          { key: 'min', title: t('items.min'), align: 'end', className: 'numbers', hidden: true, render: (_, r) => price(r.min_minor || undefined, r) },
          { key: 'market', title: t('market'), render: (_, r) => all.find((m) => m.code === r.market)?.name ?? r.market },
          { key: 'merchant', title: t('merchant'), render: (_, r) => (r.merchant ? <Called kind="merchants" id={r.merchant} /> : t('items.platform')) },
          { key: 'updated', title: t('updated'), render: (_, r) => <Moment at={r.updated_at} /> },
        ]}
      />
      {drawer.shown && (
        <RowDrawer<Row, Values>
          key={drawer.id ?? ''}
          name="items"
          id={drawer.id}
          title={drawer.id ?? t('items.new')}
          may={may}
          close={drawer.close}
          initial={{ market: markets[0]?.code }}
          read={(sku, signal) => got(api.GET('/v1/items/{sku}', { params: { path: { sku } }, signal }))}
          values={({ sku, name, category, brand, merchant, market, price_minor, cost_minor, min_minor, prices }) => ({
            sku, name, category, brand, merchant, market, price_minor, cost_minor: cost_minor || undefined, min_minor: min_minor || undefined, prices,
          })}
          write={({ values: { sku, ...body }, etag }) =>
            ask(api.PUT('/v1/items/{sku}', { params: { path: { sku }, header: etag ? { 'If-Match': etag } : { 'If-None-Match': '*' } }, body: filled(body) as Schemas['ItemBody'] }))
          }
          archive={{
            run: (etag) => ask(api.DELETE('/v1/items/{sku}', { params: { path: { sku: drawer.id ?? '' }, header: { 'If-Match': etag } } })),
            text: t('items.archive'),
          }}
        >
          {(row) => <Fields row={row} markets={markets} />}
        </RowDrawer>
      )}
    </>
  )
}

/** filled leaves out what is empty. */
function filled(body: Schemas['ItemBody']): Partial<Schemas['ItemBody']> {
  const prices = Object.fromEntries(Object.entries(body.prices ?? {}).filter(([, p]) => p?.price_minor !== undefined))
  return Object.fromEntries(Object.entries({ ...body, prices: Object.keys(prices).length > 0 ? prices : undefined }).filter(([, v]) => v !== undefined && v !== ''))
}

function Fields({ row, markets }: { row?: Row; markets: Schemas['MarketRow'][] }) {
  const { t } = useTranslation('settings')
  const required = useRequired()
  const code = Form.useWatch('market') as string | undefined
  const market = markets.find((m) => m.code === code)
  const currency = market?.currency ?? 'CNY'
  return (
    <>
      <CodeField name="sku" label={t('items.sku')} fixed={!!row} />
      <Form.Item name="name" label={t('name')} rules={required}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="market" label={t('market')} rules={required} extra={row ? undefined : t('fixedLater')}>
        <MarketSelect disabled={!!row} />
      </Form.Item>
      <Form.Item name="price_minor" label={t('items.price')} rules={required}>
        <MoneyInput currency={currency} />
      </Form.Item>
      <Form.Item name="category" label={t('items.category')} extra={t('items.categoryHelp')}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="brand" label={t('items.brand')}>
        <Input maxLength={64} />
      </Form.Item>
      <Form.Item name="merchant" label={t('merchant')} extra={t('items.merchantHelp')}>
        <MerchantSelect />
      </Form.Item>
      <Form.Item name="min_minor" label={t('items.min')} extra={t('items.minHelp')}>
        <MoneyInput currency={currency} />
      </Form.Item>
      <Form.Item name="cost_minor" label={t('items.cost')}>
        <MoneyInput currency={currency} />
      </Form.Item>
      {Object.keys(market?.currencies ?? {}).map((further) => (
        <Form.Item key={further} name={['prices', further, 'price_minor']} label={t('items.priceIn', { currency: further })}>
          <MoneyInput currency={further} />
        </Form.Item>
      ))}
    </>
  )
}
