import { GlobalOutlined, UserOutlined } from '@ant-design/icons'
import { Button, Dropdown, Grid } from 'antd'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api, ask } from '@/api/client'
import { useAct } from '@/api/hooks'
import { languages, setLanguage, type Language } from '@/i18n'
import { accountKey, useWho } from '@/session'
import { useMode, type Mode } from './Look'

/** AccountMenu changes language and brightness, and signs out. */
export function AccountMenu({ left }: { left: () => void }) {
  const { t, i18n } = useTranslation()
  const who = useWho()
  const queries = useQueryClient()
  const go = useNavigate()
  const { mode, setMode } = useMode()
  const wide = Grid.useBreakpoint().md ?? true
  const signOut = useAct({
    run: () => ask(api.POST('/v1/account/sign-out')),
    then: () => {
      queries.clear()
      queries.setQueryData(accountKey, null)
      left()
    },
  })
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          selectable: true,
          selectedKeys: [i18n.language],
          items: Object.entries(languages).map(([key, label]) => ({ key, label })),
          onClick: ({ key }) => {
            void setLanguage(key as Language)
            void queries.invalidateQueries() // the server's words come in the language of the request
          },
        }}
      >
        <Button type="text" icon={<GlobalOutlined />} aria-label={t('language')} />
      </Dropdown>
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            { type: 'group', label: t('look.label'), children: (['auto', 'light', 'dark'] as Mode[]).map((m) => ({ key: m, label: (mode === m ? '✓ ' : '') + t(`look.${m}`) })) },
            { type: 'divider' },
            { key: 'own', label: t('account.own') },
            { key: 'out', label: t('account.signOut') },
          ],
          onClick: ({ key }) => (key === 'out' ? signOut.mutate() : key === 'own' ? void go('/settings/account') : setMode(key as Mode)),
        }}
      >
        <Button type="text" icon={<UserOutlined />} aria-label={t('account.menu')}>
          {wide && who.name}
        </Button>
      </Dropdown>
    </>
  )
}
