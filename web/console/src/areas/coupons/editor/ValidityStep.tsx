import { Divider, Flex, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { fieldId, useEditing, useField } from './editing'
import { ChoiceField, Field, MomentField, NumberField, SwitchField, WordsField } from './fields'
import { Limits } from './Limits'
import { PickMany } from './Picked'
import { TimeRanges } from './TimeRanges'

/** ValidityStep says when the coupon can be had and used, and how many there are. */
export function ValidityStep() {
  const { t } = useTranslation('coupons')
  return (
    <>
      <h3>{t('validity.title')}</h3>
      <Validity at="/draft/terms/validity" />
      <Flex wrap gap="middle">
        <NumberField at="/draft/terms/uses_per_coupon" min={1} max={10_000} />
        <Interval />
      </Flex>
      <Divider />
      <h3>{t('window.title')}</h3>
      <Flex wrap gap="middle">
        <MomentField at="/draft/claim/window/from" label={t('window.from')} hint={t('window.fromHint')} />
        <MomentField at="/draft/claim/window/to" label={t('window.to')} hint={t('window.toHint')} />
      </Flex>
      <Sessions />
      <Divider />
      <Limits />
      <Budgets />
    </>
  )
}

function Interval() {
  const { body } = useEditing()
  const now = body.draft.terms
  return now.uses_per_coupon > 1 || now.interval_hours ? <NumberField at="/draft/terms/interval_hours" min={0} max={8784} /> : null
}

/** Validity says when an issued coupon can be used. */
export function Validity({ at }: { at: string }) {
  const { t } = useTranslation('coupons')
  const [kind] = useField<string>(`${at}/kind`)
  const fixed = kind === 'fixed'
  return (
    <>
      <ChoiceField at={`${at}/kind`} label={t('validity.kind')} options={['days', 'same_day', 'fixed', 'forever'].map((value) => ({ value, label: t(`validity.${value}`) }))} />
      <Flex wrap gap="middle">
        {(kind === 'days') && <NumberField at={`${at}/days`} label={t('validity.daysOf')} min={1} max={3660} />}
        <MomentField at={`${at}/from`} label={t(fixed ? 'validity.from' : 'validity.notBefore')} />
        {fixed && <MomentField at={`${at}/to`} label={t('validity.to')} hint={t('window.toHint')} />}
        {!fixed && <NumberField at={`${at}/delay_days`} label={t('validity.delayDays')} min={0} max={366} />}
        {!fixed && <NumberField at={`${at}/delay_hours`} label={t('validity.delayHours')} min={0} max={8784} />}
        {!fixed && <SwitchField at={`${at}/cut_by_window`} label={t('validity.cut')} />}
      </Flex>
    </>
  )
}

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** Sessions open the claim window again and again. */
function Sessions() {
  const { t } = useTranslation('coupons')
  const at = '/draft/claim/sessions'
  const [sessions, set] = useField<{ every: string }>(at)
  const { disabled } = useEditing()
  return (
    <>
      <Field at={at} label={t('sessions.title')} hint={t('sessions.hint')}>
        <Switch id={fieldId(at)} checked={!!sessions} disabled={disabled} onChange={(on) => set(on ? { every: 'day' } : undefined)} />
      </Field>
      {sessions && (
        <>
          <ChoiceField at={`${at}/every`} label={t('sessions.every')} options={['day', 'week', 'month'].map((value) => ({ value, label: t(`sessions.${value}`) }))} />
          {sessions.every === 'week' && <WordsField at={`${at}/weekdays`} label={t('sessions.weekdays')} options={weekdays.map((value) => ({ value, label: t(`weekdays.${value}`) }))} />}
          {sessions.every === 'month' && (
            <>
              <MonthDays at={`${at}/month_days`} />
              <ChoiceField at={`${at}/short_month`} label={t('sessions.short')} standard="last" options={['last', 'skip'].map((value) => ({ value, label: t(`sessions.${value}`) }))} />
            </>
          )}
          <TimeRanges at={`${at}/hours`} label={t('sessions.hours')} />
          <WordsField at={`${at}/except`} label={t('sessions.except')} hint={t('sessions.exceptHint')} />
        </>
      )}
    </>
  )
}

function MonthDays({ at }: { at: string }) {
  const { t } = useTranslation('coupons')
  const [days, set] = useField<number[]>(at)
  const { disabled } = useEditing()
  return (
    <Field at={at} label={t('sessions.monthDays')}>
      <div id={fieldId(at)} role="group" style={{ display: 'grid', gridTemplateColumns: 'repeat(7, 44px)', gap: 4 }}>
        {Array.from({ length: 31 }, (_, i) => i + 1).map((d) => {
          const on = days?.includes(d) ?? false
          return (
            <label key={d} style={{ display: 'flex', gap: 4, alignItems: 'center' }}>
              <input type="checkbox" checked={on} disabled={disabled} onChange={() => set(on ? days?.filter((x) => x !== d) : [...(days ?? []), d].sort((a, b) => a - b))} />
              {d}
            </label>
          )
        })}
      </div>
    </Field>
  )
}

function Budgets() {
  const { t } = useTranslation('coupons')
  const at = '/draft/claim/budgets'
  const [v, set] = useField<string[]>(at)
  const { market, disabled, refused } = useEditing()
  return (
    <Field at={at} label={t('budgets.draws')} hint={t('budgets.drawsHint')} also={(v ?? []).map((_, i) => `${at}/${i}`).filter((x) => refused(x).length > 0)}>
      <PickMany id={fieldId(at)} what="budgets" market={market.code} value={v} disabled={disabled} onChange={set} />
    </Field>
  )
}
