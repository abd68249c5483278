import { DatePicker } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'

const form = 'YYYY-MM-DD'

/** Range chooses days; they stand in the address as from and to. */
export function Range() {
  const { t } = useTranslation('counter')
  const [params, setParams] = useSearchParams()
  const at = (key: string) => {
    const text = params.get(key)
    return text ? dayjs(text, form) : null
  }
  return (
    <DatePicker.RangePicker
      value={[at('from'), at('to')]}
      allowEmpty={[true, true]}
      placeholder={[t('from'), t('to')]}
      aria-label={t('days')}
      onChange={(days) =>
        setParams(
          (now) => {
            for (const [i, key] of (['from', 'to'] as const).entries()) {
              const d = days?.[i]
              if (d) now.set(key, d.format(form))
              else now.delete(key)
            }
            return now
          },
          { replace: true },
        )
      }
    />
  )
}
