import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Card, Flex, Input, InputNumber, Select, Skeleton, Switch } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from '@tanstack/react-query'
import { api, ask, type Schemas } from '@/api/client'
import { language } from '@/i18n'
import { flat, treeOf, type Flat, type Join, type Tree } from './tree'

type Kind = Schemas['ConditionRow']
type Field = Schemas['ConditionField']

/** The controls that this editor has; a condition that needs another is written as JSON. */
const known = ['text', 'integer', 'money', 'bps', 'yes_no', 'choice', 'choices', 'words']

/** TreeEditor draws the conditions of a segment from the forms that the API describes. */
export function TreeEditor({ value, onChange }: { value: Tree; onChange: (t: Tree) => void }) {
  const { t } = useTranslation('members')
  const forms = useQuery({ queryKey: ['conditions', language()], queryFn: ({ signal }) => ask(api.GET('/v1/conditions', { signal })), staleTime: 3_600_000 })
  const kinds = useMemo(() => (forms.data?.conditions ?? []).filter((c) => c.segment && c.fields.every((f) => !f.required || known.includes(f.kind))), [forms.data])
  const one = flat(value)
  if (forms.isPending) return <Skeleton active paragraph={{ rows: 2 }} />
  const deep = !one || one.leaves.some((l) => !kinds.some((k) => k.type === l.type))
  if (deep) return <Raw value={value} onChange={onChange} />
  const change = (next: Partial<Flat>) => onChange(treeOf({ ...one, ...next }))
  return (
    <Flex vertical gap="small">
      <Select<Join> aria-label={t('tree.join')} value={one.join} options={(['all', 'any', 'none'] as const).map((j) => ({ value: j, label: t(`tree.${j}`) }))} onChange={(join) => change({ join })} />
      {one.leaves.map((leaf, i) => {
        const kind = kinds.find((k) => k.type === leaf.type)
        return (
          <Card
            key={i}
            size="small"
            title={kind?.label}
            extra={<Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t('tree.remove', { name: kind?.label })} onClick={() => change({ leaves: one.leaves.filter((_, n) => n !== i) })} />}
          >
            <Flex vertical gap="small">
              {kind?.help && <span className="quiet">{kind.help}</span>}
              {kind?.fields
                .filter((f) => known.includes(f.kind))
                .map((f) => (
                  <label key={f.name}>
                    <div>{f.label}</div>
                    <Control field={f} value={leaf[f.name]} onChange={(v) => change({ leaves: one.leaves.map((l, n) => (n === i ? put(l, f.name, v) : l)) })} />
                  </label>
                ))}
            </Flex>
          </Card>
        )
      })}
      <Select
        aria-label={t('tree.add')}
        placeholder={
          <>
            <PlusOutlined /> {t('tree.add')}
          </>
        }
        value={null}
        showSearch={{ optionFilterProp: 'label' }}
        options={kinds.map((k: Kind) => ({ value: k.type, label: k.label }))}
        onChange={(type: string | null) => type && change({ leaves: [...one.leaves, { type }] })}
      />
    </Flex>
  )
}

/** put sets a field of a leaf; what is empty is not there. */
function put(leaf: Tree, name: string, v: unknown): Tree {
  const { [name]: _, ...rest } = leaf
  return v === undefined || v === null || v === '' || (Array.isArray(v) && v.length === 0) ? rest : { ...rest, [name]: v }
}

function Control({ field, value, onChange }: { field: Field; value: unknown; onChange: (v: unknown) => void }) {
  const options = (field.options ?? []).map((o) => ({ value: o.value, label: o.label }))
  switch (field.kind) {
    case 'yes_no':
      return <Switch aria-label={field.label} checked={value === true} onChange={onChange} />
    case 'integer':
    case 'money':
    case 'bps':
      return <InputNumber aria-label={field.label} style={{ width: '100%' }} precision={0} min={field.min} max={field.max} value={value as number | undefined} onChange={onChange} />
    case 'choice':
      return <Select aria-label={field.label} allowClear style={{ width: '100%' }} options={options} value={value as string | undefined} onChange={onChange} />
    case 'choices':
      return <Select aria-label={field.label} mode="multiple" style={{ width: '100%' }} options={options} value={(value as string[] | undefined) ?? []} onChange={onChange} />
    case 'words':
      return <Select aria-label={field.label} mode="tags" tokenSeparators={[',', '，', ' ']} open={false} suffixIcon={null} style={{ width: '100%' }} value={(value as string[] | undefined) ?? []} onChange={onChange} />
  }
  return <Input aria-label={field.label} value={(value as string | undefined) ?? ''} onChange={(e) => onChange(e.target.value)} />
}

/** Raw is a condition of several levels, as JSON: it is kept as it was written. */
function Raw({ value, onChange }: { value: Tree; onChange: (t: Tree) => void }) {
  const { t } = useTranslation('members')
  return (
    <>
      <span className="quiet">{t('tree.raw')}</span>
      <Input.TextArea
        aria-label={t('tree.raw')}
        rows={6}
        defaultValue={JSON.stringify(value, null, 2)}
        onChange={(e) => {
          try {
            onChange(JSON.parse(e.target.value) as Tree)
          } catch {
            // half typed: the last that could be read stands
          }
        }}
      />
    </>
  )
}
