import { Form, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import type { Filter } from '@/parts/ListPage'
import { useMarkets } from '@/parts/market'
import { MerchantsSelect, StoresSelect } from '@/parts/RowSelect'

/** useRequired is the rule of a field that has to be filled in. */
export function useRequired() {
  const { t } = useTranslation('shell')
  return [{ required: true, message: t('required') }]
}

/** useArchivedFilter lets a list show archived rows too. */
export function useArchivedFilter(): Filter {
  const { t } = useTranslation('shell')
  return { key: 'archived', label: t('list.archived'), options: [{ value: 'true', label: t('list.archived') }] }
}

/** listQuery is what a list was narrowed to, as the API takes it. */
export function listQuery({ archived, ...query }: Record<string, string>) {
  return { ...query, ...(archived ? { archived: true } : {}) }
}

/** CodeField is the code of a new row, which never changes. */
export function CodeField({ name = 'code', fixed, label }: { name?: string; fixed: boolean; label?: string }) {
  const { t } = useTranslation('settings')
  return (
    <Form.Item name={name} label={label ?? t('code')} extra={fixed ? undefined : t('codeHelp')} rules={useRequired()}>
      <Input maxLength={128} disabled={fixed} autoFocus={!fixed} autoComplete="off" />
    </Form.Item>
  )
}

interface Choice {
  id?: string
  value?: string
  onChange?: (v?: string) => void
  disabled?: boolean
}

/** MarketSelect chooses a market by name or code. */
export function MarketSelect(p: Choice) {
  const all = useMarkets()
  return <Select {...p} showSearch={{ optionFilterProp: 'label' }} options={all.map((m) => ({ value: m.code, label: `${m.name} · ${m.code}` }))} />
}

/** ScopeFields limit somebody to merchants, stores and cities. */
export function ScopeFields() {
  const { t } = useTranslation('settings')
  return (
    <>
      <Form.Item name={['scope', 'merchants']} label={t('scope.merchants')}>
        <MerchantsSelect placeholder={t('scope.all')} />
      </Form.Item>
      <Form.Item name={['scope', 'stores']} label={t('scope.stores')}>
        <StoresSelect placeholder={t('scope.all')} />
      </Form.Item>
      <Form.Item name={['scope', 'cities']} label={t('scope.cities')}>
        <Select mode="tags" open={false} suffixIcon={null} placeholder={t('scope.all')} tokenSeparators={[',', '，', ' ', ';']} />
      </Form.Item>
    </>
  )
}

/** limited is a scope without its empty parts: an empty list limits nothing. */
export function limited(scope?: Schemas['AccessScope']): Schemas['AccessScope'] | undefined {
  const parts = Object.entries(scope ?? {}).filter(([, v]) => Array.isArray(v) && v.length > 0)
  return parts.length > 0 ? (Object.fromEntries(parts) as Schemas['AccessScope']) : undefined
}
