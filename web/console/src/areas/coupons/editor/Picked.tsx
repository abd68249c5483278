import { Select } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask } from '@/api/client'
import { language } from '@/i18n'
import { useDelayed } from '@/parts/delayed'
import { inLanguage } from '@/parts/texts'

/** What can be picked from a list of the API. */
export type Listed = 'items' | 'stores' | 'merchants' | 'templates' | 'budgets'

interface Choice {
  value: string
  label: string
}

const limit = 20

async function find(what: Listed, search: string, market: string, signal: AbortSignal): Promise<Choice[]> {
  const query = { limit, ...(search ? { search } : {}) }
  switch (what) {
    case 'items':
      return (await ask(api.GET('/v1/items', { params: { query }, signal }))).items.map((i) => ({ value: i.sku, label: `${i.name} · ${i.sku}` }))
    case 'stores':
      return (await ask(api.GET('/v1/stores', { params: { query }, signal }))).items.map((i) => ({ value: i.code, label: `${i.name} · ${i.code}` }))
    case 'merchants':
      return (await ask(api.GET('/v1/merchants', { params: { query }, signal }))).items.map((i) => ({ value: i.code, label: `${i.name} · ${i.code}` }))
    case 'templates':
      return (await ask(api.GET('/v1/templates', { params: { query: { ...query, market } }, signal }))).items.map((i) => ({ value: i.id, label: inLanguage(i.customer_name, language()) || i.internal_name }))
    case 'budgets':
      return (await ask(api.GET('/v1/budgets', { params: { query: { ...query, market } }, signal }))).items.map((i) => ({ value: i.id, label: i.name }))
  }
}

interface Props {
  what: Listed
  market: string
  id?: string
  disabled?: boolean
  'aria-label'?: string
  placeholder?: string
  width?: number | string
}

function useChoices(what: Listed, market: string) {
  const [search, setSearch] = useState('')
  const [open, setOpen] = useState(false)
  const late = useDelayed(search.trim(), 250)
  const found = useQuery({ queryKey: ['pick', what, market, late], queryFn: ({ signal }) => find(what, late, market, signal), enabled: open, staleTime: 30_000 })
  const { t } = useTranslation('coupons')
  return {
    options: found.data ?? [],
    loading: found.isFetching,
    onOpenChange: setOpen,
    notFoundContent: found.isFetching ? t('pick.searching') : t('pick.nothing'),
    showSearch: { filterOption: false, onSearch: setSearch, searchValue: search },
  }
}

/** PickMany picks several of a list, found by name or code. What is not found can be typed. */
export function PickMany({ what, market, value, onChange, width = '100%', ...rest }: Props & { value?: string[]; onChange: (v: string[] | undefined) => void }) {
  const choices = useChoices(what, market)
  return (
    <Select
      {...rest}
      {...choices}
      mode={what === 'items' ? 'tags' : 'multiple'}
      value={value ?? []}
      tokenSeparators={[',', '，']}
      style={{ width, minWidth: 200, maxWidth: 480 }}
      onChange={(x: string[]) => onChange(x.length > 0 ? x : undefined)}
    />
  )
}

/** PickOne picks one of a list, found by name or code. */
export function PickOne({ what, market, value, onChange, width = 280, ...rest }: Props & { value?: string; onChange: (v: string | undefined) => void }) {
  const choices = useChoices(what, market)
  return <Select {...rest} {...choices} allowClear value={value || undefined} style={{ width, maxWidth: '100%' }} onChange={(x?: string) => onChange(x)} />
}
