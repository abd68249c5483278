import { Alert, Flex, Form, Input, Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { api, ask, type Schemas } from '@/api/client'
import { useAct } from '@/api/hooks'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { TemplateSelect } from '@/parts/RowSelect'

type Body = Schemas['ExplainClaimBody']

/** Why asks whether the member would get a coupon now, and tells everything that stands in the way. */
export function Why({ member, close }: { member: string; close: () => void }) {
  const { t } = useTranslation('members')
  const [form] = Form.useForm<Body>()
  const why = useAct<Body, { ok: boolean; reasons: Schemas['ClaimReasonRow'][] }>({
    run: (body) => ask(api.POST('/v1/members/{kind}/{value}/why', { body, params: { path: { kind: 'id', value: member } } })),
  })
  return (
    <Modal open title={t('why.title')} okText={t('why.ask')} cancelText={t('why.close')} confirmLoading={why.isPending} onOk={() => form.submit()} onCancel={close}>
      <Form<Body> form={form} layout="vertical" requiredMark="optional" onFinish={({ template, channel, city }) => why.mutate({ template, ...(channel ? { channel } : {}), ...(city ? { city } : {}) })}>
        <Form.Item name="template" label={t('why.template')} rules={[{ required: true, message: t('shell:required') }]}>
          <TemplateSelect />
        </Form.Item>
        <Form.Item name="channel" label={t('why.channel')}>
          <Input maxLength={64} />
        </Form.Item>
        <Form.Item name="city" label={t('why.city')}>
          <Input maxLength={64} />
        </Form.Item>
      </Form>
      <ProblemAlert error={why.error} />
      <Flex vertical gap="small" aria-live="polite">
        {why.data?.ok && <Alert type="success" showIcon title={t('why.ok')} />}
        {why.data?.reasons.map((r) => (
          <Alert key={r.code} type="warning" showIcon title={r.title} description={r.detail} />
        ))}
      </Flex>
    </Modal>
  )
}
