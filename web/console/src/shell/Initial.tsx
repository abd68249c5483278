import { Button, Card, Flex, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { api, ask, type Schemas } from '@/api/client'
import { useAct } from '@/api/hooks'
import { applyProblem, ProblemAlert } from '@/parts/ProblemAlert'
import type { Account } from '@/session'

/** Initial asks somebody whose password another person chose for one of their own. */
export function Initial({ who, changed }: { who: Account; changed: () => void }) {
  const { t } = useTranslation()
  const [form] = Form.useForm<Schemas['PasswordBody']>()
  const change = useAct<Schemas['PasswordBody']>({
    run: (body) => ask(api.POST('/v1/account/password', { body })),
    then: changed,
  })
  return (
    <Flex component="main" align="center" justify="center" style={{ minHeight: '100vh', padding: 16 }}>
      <Card title={<h1 style={{ margin: 0, fontSize: 18 }}>{t('initial.title', { name: who.name })}</h1>} style={{ width: 400, maxWidth: '100%' }}>
        <Form form={form} layout="vertical" requiredMark={false} onFinish={(f) => change.mutate(f, { onError: (e) => applyProblem(form, e) })}>
          <p>{t('initial.why')}</p>
          <Form.Item name="old" label={t('initial.old')} rules={[{ required: true, message: t('required') }]}>
            <Input.Password autoComplete="current-password" autoFocus maxLength={200} />
          </Form.Item>
          <Form.Item name="password" label={t('initial.new')} extra={t('setup.passwordHelp')} rules={[{ required: true, min: 10, message: t('setup.passwordHelp') }]}>
            <Input.Password autoComplete="new-password" maxLength={200} />
          </Form.Item>
          <ProblemAlert error={change.error} />
          <Button type="primary" htmlType="submit" block loading={change.isPending}>
            {t('initial.enter')}
          </Button>
        </Form>
      </Card>
    </Flex>
  )
}
