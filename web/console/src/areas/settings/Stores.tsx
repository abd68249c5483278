import './words'
import { PlusOutlined } from '@ant-design/icons'
import { Button, Form, Input, InputNumber, Select, Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import { api, ask, got, type Schemas } from '@/api/client'
import { ImportButton } from '@/parts/ImportButton'
import { Called } from '@/parts/Called'
import { ListPage } from '@/parts/ListPage'
import { Moment } from '@/parts/Moment'
import { MerchantSelect } from '@/parts/RowSelect'
import { useMay } from '@/session'
import { useDrawer } from './drawer'
import { CodeField, listQuery, useArchivedFilter, useRequired } from './fields'
import { storeImport } from './imports'
import { RowDrawer } from './RowDrawer'

type Row = Schemas['StoreRow']
type Values = { code: string } & Schemas['StoreBody']

/** Degrees are typed; millionths of a degree are kept. */
const degrees = { min: -180, max: 180, step: 0.000001, precision: 6, style: { width: '100%' } } as const
const asDegrees = { getValueProps: (v?: number) => ({ value: v === undefined ? undefined : v / 1e6 }), normalize: (v: number | null) => (v === null ? undefined : Math.round(v * 1e6)) }

/** The stores of all merchants. */
export default function Stores() {
  const { t } = useTranslation('settings')
  const may = useMay()('reference.write')
  const drawer = useDrawer()
  const required = useRequired()
  return (
    <>
      <ListPage<Row>
        title={t('stores.title')}
        name="stores"
        rowKey="code"
        exportable="/v1/stores"
        filters={[{ key: 'search', label: t('shell:list.search') }, { key: 'merchant', label: t('merchant'), choose: MerchantSelect }, useArchivedFilter()]}
        page={(query, signal) => ask(api.GET('/v1/stores', { params: { query: listQuery(query) }, signal }))}
        empty={t('stores.empty')}
        open={(r) => drawer.open(r.code)}
        actions={
          may && (
            <>
              <ImportButton of={storeImport} stale={['stores']} />
              <Button type="primary" icon={<PlusOutlined />} onClick={drawer.make}>
                {t('stores.new')}
              </Button>
            </>
          )
        }
        columns={[
          { key: 'code', title: t('code'), render: (_, r) => <Button type="link" size="small" onClick={() => drawer.open(r.code)}>{r.code}</Button> },
          { key: 'name', title: t('name'), render: (_, r) => <>{r.name} {r.archived_at && <Tag>{t('isArchivedShort')}</Tag>}</> },
          { key: 'merchant', title: t('merchant'), render: (_, r) => <Called kind="merchants" id={r.merchant} /> },
          { key: 'city', title: t('city'), dataIndex: 'city' },
          { key: 'updated', title: t('updated'), render: (_, r) => <Moment at={r.updated_at} /> },
        ]}
      />
      {drawer.shown && (
        <RowDrawer<Row, Values>
          key={drawer.id ?? ''}
          name="stores"
          id={drawer.id}
          title={drawer.id ?? t('stores.new')}
          may={may}
          close={drawer.close}
          read={(code, signal) => got(api.GET('/v1/stores/{code}', { params: { path: { code } }, signal }))}
          values={({ code, name, merchant, city, position }) => ({ code, name, merchant, city, position })}
          write={({ values: { code, position, city, ...body }, etag }) => {
            const known = position?.lat_e6 !== undefined && position.lng_e6 !== undefined
            return ask(
              api.PUT('/v1/stores/{code}', {
                params: { path: { code }, header: etag ? { 'If-Match': etag } : { 'If-None-Match': '*' } },
                body: { ...body, ...(city ? { city } : {}), ...(known ? { position: { ...position, system: position.system ?? 'wgs84' } } : {}) },
              }),
            )
          }}
          archive={{
            run: (etag) => ask(api.DELETE('/v1/stores/{code}', { params: { path: { code: drawer.id ?? '' }, header: { 'If-Match': etag } } })),
            text: t('stores.archive'),
          }}
        >
          {(row) => (
            <>
              <CodeField fixed={!!row} />
              <Form.Item name="name" label={t('name')} rules={required}>
                <Input maxLength={200} />
              </Form.Item>
              <Form.Item name="merchant" label={t('merchant')} rules={required} extra={row ? undefined : t('fixedLater')}>
                <MerchantSelect disabled={!!row} />
              </Form.Item>
              <Form.Item name="city" label={t('city')}>
                <Input maxLength={64} />
              </Form.Item>
              <Form.Item name={['position', 'lat_e6']} label={t('stores.lat')} {...asDegrees}>
                <InputNumber {...degrees} min={-90} max={90} />
              </Form.Item>
              <Form.Item name={['position', 'lng_e6']} label={t('stores.lng')} {...asDegrees}>
                <InputNumber {...degrees} />
              </Form.Item>
              <Form.Item name={['position', 'system']} label={t('stores.system')} extra={t('stores.systemHelp')}>
                <Select allowClear options={['wgs84', 'gcj02', 'bd09'].map((value) => ({ value, label: t(`stores.systems.${value}`) }))} />
              </Form.Item>
            </>
          )}
        </RowDrawer>
      )}
    </>
  )
}
