import { App, Button, Flex, Input, Modal } from 'antd'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask } from '@/api/client'
import { ProblemAlert } from '@/parts/ProblemAlert'
import type { Template } from './reading'

type Act = 'stop' | 'start' | 'archive'

const fits: Record<Act, (t: Template) => boolean> = {
  stop: (t) => t.status === 'published' && t.claiming,
  start: (t) => t.status === 'published' && !t.claiming,
  archive: (t) => t.status === 'published' || t.status === 'draft',
}

/** BulkActs does one thing to several templates, one after the other, and says which could not be done. */
export function BulkActs({ chosen, done }: { chosen: Template[]; done: () => void }) {
  const { t } = useTranslation('coupons')
  const { message } = App.useApp()
  const queries = useQueryClient()
  const [act, setAct] = useState<Act>()
  const [reason, setReason] = useState('')
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState<{ name: string; error: unknown }[]>([])
  if (chosen.length === 0 && failed.length === 0) return null
  const of = (a: Act) => chosen.filter(fits[a])
  const one = (a: Act, row: Template) => {
    const path = { id: row.id }
    if (a === 'archive') return ask(api.POST('/v1/templates/{id}/archive', { params: { path, header: { 'If-Match': `"${row.rev}"` } } }))
    return ask(api.PUT('/v1/templates/{id}/switches', { params: { path }, body: { claiming: a === 'start', ...(reason ? { reason } : {}) } }))
  }
  const run = async () => {
    if (!act) return
    setBusy(true)
    const wrong: typeof failed = []
    const rows = of(act)
    for (const row of rows)
      try {
        await one(act, row)
      } catch (error) {
        wrong.push({ name: row.internal_name, error })
      }
    await queries.invalidateQueries({ queryKey: ['templates'] })
    await queries.invalidateQueries({ queryKey: ['template'] })
    setBusy(false)
    setAct(undefined)
    setReason('')
    setFailed(wrong)
    if (rows.length > wrong.length) message.success(t('bulk.done', { n: rows.length - wrong.length }))
    done()
  }
  return (
    <>
      {failed.map((f, i) => (
        <div key={i}>
          <strong>
            <bdi>{f.name}</bdi>
          </strong>
          <ProblemAlert error={f.error} />
        </div>
      ))}
      {chosen.length > 0 && (
        <Flex gap="small" align="center" wrap style={{ marginBottom: 12 }} role="toolbar" aria-label={t('bulk.chosen', { n: chosen.length })}>
          <span>{t('bulk.chosen', { n: chosen.length })}</span>
          {(['stop', 'start', 'archive'] as const).map((a) => (
            <Button key={a} size="small" danger={a === 'archive'} disabled={of(a).length === 0} onClick={() => setAct(a)}>
              {t(`bulk.${a}`)}
            </Button>
          ))}
        </Flex>
      )}
      <Modal open={!!act} title={act && t(`bulk.${act}Title`, { n: of(act).length })} okText={act && t(`bulk.${act}`)} okButtonProps={{ danger: act !== 'start', loading: busy }} onOk={() => void run()} onCancel={() => setAct(undefined)}>
        <p>{act && t(`bulk.${act}Text`)}</p>
        {act !== 'archive' && <Input aria-label={t('bulk.reason')} placeholder={t('bulk.reason')} value={reason} maxLength={500} onChange={(e) => setReason(e.target.value)} />}
      </Modal>
    </>
  )
}
