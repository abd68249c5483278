import { useQuery } from '@tanstack/react-query'
import { Select, Spin } from 'antd'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask } from '@/api/client'
import { Actor } from '@/parts/Actor'
import { useDelayed } from '@/parts/delayed'
import type { Field } from '@/parts/RowSelect'
import { useMay } from '@/session'

/** Of each list so many are offered; typing finds the others. */
const limit = 25

/** ActorSelect chooses a person or an API key by its name, also of those who have gone: what is typed is looked for by the API. */
export function ActorSelect({ value, onChange, ...rest }: Field) {
  const { t } = useTranslation('settings')
  const may = useMay()
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const search = useDelayed(typed.trim(), 250)
  const query = { limit, archived: true, ...(search ? { search } : {}) }
  const people = useQuery({ queryKey: ['people', 'choice', search], queryFn: ({ signal }) => ask(api.GET('/v1/people', { params: { query }, signal })), enabled: open && may('person.read') })
  const keys = useQuery({ queryKey: ['keys', 'choice', search], queryFn: ({ signal }) => ask(api.GET('/v1/keys', { params: { query }, signal })), enabled: open && may('key.read') })
  const options = [
    ...(people.data?.items ?? []).map((p) => ({ value: p.id, label: p.name })),
    ...(keys.data?.items ?? []).map((k) => ({ value: k.id, label: t('audit.key', { name: k.name }) })),
  ]
  const waiting = people.isFetching || keys.isFetching
  return (
    <Select
      {...rest}
      allowClear
      labelInValue
      value={value ? { value, label: <Actor id={value} /> } : undefined}
      onChange={(v?: { value: string; label?: ReactNode }) => onChange?.(v?.value)}
      options={options}
      loading={waiting}
      showSearch={{ filterOption: false, searchValue: typed, onSearch: setTyped }}
      notFoundContent={waiting ? <Spin size="small" /> : undefined}
      onOpenChange={setOpen}
      style={{ width: '100%' }}
    />
  )
}
