import { Select, Spin } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api, ask, type Schemas } from '@/api/client'
import { usePages, type Page } from '@/api/hooks'
import { nameOf } from './names'

/** Field is what a form gives to the control inside one of its items. */
export interface Field {
  id?: string
  value?: string
  onChange?: (id: string | undefined) => void
  disabled?: boolean
  placeholder?: string
  'aria-label'?: string
}

interface Props<Row> extends Field {
  /** Under which the pages are kept. */
  name: unknown[]
  page: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<Row>>
  /** Asks the row that was chosen, where it is on no page that was read. */
  one: (id: string, signal: AbortSignal) => Promise<Row>
  text: (row: Row) => string
}

/** RowSelect chooses a row of a list of any length: pages are read as somebody scrolls. */
export function RowSelect<Row extends { id: string }>({ name, page, one, text, value, onChange, ...rest }: Props<Row>) {
  const list = usePages<Row>([...name, 'choice'], page)
  const rows = useMemo(() => list.data?.pages.flatMap((x) => x.items) ?? [], [list.data])
  const absent = !!value && !list.isPending && !rows.some((r) => r.id === value)
  const chosen = useQuery({ queryKey: [...name, 'chosen', value], queryFn: ({ signal }) => one(value ?? '', signal), enabled: absent, staleTime: 60_000 })
  const options = [...(absent && chosen.data ? [chosen.data] : []), ...rows].map((r) => ({ value: r.id, label: text(r) }))
  return (
    <Select
      {...rest}
      value={value && options.some((o) => o.value === value) ? value : undefined}
      onChange={(v?: string) => onChange?.(v)}
      options={options}
      loading={list.isPending || list.isFetchingNextPage || chosen.isLoading}
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      notFoundContent={list.isPending ? <Spin size="small" /> : undefined}
      onPopupScroll={(e) => {
        const { scrollTop, clientHeight, scrollHeight } = e.currentTarget
        if (list.hasNextPage && !list.isFetchingNextPage && scrollTop + clientHeight > scrollHeight - 80) void list.fetchNextPage()
      }}
      style={{ width: '100%' }}
    />
  )
}

export type Template = Schemas['TemplateRow']

/** TemplateSelect chooses one of the published templates. */
export function TemplateSelect({ status = 'published', ...field }: Field & { status?: Template['status'] }) {
  return (
    <RowSelect<Template>
      {...field}
      name={['templates', status]}
      page={(cursor, signal) => ask(api.GET('/v1/templates', { params: { query: { status, limit: 100, ...(cursor ? { cursor } : {}) } }, signal }))}
      one={(id, signal) => ask(api.GET('/v1/templates/{id}', { params: { path: { id } }, signal }))}
      text={nameOf}
    />
  )
}

/** PackSelect chooses one of the published packs. */
export function PackSelect(field: Field) {
  return (
    <RowSelect<Schemas['PackRow']>
      {...field}
      name={['packs', 'published']}
      page={(cursor, signal) => ask(api.GET('/v1/packs', { params: { query: { status: 'published', limit: 100, ...(cursor ? { cursor } : {}) } }, signal }))}
      one={(id, signal) => ask(api.GET('/v1/packs/{id}', { params: { path: { id } }, signal }))}
      text={nameOf}
    />
  )
}
