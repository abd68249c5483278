import { Flex, InputNumber } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import { fieldId, useEditing, useField } from './editing'
import { ChoiceField, Field, MoneyField, NumberField, TextField } from './fields'
import { Rows } from './Rows'

type Limit = Schemas['Limit']

const at = '/draft/claim/limits'
const amounts = ['issue_amount', 'redeem_amount', 'liability']

/** Limits say how many coupons there are: the two that every coupon has, and any other. */
export function Limits() {
  const { t } = useTranslation('coupons')
  return (
    <>
      <h3>{t('limits.title')}</h3>
      <Flex wrap gap="middle">
        <Quick per="template" />
        <Quick per="member" />
      </Flex>
      <LimitRows at={at} pers={['template', 'placement', 'member', 'person', 'device', 'payer', 'store', 'funder']} periods={['ever', 'day', 'week', 'month', 'window', 'rolling']} hides={isQuick} />
    </>
  )
}

const isQuick = (l: Limit) => l.what === 'issue_count' && l.period === 'ever' && (l.per === 'template' || l.per === 'member')

function Quick({ per }: { per: 'template' | 'member' }) {
  const { t } = useTranslation('coupons')
  const [list, set] = useField<Limit[]>(at)
  const { disabled } = useEditing()
  const limits = list ?? []
  const i = limits.findIndex((l) => isQuick(l) && l.per === per)
  const here = i < 0 ? `${at}/${per}` : `${at}/${i}`
  return (
    <Field at={here} label={t(`limits.quick.${per}`)} hint={t('limits.none')} also={[`${here}/cap`]}>
      <InputNumber
        id={fieldId(here)}
        value={i < 0 ? null : limits[i]?.cap}
        min={0}
        precision={0}
        disabled={disabled}
        style={{ width: 180 }}
        onChange={(n) => {
          if (n === null) set(limits.length > 1 ? limits.filter((_, k) => k !== i) : undefined)
          else if (i < 0) set([...limits, { what: 'issue_count', period: 'ever', per, cap: n }])
          else set(limits.map((l, k) => (k === i ? { ...l, cap: n } : l)))
        }}
      />
    </Field>
  )
}

interface RowsProps {
  at: string
  pers: string[]
  periods: string[]
  /** Rows that are shown elsewhere already are drawn short. */
  hides?: (l: Limit) => boolean
}

/** LimitRows is a list of limits with all that one can say. */
export function LimitRows({ at, pers, periods, hides }: RowsProps) {
  const { t } = useTranslation('coupons')
  const words = (group: string, values: string[]) => values.map((value) => ({ value, label: t(`limits.${group}.${value || 'standard'}`) }))
  const { market } = useEditing()
  return (
    <Rows<Limit>
      at={at}
      name={t('limits.one')}
      add={t('limits.add')}
      most={50}
      fresh={() => ({ what: 'issue_count', period: 'day', per: pers[0] as Limit['per'], cap: 100 })}
      row={(at, i, l) => {
        const n = { n: i + 1 }
        if (hides?.(l) && !l.stop && !l.alarms?.length) return <span className="quiet">{t(`limits.quick.${l.per}`)}</span>
        return (
          <Flex wrap gap="middle">
            <ChoiceField at={`${at}/what`} label={t('limits.what', n)} options={words('whats', ['issue_count', 'issue_amount', 'redeem_count', 'redeem_amount', 'liability'])} />
            <ChoiceField at={`${at}/period`} label={t('limits.period', n)} options={words('periods', periods)} />
            {l.period === 'rolling' && <NumberField at={`${at}/hours`} label={t('limits.hours', n)} min={1} max={168} />}
            <ChoiceField at={`${at}/per`} label={t('limits.per', n)} options={words('pers', pers)} />
            {(l.per === 'store' || l.per === 'funder' || l.only) && <TextField at={`${at}/only`} label={t('limits.only', n)} hint={t('limits.onlyHint')} max={200} />}
            {amounts.includes(l.what) ? <MoneyField at={`${at}/cap`} label={t('limits.cap', n)} currency={market.currency} /> : <NumberField at={`${at}/cap`} label={t('limits.cap', n)} min={0} keepZero />}
            {(l.what === 'redeem_amount' || l.over) && <ChoiceField at={`${at}/over`} label={t('limits.over', n)} standard="" options={words('overs', ['', 'refuse', 'truncate'])} />}
            <ChoiceField at={`${at}/stop`} label={t('limits.stop', n)} standard="" options={words('stops', ['', 'claims', 'all'])} />
            <Alarms at={`${at}/alarms`} label={t('limits.alarms', n)} />
          </Flex>
        )
      }}
    />
  )
}

function Alarms({ at, label }: { at: string; label: string }) {
  const { t } = useTranslation('coupons')
  const [v, set] = useField<number[]>(at)
  const { disabled } = useEditing()
  return (
    <Field at={at} label={label} hint={t('limits.alarmsHint')}>
      <Flex wrap gap={8} id={fieldId(at)} role="group">
        {[50, 80, 90, 100].map((p) => (
          <label key={p}>
            <input type="checkbox" checked={v?.includes(p) ?? false} disabled={disabled} onChange={(e) => set(e.target.checked ? [...(v ?? []), p].sort((a, b) => a - b) : v?.filter((x) => x !== p))} /> {p}%
          </label>
        ))}
        {v?.some((p) => ![50, 80, 90, 100].includes(p)) && <span className="quiet">{v.map((p) => `${p}%`).join(' ')}</span>}
      </Flex>
    </Field>
  )
}
