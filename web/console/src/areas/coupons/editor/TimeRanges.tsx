import { Flex, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { fieldId, useEditing, useField } from './editing'
import { Field } from './fields'
import { Rows } from './Rows'

/** TimeRanges is a list of times of day. */
export function TimeRanges({ at, label }: { at: string; label: string }) {
  const { t } = useTranslation('coupons')
  return (
    <>
      <div style={{ marginBottom: 8 }}>{label}</div>
      <Rows
        at={at}
        name={t('range.name')}
        add={t('range.add')}
        most={24}
        fresh={() => ({ from: '10:00', to: '12:00' })}
        row={(at, i) => (
          <Flex wrap gap="middle">
            <Clock at={`${at}/from`} label={t('range.from', { n: i + 1 })} />
            <Clock at={`${at}/to`} label={t('range.to', { n: i + 1 })} end />
          </Flex>
        )}
      />
    </>
  )
}

/** Clock is a time of day; the end of a day is 24:00, which is typed as 00:00. */
function Clock({ at, label, end }: { at: string; label: string; end?: boolean }) {
  const [v, set] = useField<string>(at)
  const { disabled } = useEditing()
  return (
    <Field at={at} label={label}>
      <Input id={fieldId(at)} type="time" value={v === '24:00' ? '00:00' : (v ?? '')} disabled={disabled} style={{ width: 130 }} onChange={(e) => set(end && e.target.value === '00:00' ? '24:00' : e.target.value)} />
    </Field>
  )
}
