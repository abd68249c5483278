import { ReloadOutlined, SettingOutlined } from '@ant-design/icons'
import { Button, Checkbox, DatePicker, Dropdown, Empty, Flex, Grid, Input, Select, Skeleton, Table, Typography, type TableColumnType } from 'antd'
import dayjs from 'dayjs'
import { useEffect, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { usePages, type Page } from '@/api/hooks'
import { ExportButton } from './ExportButton'
import { ProblemAlert } from './ProblemAlert'
import { ownZone } from './zone'
import type { Field } from './RowSelect'

/** Column is a column of a list; hidden ones are shown when somebody chooses them. */
export interface Column<Row> extends TableColumnType<Row> {
  key: string
  title: string
  hidden?: boolean
}

/** Filter narrows a list. Its value stands in the address, so that a view can be sent to others. */
export interface Filter {
  key: string
  label: string
  /** What can be chosen; without, text is typed. */
  options?: { value: string; label: string }[]
  /** Somebody looks at the options: they may be asked for only now. */
  opened?: () => void
  /** A local day is chosen, as yyyy-mm-dd. */
  day?: boolean
  /** A row of another list is chosen by its name. */
  choose?: (p: Field) => ReactNode
}

interface Props<Row> {
  title: string
  /** Under which queries and the choice of columns are kept. */
  name: string
  rowKey: keyof Row & string
  columns: Column<Row>[]
  filters?: Filter[]
  /** Further parts of the address that narrow the list; their fields are among the actions. */
  also?: string[]
  /** Asks one page; query has the filters that are set, and cursor and limit. */
  page: (query: Record<string, string>, signal: AbortSignal) => Promise<Page<Row>>
  /** What to do when there is nothing. */
  empty: ReactNode
  /** Buttons beside the title. */
  actions?: ReactNode
  open?: (row: Row) => void
  /** The list's address, as "/v1/items", by which it is downloaded as a file. */
  exportable: string
  /** Rows that are chosen for an act on several. */
  selection?: { chosen: Row[]; choose: (rows: Row[]) => void }
  /** Told which rows have been read, so that figures can be asked for them. */
  loaded?: (rows: Row[]) => void
  children?: ReactNode
}

/** ListPage is a list of any length, read page by page by its cursor, with its filters in the address. */
export function ListPage<Row extends object>(p: Props<Row>) {
  const { t } = useTranslation('shell')
  const [params, setParams] = useSearchParams()
  const filters = p.filters ?? []
  const set = Object.fromEntries([...filters.map((f) => f.key), ...(p.also ?? [])].map((key) => [key, params.get(key) ?? '']).filter(([, v]) => v !== '')) as Record<string, string>
  const list = usePages<Row>([p.name, set], (cursor, signal) => p.page({ ...set, ...(cursor ? { cursor } : {}) }, signal))
  const rows = useMemo(() => list.data?.pages.flatMap((x) => x.items) ?? [], [list.data])
  const [shown, setShown] = useShown(p.name, p.columns)
  const narrow = Grid.useBreakpoint().md === false
  const loaded = p.loaded
  useEffect(() => loaded?.(rows), [loaded, rows])
  const change = (key: string, value: string) =>
    setParams(
      (now) => {
        if (value) now.set(key, value)
        else now.delete(key)
        return now
      },
      { replace: true },
    )
  return (
    <section aria-labelledby={`${p.name}-title`}>
      <Flex wrap gap="small" align="center" justify="space-between" style={{ marginBottom: 16 }}>
        <Typography.Title level={1} id={`${p.name}-title`} style={{ margin: 0, fontSize: 24 }}>
          {p.title}
        </Typography.Title>
        <Flex wrap gap="small">
          {filters.map((f) =>
            f.options ? (
              <Select
                key={f.key}
                allowClear
                aria-label={f.label}
                placeholder={f.label}
                value={set[f.key]}
                options={f.options}
                onOpenChange={(open) => open && f.opened?.()}
                onChange={(v?: string) => change(f.key, v ?? '')}
                style={{ minWidth: 130 }}
              />
            ) : f.choose ? (
              <div key={f.key} style={{ width: 220 }}>
                <f.choose aria-label={f.label} placeholder={f.label} value={set[f.key]} onChange={(v) => change(f.key, v ?? '')} />
              </div>
            ) : f.day ? (
              <DatePicker key={f.key} aria-label={f.label} placeholder={f.label} value={set[f.key] ? dayjs(set[f.key]) : null} onChange={(d) => change(f.key, d ? d.format('YYYY-MM-DD') : '')} style={{ width: 140 }} />
            ) : (
              <FilterText key={f.key} label={f.label} value={set[f.key] ?? ''} change={(v) => change(f.key, v)} />
            ),
          )}
          <Dropdown
            trigger={['click']}
            popupRender={() => (
              <Flex vertical gap={4} style={{ padding: 12, background: 'var(--ant-color-bg-elevated)', boxShadow: 'var(--ant-box-shadow-secondary)', borderRadius: 8 }}>
                {p.columns.map((c) => (
                  <Checkbox key={c.key} checked={shown.includes(c.key)} onChange={(e) => setShown(c.key, e.target.checked)}>
                    {c.title}
                  </Checkbox>
                ))}
              </Flex>
            )}
          >
            <Button icon={<SettingOutlined />} aria-label={t('list.columns')} title={t('list.columns')} />
          </Dropdown>
          <Button icon={<ReloadOutlined />} aria-label={t('list.refresh')} title={t('list.refresh')} loading={list.isRefetching} onClick={() => void list.refetch()} />
          <ExportButton list={p.exportable} query={set} />
          {p.actions}
        </Flex>
      </Flex>
      {p.children}
      <ProblemAlert error={list.error} again={() => void list.refetch()} />
      {list.isPending ? (
        <Skeleton active paragraph={{ rows: 8 }} />
      ) : narrow && rows.length > 0 ? (
        <Cards rows={rows} columns={p.columns.filter((c) => shown.includes(c.key))} rowKey={p.rowKey} open={p.open} selection={p.selection} />
      ) : (
        // The place that scrolls can be reached by keyboard, also where the table is empty.
        <div role="region" aria-labelledby={`${p.name}-title`} tabIndex={0} style={{ overflowX: 'auto' }}>
          <Table<Row>
            size="middle"
            rowKey={p.rowKey}
            dataSource={rows}
            columns={p.columns.filter((c) => shown.includes(c.key))}
            pagination={false}
            style={{ minWidth: rows.length > 0 ? 'max-content' : undefined }}
            showHeader={!narrow}
            locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={p.empty} /> }}
            rowSelection={p.selection && { selectedRowKeys: p.selection.chosen.map((r) => r[p.rowKey] as string), onChange: (_, chosen) => p.selection?.choose(chosen) }}
            onRow={(row) => (p.open ? { onClick: () => p.open?.(row), style: { cursor: 'pointer' } } : {})}
          />
        </div>
      )}
      <Flex align="center" justify="center" gap="middle" style={{ padding: 16 }}>
        {rows.length > 0 && (
          <span className="quiet">
            {t(list.hasNextPage ? 'list.some' : 'list.all', { count: rows.length })} · {t('list.zone', { zone: ownZone() })}
          </span>
        )}
        {list.hasNextPage && (
          <Button onClick={() => void list.fetchNextPage()} loading={list.isFetchingNextPage}>
            {t('list.more')}
          </Button>
        )}
      </Flex>
    </section>
  )
}

