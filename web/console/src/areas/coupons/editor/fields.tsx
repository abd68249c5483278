import { Form, Input, InputNumber, Segmented, Select, Switch } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { MoneyInput } from '@/parts/MoneyInput'
import { MomentInput } from '@/parts/MomentInput'
import { PercentInput } from '@/parts/PercentInput'
import { fieldId, useEditing, useField } from './editing'

interface FieldProps {
  at: string
  /** Said above the field; words of "fields" by the last part of the pointer where absent. */
  label?: ReactNode
  hint?: ReactNode
  /** Pointers whose refusals are shown here too, as those of the parts of a list. */
  also?: string[]
  required?: boolean
  children: ReactNode
}

const last = (at: string) => at.slice(at.lastIndexOf('/') + 1)

/** useLabel is what the field of a pointer is called. */
export function useLabel(): (at: string) => string {
  const { t } = useTranslation('coupons')
  return (at) => t(`fields.${last(at)}`, { defaultValue: last(at) })
}

/** Field puts a label above an input and what is refused below it. */
export function Field({ at, label, hint, also, required, children }: FieldProps) {
  const { refused } = useEditing()
  const name = useLabel()
  const wrong = [at, ...(also ?? [])].flatMap(refused)
  return (
    <div data-at={at}>
      <Form.Item
        label={label ?? name(at)}
        htmlFor={fieldId(at)}
        required={required}
        extra={hint}
        validateStatus={wrong.length > 0 ? 'error' : undefined}
        help={wrong.length > 0 ? wrong.map((w, i) => <div key={i}>{w}</div>) : undefined}
      >
        {children}
      </Form.Item>
    </div>
  )
}

type Plain = Omit<FieldProps, 'children'>

export function MoneyField({ currency, zero, ...p }: Plain & { currency?: string; zero?: boolean }) {
  const [v, set] = useField<number>(p.at)
  const { market, disabled } = useEditing()
  return (
    <Field {...p}>
      <MoneyInput id={fieldId(p.at)} value={v || undefined} onChange={(m) => set(zero ? (m ?? 0) : m)} currency={currency ?? market.currency} disabled={disabled} />
    </Field>
  )
}

/** PercentField; fold says beside what is taken off what is left, as people in China count (8.5折). */
export function PercentField({ fold: folds, ...p }: Plain & { fold?: boolean }) {
  const [v, set] = useField<number>(p.at)
  const { disabled } = useEditing()
  const { t, i18n } = useTranslation('coupons')
  const fold = folds && v && v < 10_000 && i18n.language !== 'en' ? t('discount', { fold: ((10_000 - v) / 1000).toString() }) : undefined
  return (
    <Field {...p} hint={p.hint ?? fold}>
      <PercentInput id={fieldId(p.at)} value={v || undefined} onChange={set} disabled={disabled} />
    </Field>
  )
}

export function NumberField({ min, max, unit, keepZero, ...p }: Plain & { min?: number; max?: number; unit?: string; keepZero?: boolean }) {
  const [v, set] = useField<number>(p.at)
  const { disabled } = useEditing()
  return (
    <Field {...p}>
      <InputNumber
        id={fieldId(p.at)}
        value={keepZero ? v : v || null}
        min={min}
        max={max}
        precision={0}
        suffix={unit}
        disabled={disabled}
        style={{ width: 160 }}
        onChange={(n) => set(n ?? undefined)}
      />
    </Field>
  )
}

export function TextField({ max, area, ...p }: Plain & { max?: number; area?: boolean }) {
  const [v, set] = useField<string>(p.at)
  const { disabled } = useEditing()
  const I = area ? Input.TextArea : Input
  return (
    <Field {...p}>
      <I id={fieldId(p.at)} value={v ?? ''} maxLength={max} disabled={disabled} style={{ maxWidth: 480 }} onChange={(e) => set(e.target.value || undefined)} />
    </Field>
  )
}

/** ChoiceField chooses one of few words; the default is the API's own where the value is absent. */
export function ChoiceField({ options, standard, ...p }: Plain & { options: { value: string; label: string }[]; standard?: string }) {
  const [v, set] = useField<string>(p.at)
  const { disabled } = useEditing()
  const few = options.length <= 4
  const shown = v ?? standard
  return (
    <Field {...p}>
      {few ? (
        <Segmented
          id={fieldId(p.at)}
          aria-label={typeof p.label === 'string' ? p.label : undefined}
          value={shown ?? ''}
          options={options}
          disabled={disabled}
          style={{ maxWidth: '100%', overflowX: 'auto' }}
          onChange={(x) => set(x === standard ? undefined : x)}
        />
      ) : (
        <Select id={fieldId(p.at)} value={shown} options={options} disabled={disabled} style={{ maxWidth: 320, width: '100%' }} onChange={(x: string) => set(x === standard ? undefined : x)} />
      )}
    </Field>
  )
}

export function SwitchField(p: Plain) {
  const [v, set] = useField<boolean>(p.at)
  const { disabled } = useEditing()
  return (
    <Field {...p}>
      <Switch id={fieldId(p.at)} checked={v ?? false} disabled={disabled} onChange={(on) => set(on || undefined)} />
    </Field>
  )
}

/** WordsField is a list of words that nothing lists: whoever types one ends it with Enter. */
export function WordsField({ options, ...p }: Plain & { options?: { value: string; label: string }[] }) {
  const [v, set] = useField<string[]>(p.at)
  const { disabled, refused } = useEditing()
  const also = (v ?? []).map((_, i) => `${p.at}/${i}`).filter((x) => refused(x).length > 0)
  return (
    <Field {...p} also={also}>
      <Select
        id={fieldId(p.at)}
        mode="tags"
        value={v ?? []}
        options={options ?? []}
        disabled={disabled}
        tokenSeparators={[',', '，', '、']}
        style={{ minWidth: 200, maxWidth: 480, width: '100%' }}
        onChange={(x: string[]) => set(x.length > 0 ? x : undefined)}
      />
    </Field>
  )
}

export function MomentField(p: Plain) {
  const [v, set] = useField<string>(p.at)
  const { market, disabled } = useEditing()
  return (
    <Field {...p}>
      <MomentInput id={fieldId(p.at)} value={v} onChange={set} zone={market.zone} disabled={disabled} />
    </Field>
  )
}
