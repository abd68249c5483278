import { Form, Input, Modal, Select } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask, type Schemas } from '@/api/client'
import { useAct } from '@/api/hooks'
import { applyProblem, ProblemAlert } from '@/parts/ProblemAlert'

interface Values {
  kind: string
  value: string
}

/** IdentityForm gives a member a further identity. It stays: what has named a member names no other. */
export default function IdentityForm({ member, close }: { member: string; close: () => void }) {
  const { t } = useTranslation('members')
  const [form] = Form.useForm<Values>()
  const add = useAct<Values, Schemas['MemberRow']>({
    run: (body, key) => ask(api.POST('/v1/members/{kind}/{value}/identities', { body, params: { path: { kind: 'id', value: member }, header: { 'Idempotency-Key': key } } })),
    done: t('identity.done'),
    stale: [['member', member]],
    then: close,
  })
  useEffect(() => applyProblem(form, add.error), [form, add.error])
  return (
    <Modal open title={t('identity.title')} okText={t('identity.add')} cancelText={t('shell:cancel')} confirmLoading={add.isPending} onOk={() => form.submit()} onCancel={close} destroyOnHidden>
      <ProblemAlert error={add.error} />
      <Form<Values> form={form} layout="vertical" initialValues={{ kind: 'phone' }} onFinish={(v) => add.mutate(v)}>
        <Form.Item name="kind" label={t('identity.kind')} rules={[{ required: true, message: t('shell:required') }]}>
          <Select options={['phone', 'email', 'wechat', 'external', 'device', 'person'].map((value) => ({ value, label: t(`kind.${value}`) }))} />
        </Form.Item>
        <Form.Item name="value" label={t('identity.value')} extra={t('identity.help')} rules={[{ required: true, whitespace: true, message: t('shell:required') }]}>
          <Input maxLength={256} autoComplete="off" />
        </Form.Item>
      </Form>
    </Modal>
  )
}
