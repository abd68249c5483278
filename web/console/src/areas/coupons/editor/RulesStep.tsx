import { Divider, Flex } from 'antd'
import { useTranslation } from 'react-i18next'
import { fieldId, useEditing, useField } from './editing'
import { ChoiceField, Field, NumberField, SwitchField, TextField, WordsField } from './fields'
import { PickOne } from './Picked'
import { TreeEditor } from './TreeEditor'

/** RulesStep says who may get the coupon, who may use it, and beside which others. */
export function RulesStep() {
  const { t } = useTranslation('coupons')
  const { body } = useEditing()
  const { terms, claim } = body.draft
  return (
    <>
      <TreeEditor at="/draft/claim/when" title={t('rules.claim')} />
      <WordsField at="/draft/claim/place/cities" label={t('rules.claimCities')} hint={t('all')} />
      <WordsField at="/draft/claim/place/channels" label={t('rules.claimChannels')} hint={t('all')} />
      <Flex wrap gap="large">
        <SwitchField at="/draft/claim/newcomer" label={t('rules.newcomer')} hint={t('rules.newcomerHint')} />
        {(claim.newcomer || claim.alternative) && <Alternative />}
        <SwitchField at="/draft/claim/automatic" label={t('rules.automatic')} hint={t('rules.automaticHint')} />
      </Flex>
      <Divider />
      <TreeEditor at="/draft/terms/when" title={t('rules.use')} />
      <Divider />
      <h3>{t('stacking.title')}</h3>
      <p className="quiet">{t('stacking.about')}</p>
      <Flex wrap gap="middle">
        <TextField at="/draft/terms/stacking/group" label={t('stacking.group')} hint={t('stacking.groupHint')} max={128} />
        <WordsField at="/draft/terms/stacking/excludes" label={t('stacking.excludes')} />
        {(terms.discount_bps || terms.stacking?.base || terms.steps) && <ChoiceField at="/draft/terms/stacking/base" label={t('stacking.base')} standard="before" options={['before', 'list'].map((value) => ({ value, label: t(`stacking.${value}`) }))} />}
        <SwitchField at="/draft/terms/stacking/again" label={t('stacking.again')} />
        <NumberField at="/draft/terms/priority" label={t('stacking.priority')} hint={t('stacking.priorityHint')} min={-1000} max={1000} />
        <SwitchField at="/draft/terms/allow_zero" label={t('stacking.zero')} hint={t('stacking.zeroHint')} />
      </Flex>
    </>
  )
}

function Alternative() {
  const { t } = useTranslation('coupons')
  const at = '/draft/claim/alternative'
  const [v, set] = useField<string>(at)
  const { market, disabled } = useEditing()
  return (
    <Field at={at} label={t('rules.alternative')} hint={t('rules.alternativeHint')}>
      <PickOne id={fieldId(at)} what="templates" market={market.code} value={v} disabled={disabled} onChange={set} />
    </Field>
  )
}
