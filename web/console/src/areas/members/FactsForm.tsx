import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Drawer, Flex, Form, Input, Select } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask, type Schemas } from '@/api/client'
import { useAct } from '@/api/hooks'
import { Conflict, isConflict } from '@/parts/Conflict'
import { applyProblem, ProblemAlert } from '@/parts/ProblemAlert'

type Row = Schemas['MemberRow']

interface Values {
  tags: string[]
  attributes: { key: string; value: string }[]
}

const valuesOf = (m: Row): Values => ({ tags: m.tags ?? [], attributes: Object.entries(m.attributes ?? {}).map(([key, value]) => ({ key, value })) })

const path = (id: string) => ({ kind: 'id', value: id })

/** FactsForm changes a member's tags and attributes, whole: what somebody else has changed meanwhile is shown, not lost. */
export default function FactsForm({ of, close }: { of: Row; close: () => void }) {
  const { t } = useTranslation('members')
  const [form] = Form.useForm<Values>()
  const [rev, setRev] = useState(of.rev)
  const save = useAct<{ v: Values; rev: number }, Row>({
    run: ({ v, rev }) =>
      ask(
        api.PUT('/v1/members/{kind}/{value}', {
          params: { path: path(of.id), header: { 'If-Match': `"${rev}"` } },
          body: { tags: v.tags, attributes: Object.fromEntries(v.attributes.map((a) => [a.key.trim(), a.value])) },
        }),
      ),
    done: t('facts.saved'),
    stale: [['member', of.id], ['members']],
    then: close,
  })
  useEffect(() => applyProblem(form, save.error), [form, save.error])
  const newest = () => ask(api.GET('/v1/members/{kind}/{value}', { params: { path: path(of.id) } }))
  return (
    <Drawer
      open
      size={560}
      title={t('facts.title')}
      onClose={close}
      footer={
        <Flex gap="small" justify="end">
          <Button onClick={close}>{t('shell:cancel')}</Button>
          <Button type="primary" loading={save.isPending} onClick={() => form.submit()}>
            {t('shell:save')}
          </Button>
        </Flex>
      }
    >
      {isConflict(save.error) ? (
        <Conflict
          load={() => void newest().then((m) => (setRev(m.rev), form.setFieldsValue(valuesOf(m)), save.reset()))}
          overwrite={() => void newest().then((m) => (setRev(m.rev), save.mutate({ v: form.getFieldsValue(), rev: m.rev })))}
        />
      ) : (
        <ProblemAlert error={save.error} />
      )}
      <Form<Values> form={form} layout="vertical" initialValues={valuesOf(of)} onFinish={(v) => save.mutate({ v, rev })}>
        <Form.Item name="tags" label={t('list.tags')} extra={t('facts.tagsHelp')}>
          <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', '，', '、', ';', '；']} maxCount={64} />
        </Form.Item>
        <Form.List name="attributes">
          {(rows, { add, remove }) => (
            <Form.Item label={t('list.attributes')}>
              <Flex vertical gap="small">
                {rows.map((r, i) => (
                  <Flex key={r.key} gap="small" align="start">
                    <Form.Item
                      name={[r.name, 'key']}
                      style={{ margin: 0, flex: 2 }}
                      dependencies={['attributes']}
                      rules={[
                        { required: true, whitespace: true, message: t('shell:required') },
                        { validator: (_, key?: string) => (key && form.getFieldsValue().attributes.findIndex((a) => a?.key.trim() === key.trim()) < i ? Promise.reject(new Error(t('facts.twice'))) : Promise.resolve()) },
                      ]}
                    >
                      <Input aria-label={t('facts.key', { n: i + 1 })} placeholder={t('facts.keyHint')} maxLength={64} />
                    </Form.Item>
                    <Form.Item name={[r.name, 'value']} style={{ margin: 0, flex: 3 }} rules={[{ required: true, message: t('shell:required') }]}>
                      <Input aria-label={t('facts.value', { n: i + 1 })} maxLength={512} />
                    </Form.Item>
                    <Button type="text" icon={<DeleteOutlined />} aria-label={t('facts.remove', { n: i + 1 })} onClick={() => remove(r.name)} />
                  </Flex>
                ))}
                <Button type="dashed" icon={<PlusOutlined />} disabled={rows.length >= 64} onClick={() => add({ key: '', value: '' })}>
                  {t('facts.add')}
                </Button>
              </Flex>
            </Form.Item>
          )}
        </Form.List>
      </Form>
    </Drawer>
  )
}
