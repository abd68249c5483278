import { Modal, Spin } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { onExpired } from '@/api/client'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { useAccount, useSignedIn, WhoProvider, type Account } from '@/session'
import { Entrance } from './Entrance'
import { Initial } from './Initial'
import { Shell } from './Shell'
import { SignInForm } from './SignInForm'

/**
 * Gate lets in who is signed in. A session that ends while somebody works is asked for
 * again above the page, so that what they had typed is still there.
 */
export function Gate() {
  const account = useAccount()
  const signedIn = useSignedIn()
  const { t } = useTranslation()
  const [who, setWho] = useState<Account | null>(null)
  const [expired, setExpired] = useState(false)
  const now = account.data
  useEffect(() => {
    if (now) setWho(now)
  }, [now])
  useEffect(() => onExpired(() => setExpired(true)), [])

  if (account.isPending) return <Spin fullscreen aria-label={t('loading')} />
  if (account.isError && !who) return <ProblemAlert error={account.error} again={() => void account.refetch()} />
  if (!who || (now === null && !expired))
    return (
      <Entrance
        entered={(a) => {
          setExpired(false)
          signedIn(a)
          setWho(a)
        }}
      />
    )
  if (who.initial) return <Initial who={who} changed={() => void account.refetch()} />
  return (
    <WhoProvider value={who}>
      <Shell
        left={() => {
          setExpired(false)
          setWho(null)
        }}
      />
      <Modal open={expired} title={t('session.expired')} footer={null} closable={false} mask={{ closable: false }} keyboard={false} destroyOnHidden>
        <p>{t('session.kept')}</p>
        <SignInForm
          login={who.login}
          entered={(a) => {
            setExpired(false)
            signedIn(a)
            if (a.id !== who.id) window.location.reload() // somebody else's work is not theirs to go on with
          }}
        />
      </Modal>
    </WhoProvider>
  )
}
