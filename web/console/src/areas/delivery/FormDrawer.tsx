import { Button, Drawer, Flex, Form, type FormInstance } from 'antd'
import { useEffect, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Conflict, isConflict } from '@/parts/Conflict'
import { applyProblem, ProblemAlert } from '@/parts/ProblemAlert'

interface Props<T> {
  title: string
  form: FormInstance<T>
  initial: object
  /** What the button says. */
  action: string
  error: unknown
  pending: boolean
  close: () => void
  finish: (values: T) => void
  /** Reads the row anew where somebody else has changed it; what was typed stays. */
  newest?: () => Promise<void>
  wide?: boolean
  children: ReactNode
}

/** FormDrawer is a form at the side of a page, with refusals at their fields. */
export function FormDrawer<T>({ title, form, initial, action, error, pending, close, finish, newest, wide, children }: Props<T>) {
  const { t } = useTranslation()
  useEffect(() => applyProblem(form, error), [form, error])
  return (
    <Drawer
      open
      size={wide ? 640 : 480}
      title={title}
      onClose={close}
      footer={
        <Flex gap="small" justify="end">
          <Button onClick={close}>{t('cancel')}</Button>
          <Button type="primary" loading={pending} onClick={() => form.submit()}>
            {action}
          </Button>
        </Flex>
      }
    >
      {isConflict(error) && newest ? <Conflict load={() => void newest()} /> : <ProblemAlert error={error} />}
      <Form<T> form={form} layout="vertical" requiredMark="optional" initialValues={initial} onFinish={finish} scrollToFirstError={{ block: 'center' }}>
        {children}
      </Form>
    </Drawer>
  )
}

/** takeNewest writes what others have made of a row into the fields that nobody has touched. */
export function takeNewest(form: FormInstance, row: object) {
  for (const [name, value] of Object.entries(row)) if (!form.isFieldTouched(name)) form.setFieldValue(name, value)
}
