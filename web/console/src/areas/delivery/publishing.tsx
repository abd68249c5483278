import { App, Button, Tag } from 'antd'
import { useTranslation } from 'react-i18next'

/** What a pack or a plan is: a draft, given out, paused, or archived. */
export type Publishing = 'draft' | 'running' | 'paused' | 'archived'

export function publishingOf(row: { status: string; open: boolean; archived_at?: string }): Publishing {
  if (row.archived_at || row.status === 'archived') return 'archived'
  if (row.status === 'draft') return 'draft'
  return row.open ? 'running' : 'paused'
}

const colours: Record<Publishing, string> = { draft: 'default', running: 'green', paused: 'orange', archived: 'default' }

export function PublishingTag({ of }: { of: { status: string; open: boolean; archived_at?: string } }) {
  const { t } = useTranslation('delivery')
  const is = publishingOf(of)
  return <Tag color={colours[is]}>{t(`publishing.${is}`)}</Tag>
}

/** Confirmed is a button that says what will happen before it acts. */
export function Confirmed({ label, title, text, danger, primary, act }: { label: string; title: string; text: string; danger?: boolean; primary?: boolean; act: () => Promise<unknown> }) {
  const { modal } = App.useApp()
  return (
    <Button
      danger={danger}
      type={primary ? 'primary' : 'default'}
      onClick={() => void modal.confirm({ title, content: text, okText: label, okButtonProps: { danger }, onOk: () => act().catch(() => {}) })}
    >
      {label}
    </Button>
  )
}
