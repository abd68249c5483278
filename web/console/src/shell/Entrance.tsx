import { Card, Flex, Segmented, Typography } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask } from '@/api/client'
import { languages, setLanguage, type Language } from '@/i18n'
import type { Account } from '@/session'
import { SetupForm } from './SetupForm'
import { SignInForm } from './SignInForm'

/** Entrance is what somebody sees who is not signed in: the first of all makes the administrator. */
export function Entrance({ entered }: { entered: (a: Account) => void }) {
  const { t, i18n } = useTranslation()
  const setup = useQuery({ queryKey: ['setup'], queryFn: () => ask(api.GET('/v1/setup')) })
  // The link that the server prints brings the token behind the #, which no server sees.
  const [token] = useState(() => new URLSearchParams(window.location.hash.slice(1)).get('setup') ?? '')
  const first = setup.data?.needed === true
  return (
    <Flex component="main" vertical align="center" justify="center" gap="large" style={{ minHeight: '100vh', padding: 16 }}>
      <Typography.Title level={1} style={{ margin: 0 }}>
        quan 券
      </Typography.Title>
      <Card title={<h2 style={{ margin: 0, fontSize: 18 }}>{first ? t('setup.title') : t('signin.title')}</h2>} style={{ width: 400, maxWidth: '100%' }} loading={setup.isPending}>
        {first ? <SetupForm token={token} entered={entered} /> : <SignInForm entered={entered} />}
      </Card>
      <Segmented
        aria-label={t('language')}
        value={i18n.language}
        onChange={(l) => void setLanguage(l as Language)}
        options={Object.entries(languages).map(([value, label]) => ({ value, label }))}
      />
    </Flex>
  )
}
