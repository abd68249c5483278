import './words'
import { Button, DatePicker, Descriptions, Drawer, Flex, Table, Tag } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { api, ask, type Schemas } from '@/api/client'
import { Actor } from '@/parts/Actor'
import { Called } from '@/parts/Called'
import { ListPage } from '@/parts/ListPage'
import { Moment } from '@/parts/Moment'
import type { Kind } from '@/parts/named'
import { useMay } from '@/session'
import { ActorSelect } from './ActorSelect'
import { differences } from './differences'

type Entry = Schemas['AuditRow']

/** Kinds of rows that people change; the API knows them by the word before the dot. */
const kinds = ['template', 'placement', 'pack', 'packet_plan', 'budget', 'batch', 'code_batch', 'stop', 'grant', 'coupon', 'member', 'list', 'segment', 'link', 'page', 'picture', 'merchant', 'store', 'item', 'market', 'day', 'fact', 'person', 'account', 'session', 'key', 'job', 'queue', 'desk']

/** place is the page on which the row of an entry is, where there is one. */
function place(e: Entry): string | undefined {
  const key = encodeURIComponent(e.object)
  switch (e.action.split('.')[0]) {
    case 'template':
      return `/coupons/templates/${key}`
    case 'placement':
      return `/delivery/placements/${key}`
    case 'pack':
      return `/delivery/packs/${key}`
    case 'packet_plan':
      return `/delivery/packets/${key}`
    case 'code_batch':
      return `/delivery/codes/${key}`
    case 'list':
      return `/delivery/lists/${key}`
    case 'member':
      return `/members/list/${key}`
    case 'merchant':
      return `/settings/merchants?edit=${key}`
    case 'store':
      return `/settings/stores?edit=${key}`
    case 'item':
      return `/settings/items?edit=${key}`
    case 'market':
      return `/settings/markets?edit=${key}`
    case 'fact':
      return `/settings/facts?edit=${key}`
    case 'person':
      return `/settings/people?edit=${key}`
    case 'key':
      return `/settings/keys?edit=${key}`
    case 'job':
      return `/settings/jobs?edit=${key}`
    case 'stop':
      return '/settings/stops'
  }
  return undefined
}

/** Who changed what, when and why. */
export default function Audit() {
  const { t } = useTranslation('settings')
  const [params, setParams] = useSearchParams()
  const [shown, setShown] = useState<Entry>()
  const may = useMay()
  const action = useAction()
  const set = (key: string, d: dayjs.Dayjs | null) =>
    setParams(
      (now) => {
        if (d) now.set(key, d.toISOString())
        else now.delete(key)
        return now
      },
      { replace: true },
    )
  const from = params.get('from')
  const to = params.get('to')
  return (
    <>
      <ListPage<Entry>
        title={t('audit.title')}
        name="audit"
        rowKey="id"
        exportable="/v1/audit"
        filters={[
          { key: 'action', label: t('audit.kind'), options: kinds.map((value) => ({ value, label: t(`audit.kinds.${value}`) })) },
          { key: 'actor', label: t('audit.actor'), ...(may('person.read') || may('key.read') ? { choose: ActorSelect } : {}) },
          { key: 'object', label: t('audit.object') },
        ]}
        also={['from', 'to']}
        page={(query, signal) => ask(api.GET('/v1/audit', { params: { query }, signal }))}
        empty={t('audit.empty')}
        open={setShown}
        actions={
          <DatePicker.RangePicker
            aria-label={t('audit.when')}
            allowEmpty={[true, true]}
            value={[from ? dayjs(from) : null, to ? dayjs(to).subtract(1, 'day') : null]}
            onChange={(range) => {
              set('from', range?.[0]?.startOf('day') ?? null)
              set('to', range?.[1]?.add(1, 'day').startOf('day') ?? null)
            }}
            style={{ width: 240 }}
          />
        }
        columns={[
          { key: 'at', title: t('audit.when'), render: (_, e) => <Moment at={e.at} seconds /> },
          { key: 'action', title: t('audit.action'), render: (_, e) => <Button type="link" size="small" onClick={() => setShown(e)}>{action(e.action)}</Button> },
          { key: 'object', title: t('audit.object'), render: (_, e) => <Thing of={e} /> },
          { key: 'actor', title: t('audit.actor'), render: (_, e) => <Who id={e.actor} /> },
          { key: 'reason', title: t('reason'), render: (_, e) => e.reason },
          { key: 'request', title: t('audit.request'), hidden: true, render: (_, e) => <code>{e.request_id}</code> },
        ]}
      />
      {shown && (
        <Drawer open size={720} title={action(shown.action)} onClose={() => setShown(undefined)}>
          <Flex vertical gap="middle">
            <Descriptions
              column={1}
              size="small"
              items={[
                { key: 'at', label: t('audit.when'), children: <Moment at={shown.at} seconds /> },
                { key: 'who', label: t('audit.actor'), children: <Who id={shown.actor} /> },
                { key: 'object', label: t('audit.object'), children: <Thing of={shown} /> },
                ...(shown.reason ? [{ key: 'why', label: t('reason'), children: shown.reason }] : []),
                { key: 'request', label: t('audit.request'), children: <code>{shown.request_id || '–'}</code> },
              ]}
            />
            <Table
              size="small"
              rowKey="path"
              pagination={false}
              scroll={{ x: 'max-content' }}
              dataSource={differences(shown.before, shown.after)}
              locale={{ emptyText: t('audit.nothing') }}
              columns={[
                { key: 'path', title: t('audit.field'), dataIndex: 'path', render: (p: string) => <code>{p}</code> },
                { key: 'before', title: t('audit.before'), dataIndex: 'before', render: (v: string) => <del style={{ whiteSpace: 'pre-wrap', wordBreak: 'break-word' }}>{v}</del> },
                { key: 'after', title: t('audit.after'), dataIndex: 'after', render: (v: string) => <ins style={{ whiteSpace: 'pre-wrap', wordBreak: 'break-word', textDecoration: 'none' }}>{v}</ins> },
              ]}
            />
          </Flex>
        </Drawer>
      )}
    </>
  )
}

/** named are the kinds of rows that have a name beside their id or code. */
const named: Partial<Record<string, Kind>> = { template: 'templates', placement: 'placements', pack: 'packs', budget: 'budgets', merchant: 'merchants', store: 'stores' }

function Thing({ of }: { of: Entry }) {
  const to = place(of)
  const word = of.action.split('.')[0] ?? ''
  const kind = named[word]
  const name = kind ? <Called kind={kind} id={of.object} /> : word === 'person' || word === 'key' ? <Actor id={of.object} /> : of.object
  return to ? (
    <Link to={to} onClick={(e) => e.stopPropagation()} title={of.object}>
      {name}
    </Link>
  ) : kind ? (
    name
  ) : (
    <code>{of.object}</code>
  )
}

/** useAction says an action in words: what was done with which kind of row. */
function useAction() {
  const { t } = useTranslation('settings')
  return (action: string) => {
    const [kind = '', verb = ''] = action.split('.')
    return `${t(`audit.kinds.${kind}`, kind)} · ${t(`audit.verbs.${verb.replaceAll('-', '_')}`, verb)}`
  }
}

/** Who is who did something; the program itself as a part of it. */
function Who({ id }: { id: string }) {
  const { t } = useTranslation('settings')
  return id.startsWith('system:') ? <Tag>{t('audit.system', { part: id.slice(7) })}</Tag> : <Actor id={id} />
}
