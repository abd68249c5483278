import { Flex, Input, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { languages } from '@/i18n'
import { Conditions, type FormField } from './conditions'
import { fieldId, useEditing, useField } from './editing'
import { ChoiceField, Field, MomentField, MoneyField, NumberField, PercentField, TextField, WordsField } from './fields'
import type { Listed } from './Picked'
import { readPoints, writePoints, type Point } from './points'
import { Rows } from './Rows'
import { ListedField, ScopeEditor } from './ScopeEditor'
import { TimeRanges } from './TimeRanges'
import type { Tree } from './tree'

/** LeafEditor is one condition: its fields, and what a fact that is not known counts as. */
export function LeafEditor({ at }: { at: string }) {
  const { t } = useTranslation('coupons')
  const [leaf] = useField<Tree>(at)
  const form = Conditions.use().conditions.find((f) => f.type === leaf?.type)
  if (!form) return <p>{t('tree.unknownType', { type: String(leaf?.type) })}</p>
  return (
    <>
      {form.help && <p className="quiet">{form.help}</p>}
      <Flex vertical>
        {form.fields.map((f) => (
          <LeafField key={f.name} at={`${at}/${f.name}`} f={f} />
        ))}
      </Flex>
    </>
  )
}

const listed: Record<string, Listed> = { store: 'stores', sku: 'items', template: 'templates' }

function LeafField({ at, f }: { at: string; f: FormField }) {
  const plain = { at, label: f.label, hint: f.help, required: f.required }
  const options = (f.options ?? []).map((o) => ({ value: o.value, label: o.label }))
  switch (f.kind) {
    case 'integer':
      return <NumberField {...plain} min={f.min} max={f.max} />
    case 'money':
      return <MoneyField {...plain} />
    case 'bps':
      return <PercentField {...plain} />
    case 'yes_no':
      return <YesNo {...plain} />
    case 'choice':
      return <ChoiceField {...plain} options={options} standard={f.name === 'unknown' ? 'no' : undefined} />
    case 'choices':
    case 'weekdays':
      return <WordsField {...plain} options={options} />
    case 'words':
      return f.names && listed[f.names] ? <ListedField at={at} what={listed[f.names] as Listed} label={f.label} hint={f.help} /> : <WordsField {...plain} />
    case 'time_ranges':
      return <TimeRanges at={at} label={f.label} />
    case 'windows':
      return <Windows at={at} label={f.label} />
    case 'scope':
      return <ScopeEditor at={at} />
    case 'point':
      return <Points {...plain} single />
    case 'polygons':
      return <Polygons at={at} label={f.label} />
    case 'circles':
      return <Circles at={at} label={f.label} />
    case 'texts':
      return (
        <>
          {Object.entries(languages).map(([tag, name]) => (
            <TextField key={tag} at={`${at}/${tag}`} label={`${f.label} (${name})`} max={f.most} />
          ))}
        </>
      )
    case 'cel':
      return <Expression {...plain} />
    default:
      return <TextField {...plain} max={f.most} />
  }
}

interface Plain {
  at: string
  label: string
  hint?: string
  required?: boolean
}

/** YesNo is absent, no or yes: some conditions tell no from absent. */
function YesNo(p: Plain) {
  const [v, set] = useField<boolean>(p.at)
  const { disabled } = useEditing()
  return (
    <Field {...p}>
      <Switch id={fieldId(p.at)} checked={v ?? false} disabled={disabled} onChange={set} />
    </Field>
  )
}

function Expression(p: Plain) {
  const { t } = useTranslation('coupons')
  const { variables } = Conditions.use()
  return (
    <>
      <TextField {...p} area />
      <details style={{ marginBottom: 16 }}>
        <summary>{t('tree.variables')}</summary>
        {variables.map((v) => (
          <div key={v.name}>
            <code>{v.name}</code> <span className="quiet">{v.type}</span>
          </div>
        ))}
      </details>
    </>
  )
}

function Windows({ at, label }: { at: string; label: string }) {
  const { t } = useTranslation('coupons')
  return (
    <Rows
      at={at}
      name={label}
      add={t('range.addWindow')}
      most={50}
      fresh={() => ({})}
      row={(at, i) => (
        <Flex wrap gap="middle">
          <MomentField at={`${at}/from`} label={t('range.from', { n: i + 1 })} />
          <MomentField at={`${at}/to`} label={t('range.to', { n: i + 1 })} />
        </Flex>
      )}
    />
  )
}

/** Points are typed or pasted, "latitude, longitude", one a line. */
function Points({ single, ...p }: Plain & { single?: boolean }) {
  const { t } = useTranslation('coupons')
  const [v, set] = useField<Point | Point[]>(p.at)
  const { disabled } = useEditing()
  const [text, setText] = useState(() => writePoints(Array.isArray(v) ? v : v ? [v] : []))
  const read = readPoints(text)
  return (
    <Field {...p} hint={t(single ? 'points.one' : 'points.many')}>
      <Input.TextArea
        id={fieldId(p.at)}
        value={text}
        disabled={disabled}
        status={read === null ? 'error' : undefined}
        autoSize={{ minRows: single ? 1 : 3, maxRows: 12 }}
        style={{ maxWidth: 320 }}
        onChange={(e) => {
          setText(e.target.value)
          const points = readPoints(e.target.value)
          if (points) set(single ? points[0] : points)
        }}
      />
    </Field>
  )
}

function Polygons({ at, label }: { at: string; label: string }) {
  const { t } = useTranslation('coupons')
  return <Rows at={at} name={label} add={t('points.addPolygon')} most={100} fresh={() => []} row={(at, i) => <Points at={at} label={`${label} ${i + 1}`} />} />
}

function Circles({ at, label }: { at: string; label: string }) {
  const { t } = useTranslation('coupons')
  return (
    <Rows
      at={at}
      name={label}
      add={t('points.addCircle')}
      most={100}
      fresh={() => ({ radius_m: 1000 })}
      row={(at, i) => (
        <Flex wrap gap="middle">
          <Points at={`${at}/center`} label={t('points.center', { n: i + 1 })} single />
          <NumberField at={`${at}/radius_m`} label={t('points.radius', { n: i + 1 })} min={1} unit="m" />
        </Flex>
      )}
    />
  )
}
