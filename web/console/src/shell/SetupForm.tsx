import { Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { api, ask, type Schemas } from '@/api/client'
import { useAct } from '@/api/hooks'
import { applyProblem, ProblemAlert } from '@/parts/ProblemAlert'
import type { Account } from '@/session'

/** SetupForm makes the first administrator. */
export function SetupForm({ token, entered }: { token: string; entered: (a: Account) => void }) {
  const { t } = useTranslation()
  const [form] = Form.useForm<Schemas['SetupBody']>()
  const setUp = useAct<Schemas['SetupBody'], Account>({
    run: (body) => ask(api.POST('/v1/setup', { body })),
    then: (a) => {
      window.history.replaceState(null, '', window.location.pathname) // the token is worth nothing any more
      entered(a)
    },
  })
  return (
    <Form form={form} layout="vertical" initialValues={{ token }} requiredMark={false} onFinish={(f) => setUp.mutate(f, { onError: (e) => applyProblem(form, e) })}>
      <p>{t('setup.why')}</p>
      <Form.Item name="token" label={t('setup.token')} extra={token ? undefined : t('setup.tokenHelp')} hidden={!!token} rules={[{ required: true, message: t('required') }]}>
        <Input autoComplete="off" maxLength={64} />
      </Form.Item>
      <Form.Item name="name" label={t('setup.name')} rules={[{ required: true, message: t('required') }]}>
        <Input autoComplete="name" autoFocus maxLength={200} />
      </Form.Item>
      <Form.Item name="login" label={t('signin.login')} extra={t('setup.loginHelp')} rules={[{ required: true, message: t('required') }]}>
        <Input autoComplete="username" maxLength={128} />
      </Form.Item>
      <Form.Item name="password" label={t('signin.password')} extra={t('setup.passwordHelp')} rules={[{ required: true, min: 10, message: t('setup.passwordHelp') }]}>
        <Input.Password autoComplete="new-password" maxLength={200} />
      </Form.Item>
      <ProblemAlert error={setUp.error} />
      <Button type="primary" htmlType="submit" block loading={setUp.isPending}>
        {t('setup.enter')}
      </Button>
    </Form>
  )
}
