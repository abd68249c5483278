import { AutoComplete } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { api, ask } from '@/api/client'
import type { Field } from '@/parts/RowSelect'
import { choicesOf } from './choices'

interface Props extends Field {
  by: 'channel' | 'city'
  called: (value: string) => string
}

/** Existing takes a word of the operator's own: those that the report's days know are offered, any other can be typed. */
function Existing({ by, called, value = '', onChange, ...rest }: Props) {
  const [params] = useSearchParams()
  const [typed, setTyped] = useState(value)
  const [open, setOpen] = useState(false)
  useEffect(() => setTyped(value), [value])
  const days = Object.fromEntries(['market', 'from', 'to'].flatMap((k) => (params.get(k) ? [[k, params.get(k) ?? '']] : [])))
  const there = useQuery({
    queryKey: ['statistics', days, 'values', by],
    queryFn: ({ signal }) => ask(api.GET('/v1/statistics', { params: { query: { ...days, group_by: by } }, signal })),
    enabled: open,
    staleTime: 60_000,
  })
  const options = choicesOf(there.data?.rows.map((r) => r[by]) ?? [], called, typed, value)
  const choose = (v = '') => {
    setOpen(false)
    if (v !== value) onChange?.(v || undefined)
  }
  return (
    <AutoComplete
      {...rest}
      allowClear
      value={typed}
      options={options}
      open={open && options.length > 0}
      showSearch={{ filterOption: false }}
      onOpenChange={setOpen}
      onChange={(v?: string) => setTyped(v ?? '')}
      onSelect={choose}
      onClear={() => choose('')}
      onBlur={() => choose(typed.trim())}
      onKeyUp={(e) => e.key === 'Enter' && choose(typed.trim())}
      style={{ width: '100%' }}
    />
  )
}

/** ChannelField chooses a channel. */
export function ChannelField(field: Field) {
  const { t } = useTranslation()
  return <Existing by="channel" called={(v) => t(`shell:channel.${v}`, v)} {...field} />
}

/** CityField chooses a city. */
export function CityField(field: Field) {
  return <Existing by="city" called={(v) => v} {...field} />
}
