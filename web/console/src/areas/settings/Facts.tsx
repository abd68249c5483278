import './words'
import { MinusCircleOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Flex, Form, Input, Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import { api, ask, got, type Schemas } from '@/api/client'
import { ListPage } from '@/parts/ListPage'
import { Moment } from '@/parts/Moment'
import { MomentInput } from '@/parts/MomentInput'
import { useMay } from '@/session'
import { useDrawer } from './drawer'
import { CodeField, listQuery, useArchivedFilter, useRequired } from './fields'
import { RowDrawer } from './RowDrawer'

type Row = Schemas['FactRow']
interface Values {
  name: string
  value?: string
  cities: { city: string; value: string }[]
  expires_at: string
}

/** What outside systems know, as the weather, by city and until a moment. */
export default function Facts() {
  const { t } = useTranslation('settings')
  const may = useMay()('market.write')
  const drawer = useDrawer()
  const required = useRequired()
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <>
      <ListPage<Row>
        title={t('facts.title')}
        name="facts"
        rowKey="name"
        exportable="/v1/facts"
        filters={[useArchivedFilter()]}
        page={(query, signal) => ask(api.GET('/v1/facts', { params: { query: listQuery(query) }, signal }))}
        empty={t('facts.empty')}
        open={(r) => drawer.open(r.name)}
        actions={
          may && (
            <Button type="primary" icon={<PlusOutlined />} onClick={drawer.make}>
              {t('facts.new')}
            </Button>
          )
        }
        columns={[
          { key: 'name', title: t('name'), render: (_, r) => <Button type="link" size="small" onClick={() => drawer.open(r.name)}>{r.name}</Button> },
          { key: 'value', title: t('facts.value'), render: (_, r) => r.value || '–' },
          { key: 'cities', title: t('facts.cities'), render: (_, r) => Object.entries(r.cities ?? {}).slice(0, 4).map(([c, v]) => <Tag key={c}>{`${c}: ${v}`}</Tag>) },
          { key: 'expires', title: t('facts.expires'), render: (_, r) => <Moment at={r.expires_at} /> },
          { key: 'updated', title: t('updated'), hidden: true, render: (_, r) => <Moment at={r.updated_at} /> },
        ]}
      />
      {drawer.shown && (
        <RowDrawer<Row, Values>
          key={drawer.id ?? ''}
          name="facts"
          id={drawer.id}
          title={drawer.id ?? t('facts.new')}
          may={may}
          close={drawer.close}
          initial={{ cities: [] }}
          read={(name, signal) => got(api.GET('/v1/facts/{name}', { params: { path: { name } }, signal }))}
          values={({ name, value, cities, expires_at }) => ({ name, value, expires_at, cities: Object.entries(cities ?? {}).map(([city, value]) => ({ city, value: value ?? '' })) })}
          write={({ values: { name, value, cities, expires_at }, etag }) =>
            ask(
              api.PUT('/v1/facts/{name}', {
                params: { path: { name }, header: etag ? { 'If-Match': etag } : {} },
                body: { expires_at, ...(value ? { value } : {}), ...(cities.length > 0 ? { cities: Object.fromEntries(cities.map((c) => [c.city, c.value])) } : {}) },
              }),
            )
          }
        >
          {(row) => (
            <>
              <CodeField name="name" label={t('name')} fixed={!!row} />
              <Form.Item name="value" label={t('facts.value')} extra={t('facts.valueHelp')}>
                <Input maxLength={128} />
              </Form.Item>
              <Form.Item label={t('facts.cities')}>
                <Form.List name="cities">
                  {(list, { add, remove }) => (
                    <>
                      {list.map((f) => (
                        <Flex key={f.key} gap="small">
                          <Form.Item name={[f.name, 'city']} rules={required} style={{ flex: 1 }}>
                            <Input aria-label={t('city')} placeholder={t('city')} maxLength={64} />
                          </Form.Item>
                          <Form.Item name={[f.name, 'value']} rules={required} style={{ flex: 1 }}>
                            <Input aria-label={t('facts.value')} placeholder={t('facts.value')} maxLength={128} />
                          </Form.Item>
                          <Button type="text" icon={<MinusCircleOutlined />} aria-label={t('remove')} onClick={() => remove(f.name)} />
                        </Flex>
                      ))}
                      <Button icon={<PlusOutlined />} onClick={() => add({})}>
                        {t('facts.addCity')}
                      </Button>
                    </>
                  )}
                </Form.List>
              </Form.Item>
              <Form.Item name="expires_at" label={t('facts.expires')} extra={t('facts.expiresHelp')} rules={required}>
                <MomentInput zone={zone} />
              </Form.Item>
            </>
          )}
        </RowDrawer>
      )}
    </>
  )
}
