import { Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask, Problem } from '@/api/client'
import { useAct } from '@/api/hooks'
import { ProblemAlert } from '@/parts/ProblemAlert'
import type { Account } from '@/session'

interface Fields {
  login: string
  password: string
  code?: string
}

/** SignInForm asks for login and password, and for the second factor where one is set. */
export function SignInForm({ login, entered }: { login?: string; entered: (a: Account) => void }) {
  const { t } = useTranslation()
  const [second, setSecond] = useState(false)
  const signIn = useAct<Fields, Account>({
    run: (body) => ask(api.POST('/v1/sessions', { body })),
    then: entered,
  })
  return (
    <Form<Fields> name="signin" layout="vertical" initialValues={{ login }} onFinish={(f) => signIn.mutate(f)} requiredMark={false}>
      <Form.Item name="login" label={t('signin.login')} rules={[{ required: true, message: t('required') }]}>
        <Input autoComplete="username" autoFocus={!login} maxLength={128} />
      </Form.Item>
      <Form.Item name="password" label={t('signin.password')} rules={[{ required: true, message: t('required') }]}>
        <Input.Password autoComplete="current-password" autoFocus={!!login} maxLength={200} />
      </Form.Item>
      {second && (
        <Form.Item name="code" label={t('signin.code')} extra={t('signin.codeHelp')}>
          <Input autoComplete="one-time-code" inputMode="text" maxLength={64} />
        </Form.Item>
      )}
      <ProblemAlert error={signIn.error} />
      <Button type="primary" htmlType="submit" block loading={signIn.isPending}>
        {t('signin.enter')}
      </Button>
      {!second && (
        <Button type="link" block onClick={() => setSecond(true)}>
          {t('signin.withCode')}
        </Button>
      )}
      {signIn.error instanceof Problem && signIn.error.code === 'sign_in_failed' && <p className="quiet">{t('signin.forgot')}</p>}
    </Form>
  )
}
