import './words'
import { PlusOutlined } from '@ant-design/icons'
import { Button, DatePicker, Form, Select, Tag } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { api, ask, got, Problem, type Schemas } from '@/api/client'
import { ListPage } from '@/parts/ListPage'
import { useMarket } from '@/parts/market'
import { Moment } from '@/parts/Moment'
import { useMay } from '@/session'
import { useDrawer } from './drawer'
import { useRequired } from './fields'
import { RowDrawer } from './RowDrawer'

type Row = Schemas['DayRow']

/** Names of days that calendars of most markets know; any other word will do. */
const known = ['statutory', 'makeup_workday', 'festival', 'sale']

/** The days of a market that have names: holidays, working weekends, days of sales. */
export default function Days() {
  const { t } = useTranslation('settings')
  const { code = '' } = useParams()
  const may = useMay()('market.write')
  const drawer = useDrawer()
  const market = useMarket(code)
  const required = useRequired()
  const name = (n: string) => (known.includes(n) ? `${t(`days.names.${n}`)} · ${n}` : n)
  return (
    <>
      <ListPage<Row>
        title={t('days.of', { code: market?.name ?? code })}
        name={`days-${code}`}
        rowKey="date"
        exportable={`/v1/markets/${encodeURIComponent(code)}/days`}
        page={(query, signal) => ask(api.GET('/v1/markets/{code}/days', { params: { path: { code }, query }, signal }))}
        empty={t('days.empty')}
        open={(r) => drawer.open(r.date)}
        actions={
          may && (
            <Button type="primary" icon={<PlusOutlined />} onClick={drawer.make}>
              {t('days.new')}
            </Button>
          )
        }
        columns={[
          { key: 'date', title: t('days.date'), render: (_, r) => <Button type="link" size="small" onClick={() => drawer.open(r.date)}>{r.date}</Button> },
          { key: 'names', title: t('days.called'), render: (_, r) => (r.names.length > 0 ? r.names.map((n) => <Tag key={n}>{name(n)}</Tag>) : t('days.ordinary')) },
          { key: 'updated', title: t('updated'), render: (_, r) => <Moment at={r.updated_at} /> },
        ]}
      />
      {drawer.shown && (
        <RowDrawer<Row, { date: string; names: string[] }>
          key={drawer.id ?? ''}
          name={`days-${code}`}
          id={drawer.id}
          title={drawer.id ?? t('days.new')}
          may={may}
          close={drawer.close}
          initial={{ names: [] }}
          read={async (date, signal) => {
            // Days have no address of their own to read: the list is by date.
            for (let cursor: string | undefined; ; ) {
              const page: Schemas['ListingDayRow'] = await ask(api.GET('/v1/markets/{code}/days', { params: { path: { code }, query: { limit: 500, ...(cursor ? { cursor } : {}) } }, signal }))
              const row = page.items.find((d) => d.date === date)
              if (row) return { data: row, etag: `"${row.rev}"` }
              if (!page.next_cursor) throw new Problem({ type: '', code: 'not_found', title: t('days.gone'), detail: date, status: 404, request_id: '' })
              cursor = page.next_cursor
            }
          }}
          values={({ date, names }) => ({ date, names })}
          write={({ values: { date, names }, etag }) =>
            got(api.PUT('/v1/markets/{code}/days/{date}', { params: { path: { code, date }, header: etag ? { 'If-Match': etag } : { 'If-None-Match': '*' } }, body: { names } }))
          }
        >
          {(row) => (
            <>
              <Form.Item name="date" label={t('days.date')} rules={required} getValueProps={(v?: string) => ({ value: v ? dayjs(v) : undefined })} normalize={(d?: dayjs.Dayjs) => d?.format('YYYY-MM-DD')}>
                <DatePicker disabled={!!row} style={{ width: 220 }} />
              </Form.Item>
              <Form.Item name="names" label={t('days.called')} extra={t('days.calledHelp')}>
                <Select mode="tags" options={known.map((value) => ({ value, label: name(value) }))} tokenSeparators={[',', ' ']} />
              </Form.Item>
            </>
          )}
        </RowDrawer>
      )}
    </>
  )
}
