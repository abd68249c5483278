import { Select, Spin } from 'antd'
import { useQueries } from '@tanstack/react-query'
import { useMemo, useState, type CSSProperties } from 'react'
import { api, ask } from '@/api/client'
import { usePages, type Page } from '@/api/hooks'
import { useDelayed } from './delayed'
import { calledOf, namedBy, useNamed, type Kind, type RowOf } from './named'

/** Field is what a form gives to the control inside one of its items. */
export interface Field {
  id?: string
  value?: string
  onChange?: (id: string | undefined) => void
  disabled?: boolean
  placeholder?: string
  'aria-label'?: string
}

/** Asked is a page of a list: what was typed, and where to go on. */
interface Asked {
  limit: number
  search?: string
  cursor?: string
}

interface Props<K extends Kind> extends Field {
  kind: K
  page: (query: Asked, signal: AbortSignal) => Promise<Page<RowOf<K>>>
  /** What narrows the pages, if anything. */
  among?: string
}

/** keyOf is what a row is chosen by. */
const keyOf = (row: RowOf<Kind>) => ('id' in row ? row.id : row.code)

/** textOf is how a row is offered; what has a code of its own with it. */
const textOf = (row: RowOf<Kind>) => ('id' in row ? calledOf(row) : `${row.name} · ${row.code}`)

/**
 * RowSelect chooses a row of a list of any length by its name: it is looked for as somebody
 * types, and further pages are read as they scroll. Nothing is asked before it is opened but
 * the name of what is chosen already.
 */
export function RowSelect<K extends Kind>({ kind, page, among = '', value, onChange, ...rest }: Props<K>) {
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const search = useDelayed(typed.trim(), 250)
  const list = usePages<RowOf<K>>([kind, 'choice', among, search], (cursor, signal) => page({ limit: 50, ...(search ? { search } : {}), ...(cursor ? { cursor } : {}) }, signal), open)
  const rows = useMemo(() => list.data?.pages.flatMap((x) => x.items) ?? [], [list.data])
  const listed = rows.find((r) => keyOf(r) === value)
  const asked = useNamed(kind, listed ? undefined : value)
  const chosen = listed ?? asked.data
  // What has no name for the reader is shown as it was given.
  const label = chosen ? textOf(chosen) : asked.isError ? value : undefined
  return (
    <Select
      {...rest}
      labelInValue
      value={value && label ? { value, label } : undefined}
      onChange={(v?: { value: string; label?: string }) => onChange?.(v?.value)}
      options={rows.map((r) => ({ value: keyOf(r), label: textOf(r) }))}
      loading={(open && list.isPending) || list.isFetchingNextPage || asked.isLoading}
      allowClear
      showSearch={{ filterOption: false, searchValue: typed, onSearch: setTyped }}
      notFoundContent={list.isFetching ? <Spin size="small" /> : undefined}
      onOpenChange={setOpen}
      onPopupScroll={(e) => {
        const { scrollTop, clientHeight, scrollHeight } = e.currentTarget
        if (list.hasNextPage && !list.isFetchingNextPage && scrollTop + clientHeight > scrollHeight - 80) void list.fetchNextPage()
      }}
      style={{ width: '100%' }}
    />
  )
}

/** Several is what a form gives to a control of several values. */
export interface Several extends Omit<Field, 'value' | 'onChange'> {
  value?: string[]
  onChange?: (keys: string[]) => void
  maxCount?: number
  style?: CSSProperties
  /** What is in no list can be typed. */
  free?: boolean
}