/** Cards are the rows of a list where a table would be wider than the screen: a thumb reaches all of a row. */
function Cards<Row extends object>({ rows, columns, rowKey, open, selection }: Pick<Props<Row>, 'columns' | 'rowKey' | 'open' | 'selection'> & { rows: Row[] }) {
  const shown = (c: Column<Row>, row: Row, i: number) => (c.render ? c.render(undefined as never, row, i) : (row[c.dataIndex as keyof Row] ?? '–')) as ReactNode
  const [first, ...others] = columns
  return (
    <ul style={{ listStyle: 'none', margin: 0, padding: 0, display: 'grid', gap: 8 }}>
      {rows.map((row, i) => {
        const chosen = selection?.chosen.some((r) => r[rowKey] === row[rowKey]) ?? false
        return (
          <li key={String(row[rowKey])} className="row-card" onClick={open && (() => open(row))}>
            {selection && (
              <Checkbox
                aria-label={String(row[rowKey])}
                checked={chosen}
                onChange={(e) => selection.choose(e.target.checked ? [...selection.chosen, row] : selection.chosen.filter((r) => r[rowKey] !== row[rowKey]))}
                style={{ float: 'inline-end', padding: 4 }}
              />
            )}
            <strong>{first && shown(first, row, i)}</strong>
            <dl>
              {others.map((c) => (
                <div key={c.key}>
                  {c.title && <dt>{c.title}</dt>}
                  <dd>{shown(c, row, i)}</dd>
                </div>
              ))}
            </dl>
          </li>
        )
      })}
    </ul>
  )
}

/** FilterText asks when somebody has stopped typing. */
function FilterText({ label, value, change }: { label: string; value: string; change: (v: string) => void }) {
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  return <Input.Search allowClear aria-label={label} placeholder={label} value={text} onChange={(e) => setText(e.target.value)} onSearch={change} style={{ width: 240 }} />
}

/** useShown keeps which columns of a list somebody wants to see. */
function useShown<Row>(name: string, columns: Column<Row>[]): [string[], (key: string, on: boolean) => void] {
  const kept = `quan.columns.${name}`
  const [choice, setChoice] = useState<Record<string, boolean>>(() => JSON.parse(localStorage.getItem(kept) ?? '{}') as Record<string, boolean>)
  const shown = columns.filter((c) => choice[c.key] ?? !c.hidden).map((c) => c.key)
  return [
    shown,
    (key, on) => {
      const next = { ...choice, [key]: on }
      localStorage.setItem(kept, JSON.stringify(next))
      setChoice(next)
    },
  ]
}
