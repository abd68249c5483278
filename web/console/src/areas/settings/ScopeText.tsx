import { Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'

/** ScopeText says what somebody is limited to. */
export function ScopeText({ scope }: { scope?: Schemas['AccessScope'] }) {
  const { t } = useTranslation('settings')
  const parts = (['merchants', 'stores', 'cities'] as const).flatMap((k) => (scope?.[k] ?? []).map((v) => `${t(`scope.${k}`)}: ${v}`))
  if (parts.length === 0) return <span className="quiet">{t('scope.everything')}</span>
  return (
    <>
      {parts.slice(0, 3).map((p) => (
        <Tag key={p}>{p}</Tag>
      ))}
      {parts.length > 3 && <Tag>+{parts.length - 3}</Tag>}
    </>
  )
}
