import './words'
import { PlusOutlined } from '@ant-design/icons'
import { Button, Form, Input, Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import { api, ask, got, type Schemas } from '@/api/client'
import { ImportButton } from '@/parts/ImportButton'
import { ListPage } from '@/parts/ListPage'
import { Moment } from '@/parts/Moment'
import { useMay } from '@/session'
import { useDrawer } from './drawer'
import { CodeField, listQuery, useArchivedFilter, useRequired } from './fields'
import { merchantImport } from './imports'
import { RowDrawer } from './RowDrawer'

type Row = Schemas['MerchantRow']

/** The merchants of the business. */
export default function Merchants() {
  const { t } = useTranslation('settings')
  const may = useMay()('reference.write')
  const drawer = useDrawer()
  const required = useRequired()
  return (
    <>
      <ListPage<Row>
        title={t('merchants.title')}
        name="merchants"
        rowKey="code"
        exportable="/v1/merchants"
        filters={[{ key: 'search', label: t('shell:list.search') }, useArchivedFilter()]}
        page={(query, signal) => ask(api.GET('/v1/merchants', { params: { query: listQuery(query) }, signal }))}
        empty={t('merchants.empty')}
        open={(r) => drawer.open(r.code)}
        actions={
          may && (
            <>
              <ImportButton of={merchantImport} stale={['merchants']} />
              <Button type="primary" icon={<PlusOutlined />} onClick={drawer.make}>
                {t('merchants.new')}
              </Button>
            </>
          )
        }
        columns={[
          { key: 'code', title: t('code'), render: (_, r) => <Button type="link" size="small" onClick={() => drawer.open(r.code)}>{r.code}</Button> },
          { key: 'name', title: t('name'), render: (_, r) => <>{r.name} {r.archived_at && <Tag>{t('isArchivedShort')}</Tag>}</> },
          { key: 'updated', title: t('updated'), render: (_, r) => <Moment at={r.updated_at} /> },
          { key: 'created', title: t('created'), hidden: true, render: (_, r) => <Moment at={r.created_at} /> },
        ]}
      />
      {drawer.shown && (
        <RowDrawer<Row, { code: string; name: string }>
          key={drawer.id ?? ''}
          name="merchants"
          id={drawer.id}
          title={drawer.id ?? t('merchants.new')}
          may={may}
          close={drawer.close}
          read={(code, signal) => got(api.GET('/v1/merchants/{code}', { params: { path: { code } }, signal }))}
          values={({ code, name }) => ({ code, name })}
          write={({ values: { code, name }, etag }) =>
            ask(api.PUT('/v1/merchants/{code}', { params: { path: { code }, header: etag ? { 'If-Match': etag } : { 'If-None-Match': '*' } }, body: { name } }))
          }
          archive={{
            run: (etag) => ask(api.DELETE('/v1/merchants/{code}', { params: { path: { code: drawer.id ?? '' }, header: { 'If-Match': etag } } })),
            text: t('merchants.archive'),
          }}
        >
          {(row) => (
            <>
              <CodeField fixed={!!row} />
              <Form.Item name="name" label={t('name')} rules={required}>
                <Input maxLength={200} />
              </Form.Item>
            </>
          )}
        </RowDrawer>
      )}
    </>
  )
}
