import './words'
import { Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { api, ask } from '@/api/client'
import { useAct } from '@/api/hooks'
import { FormDrawer, takeNewest } from './FormDrawer'
import type { MemberList } from './Lists'

interface Values {
  code: string
  name: string
}

interface Props {
  of?: { row: MemberList; etag: string }
  close: () => void
  saved: (l: MemberList) => void
  again?: () => Promise<MemberList | undefined>
}

/** ListForm makes a list of members, or names it anew. */
export default function ListForm({ of, close, saved, again }: Props) {
  const { t } = useTranslation('delivery')
  const [form] = Form.useForm<Values>()
  const act = useAct<Values, MemberList>({
    run: ({ code, name }) => ask(api.PUT('/v1/lists/{code}', { body: { name }, params: { path: { code: of?.row.code ?? code }, header: of ? { 'If-Match': of.etag } : { 'If-None-Match': '*' } } })),
    done: t(of ? 'shell:saved' : 'lists.created'),
    stale: [['lists'], ['list']],
    then: saved,
  })
  const needed = { required: true, message: t('shell:required') }
  return (
    <FormDrawer<Values>
      title={t(of ? 'shell:edit' : 'lists.new')}
      action={t(of ? 'shell:save' : 'create')}
      form={form}
      initial={of?.row ?? {}}
      error={act.error}
      pending={act.isPending}
      close={close}
      newest={
        of &&
        (async () => {
          const row = await again?.()
          if (row) takeNewest(form, { name: row.name })
          act.reset()
        })
      }
      finish={(v) => act.mutate(v)}
    >
      <Form.Item name="name" label={t('placement.name')} rules={[needed]}>
        <Input maxLength={200} />
      </Form.Item>
      {!of && (
        <Form.Item name="code" label={t('lists.code')} extra={t('lists.codeHelp')} rules={[needed, { pattern: /^[A-Za-z0-9._-]{1,64}$/, message: t('lists.codeHelp') }]}>
          <Input maxLength={64} />
        </Form.Item>
      )}
    </FormDrawer>
  )
}
