import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, ask } from '@/api/client'
import { useMay, useWho } from '@/session'

/** Actor is who did something, by name where the reader may know it: a person, a key, or a part of the system. */
export function Actor({ id = '' }: { id?: string }) {
  const { t } = useTranslation('shell')
  const me = useWho()
  const may = useMay()
  const person = id.startsWith('psn_')
  const named = useQuery({
    queryKey: [person ? 'people' : 'keys', 'named', id],
    queryFn: async ({ signal }) => (person ? await ask(api.GET('/v1/people/{id}', { params: { path: { id } }, signal })) : await ask(api.GET('/v1/keys/{id}', { params: { path: { id } }, signal }))).name,
    enabled: id !== me.id && (person ? may('person.read') : id.startsWith('key_') && may('key.read')),
    staleTime: 60_000,
  })
  if (id === me.id) return <bdi>{me.name}</bdi>
  if (id.startsWith('system:')) return <>{t('system', { part: id.slice(7) })}</>
  return <bdi>{named.data ?? (id || '–')}</bdi>
}
