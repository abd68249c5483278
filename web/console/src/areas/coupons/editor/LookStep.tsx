import { useTranslation } from 'react-i18next'
import { languages } from '@/i18n'
import { useEditing } from './editing'
import { Field, TextField } from './fields'

/** LookStep says what people call the coupon. */
export function LookStep() {
  const { t } = useTranslation('coupons')
  const { template, refused } = useEditing()
  return (
    <>
      <TextField at="/internal_name" hint={t('look.internalHint')} max={200} />
      <h3>{t('look.names')}</h3>
      {refused('/customer_name').length > 0 && <Field at="/customer_name" label="">{null}</Field>}
      {Object.entries(languages).map(([tag, name]) => (
        <TextField key={tag} at={`/customer_name/${tag}`} label={name} max={200} />
      ))}
      <TextField at="/line" max={64} />
      {template.code && <p className="quiet">{t('look.code', { code: template.code })}</p>}
    </>
  )
}