/** RowsSelect chooses several rows as RowSelect chooses one. */
export function RowsSelect<K extends Kind>({ kind, page, among = '', value = [], onChange, free, style, ...rest }: Several & Omit<Props<K>, keyof Field>) {
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const search = useDelayed(typed.trim(), 250)
  const list = usePages<RowOf<K>>([kind, 'choice', among, search], (cursor, signal) => page({ limit: 50, ...(search ? { search } : {}), ...(cursor ? { cursor } : {}) }, signal), open)
  const rows = useMemo(() => list.data?.pages.flatMap((x) => x.items) ?? [], [list.data])
  const named = useQueries({ queries: value.map((key) => namedBy(kind, key)) })
  return (
    <Select
      {...rest}
      mode={free ? 'tags' : 'multiple'}
      tokenSeparators={free ? [',', '，', ' ', ';'] : undefined}
      labelInValue
      value={value.map((key, i) => ({ value: key, label: named[i]?.data ? textOf(named[i].data as RowOf<Kind>) : key }))}
      onChange={(all: { value: string; label?: string }[]) => onChange?.(all.map((v) => v.value))}
      options={rows.map((r) => ({ value: keyOf(r), label: textOf(r) }))}
      loading={open && list.isFetching}
      showSearch={{ filterOption: false, searchValue: typed, onSearch: setTyped }}
      notFoundContent={list.isFetching ? <Spin size="small" /> : undefined}
      onOpenChange={setOpen}
      onPopupScroll={(e) => {
        const { scrollTop, clientHeight, scrollHeight } = e.currentTarget
        if (list.hasNextPage && !list.isFetchingNextPage && scrollTop + clientHeight > scrollHeight - 80) void list.fetchNextPage()
      }}
      style={style ?? { width: '100%', maxWidth: 860 }}
    />
  )
}

/** TemplateSelect chooses one of the published templates. */
export function TemplateSelect({ status = 'published', ...field }: Field & { status?: RowOf<'templates'>['status'] }) {
  return <RowSelect kind="templates" among={status} page={(query, signal) => ask(api.GET('/v1/templates', { params: { query: { status, order: 'newest', ...query } }, signal }))} {...field} />
}

/** PackSelect chooses one of the published packs. */
export function PackSelect(field: Field) {
  return <RowSelect kind="packs" page={(query, signal) => ask(api.GET('/v1/packs', { params: { query: { status: 'published', order: 'newest', ...query } }, signal }))} {...field} />
}

/** PlacementSelect chooses a placement. */
export function PlacementSelect(field: Field) {
  return <RowSelect kind="placements" page={(query, signal) => ask(api.GET('/v1/placements', { params: { query: { order: 'newest', ...query } }, signal }))} {...field} />
}

/** BudgetSelect chooses a budget. */
export function BudgetSelect(field: Field) {
  return <RowSelect kind="budgets" page={(query, signal) => ask(api.GET('/v1/budgets', { params: { query: { order: 'newest', ...query } }, signal }))} {...field} />
}

/** StoreSelect chooses a store. */
export function StoreSelect(field: Field) {
  return <RowSelect kind="stores" page={(query, signal) => ask(api.GET('/v1/stores', { params: { query }, signal }))} {...field} />
}

/** MerchantSelect chooses a merchant. */
export function MerchantSelect(field: Field) {
  return <RowSelect kind="merchants" page={(query, signal) => ask(api.GET('/v1/merchants', { params: { query }, signal }))} {...field} />
}

/** ListSelect chooses an uploaded list of members. */
export function ListSelect(field: Field) {
  return <RowSelect kind="lists" page={(query, signal) => ask(api.GET('/v1/lists', { params: { query }, signal }))} {...field} />
}

/** SegmentSelect chooses a saved segment. */
export function SegmentSelect(field: Field) {
  return <RowSelect kind="segments" page={(query, signal) => ask(api.GET('/v1/segments', { params: { query }, signal }))} {...field} />
}

/** TemplatesSelect chooses several of the published templates. */
export function TemplatesSelect(field: Several) {
  return <RowsSelect kind="templates" among="published" page={(query, signal) => ask(api.GET('/v1/templates', { params: { query: { status: 'published', order: 'newest', ...query } }, signal }))} {...field} />
}

/** PlacementsSelect chooses several placements. */
export function PlacementsSelect(field: Several) {
  return <RowsSelect kind="placements" page={(query, signal) => ask(api.GET('/v1/placements', { params: { query: { order: 'newest', ...query } }, signal }))} {...field} />
}

/** MerchantsSelect chooses several merchants, or names some by their codes. */
export function MerchantsSelect(field: Several) {
  return <RowsSelect kind="merchants" free page={(query, signal) => ask(api.GET('/v1/merchants', { params: { query }, signal }))} {...field} />
}

/** StoresSelect chooses several stores, or names some by their codes. */
export function StoresSelect(field: Several) {
  return <RowsSelect kind="stores" free page={(query, signal) => ask(api.GET('/v1/stores', { params: { query }, signal }))} {...field} />
}
