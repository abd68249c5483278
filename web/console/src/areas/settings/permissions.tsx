import { Tag } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, ask } from '@/api/client'

/** usePermissions is what there is to be allowed: permissions, roles, kinds of keys. */
export function usePermissions() {
  return useQuery({ queryKey: ['permissions'], queryFn: ({ signal }) => ask(api.GET('/v1/permissions', { signal })), staleTime: Infinity }).data
}

/** usePermissionName says a permission in words. */
export function usePermissionName() {
  const { t } = useTranslation('settings')
  return (p: string) => t(`perm.${p.replace('.', '_')}`, p)
}

/** Permissions shows permissions in words. */
export function Permissions({ of }: { of: string[] }) {
  const name = usePermissionName()
  return (
    <div style={{ display: 'flex', flexWrap: 'wrap', gap: 4 }}>
      {of.map((p) => (
        <Tag key={p} title={p}>
          {name(p)}
        </Tag>
      ))}
    </div>
  )
}
