import './words'
import { Alert, App, Button, Drawer, Flex, Form, Skeleton, type FormInstance } from 'antd'
import { useEffect, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from '@tanstack/react-query'
import type { Got } from '@/api/client'
import { useAct } from '@/api/hooks'
import { Conflict, isConflict } from '@/parts/Conflict'
import { applyProblem, ProblemAlert } from '@/parts/ProblemAlert'

/** What is written: with an ETag it changes the row, without it makes one. */
export interface Write<Values> {
  values: Values
  etag?: string
  key: string
}

interface Props<Row, Values> {
  /** Under which queries the rows are kept. */
  name: string
  /** Which row; undefined makes a new one. */
  id?: string
  title: string
  read: (id: string, signal?: AbortSignal) => Promise<Got<Row>>
  /** The row as the form has it. */
  values: (row: Row) => Values
  initial?: Partial<Values>
  write: (w: Write<Values>) => Promise<unknown>
  /** Ends the row; text says what that means. */
  archive?: { run: (etag: string) => Promise<unknown>; text: string; label?: string }
  /** May it be changed? */
  may: boolean
  close: () => void
  wrote?: (answer: unknown) => void
  children: (row: Row | undefined, form: FormInstance<Values>) => ReactNode
  /** Further acts on a row that exists. */
  more?: (row: Row, etag: string) => ReactNode
}

/** RowDrawer makes or changes a row. What is typed stays when somebody else was faster. */
export function RowDrawer<Row extends { archived_at?: string }, Values extends object>(p: Props<Row, Values>) {
  const { t } = useTranslation('settings')
  const { modal } = App.useApp()
  const [form] = Form.useForm<Values>()
  const one = useQuery({ queryKey: [p.name, 'one', p.id], queryFn: ({ signal }) => p.read(p.id ?? '', signal), enabled: p.id !== undefined, staleTime: 0, gcTime: 0 })
  const row = one.data?.data
  const act = useAct<{ values: Values; etag?: string }>({
    run: ({ values, etag }, key) => p.write({ values, etag, key }),
    done: t('shell:saved'),
    stale: [[p.name]],
    then: (out) => {
      p.wrote?.(out)
      p.close()
    },
  })
  const archive = useAct<string>({ run: (etag) => p.archive?.run(etag) ?? Promise.resolve(), done: t('archived'), stale: [[p.name]], then: p.close })
  useEffect(() => applyProblem(form, act.error), [form, act.error])

  const error = act.error ?? archive.error
  const newest = async () => {
    const got = await one.refetch()
    if (!got.data) return
    // What was typed stays; the rest is as the others have made it.
    const fresh = p.values(got.data.data) as Record<string, unknown>
    for (const [name, value] of Object.entries(fresh)) if (!form.isFieldTouched(name as never)) form.setFieldValue(name as never, value as never)
    act.reset()
    archive.reset()
  }
  const overwrite = async () => {
    const got = await one.refetch()
    if (got.data) act.mutate({ values: form.getFieldsValue(true) as Values, etag: got.data.etag })
  }
  const fixed = !p.may || !!row?.archived_at
  const endRow = p.archive
  return (
    <Drawer
      open
      size={520}
      title={p.title}
      onClose={p.close}
      footer={
        <Flex gap="small" wrap>
          {row && !fixed && one.data && p.more?.(row, one.data.etag)}
          {row && !fixed && endRow && (
            <Button
              danger
              loading={archive.isPending}
              onClick={() =>
                modal.confirm({
                  title: endRow.label ?? t('shell:delete'),
                  content: endRow.text,
                  okText: endRow.label ?? t('shell:delete'),
                  okButtonProps: { danger: true },
                  cancelText: t('shell:cancel'),
                  onOk: () => archive.mutate(one.data?.etag ?? ''),
                })
              }
            >
              {endRow.label ?? t('shell:delete')}
            </Button>
          )}
          <div style={{ flex: 1 }} />
          <Button onClick={p.close}>{fixed ? t('shell:close') : t('shell:cancel')}</Button>
          {!fixed && (
            <Button type="primary" loading={act.isPending} disabled={p.id !== undefined && !row} onClick={() => form.submit()}>
              {p.id === undefined ? t('make') : t('shell:save')}
            </Button>
          )}
        </Flex>
      }
    >
      {!isConflict(error) ? (
        <ProblemAlert error={error} />
      ) : p.id === undefined ? (
        <Alert role="alert" type="warning" showIcon style={{ marginBottom: 16 }} title={t('exists')} />
      ) : (
        <Conflict load={() => void newest()} overwrite={act.error ? () => void overwrite() : undefined} />
      )}
      <ProblemAlert error={one.error} again={() => void one.refetch()} />
      {row?.archived_at && <Alert type="info" showIcon style={{ marginBottom: 16 }} title={t('isArchived')} />}
      {p.id !== undefined && !row ? (
        !one.error && <Skeleton active />
      ) : (
        // A name keeps the ids of its fields apart from those of other forms on the page.
        <Form<Values>
          name={p.name}
          form={form}
          layout="vertical"
          requiredMark="optional"
          disabled={fixed}
          initialValues={row ? p.values(row) : p.initial}
          onFinish={() => act.mutate({ values: form.getFieldsValue(true) as Values, etag: one.data?.etag })}
          scrollToFirstError
        >
          {p.children(row, form)}
        </Form>
      )}
    </Drawer>
  )
}
