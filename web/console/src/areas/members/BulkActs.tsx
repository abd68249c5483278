import { Alert, Button, Flex, Form, Modal, Progress, Select } from 'antd'
import { useState } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, ask, newKey, type Schemas } from '@/api/client'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { ListSelect, TemplateSelect } from '@/parts/RowSelect'
import { chunks } from '@/parts/table'
import { useMay } from '@/session'

type Member = Schemas['MemberRow']

const acts = ['tag', 'untag', 'list', 'grant'] as const
type Act = (typeof acts)[number]

interface Values {
  tags?: string[]
  list?: string
  template?: string
}

/** What became of the members of an act. */
interface Done {
  changed: number
  unchanged: number
  refused: { member: string; why: string }[]
}

const sizes: Record<Act, number> = { tag: 500, untag: 500, list: 5000, grant: 250 }

async function one(act: Act, members: Member[], v: Values, key: string): Promise<Done> {
  const header = { 'Idempotency-Key': key }
  const refusals = (items: { problem?: Schemas['Problem'] }[]) => items.flatMap((x, i) => (x.problem ? [{ member: members[i]?.id ?? '', why: x.problem.detail }] : []))
  if (act === 'list') {
    const r = await ask(api.POST('/v1/lists/{code}/members', { params: { path: { code: v.list ?? '' }, header }, body: { members: members.map((m) => ({ id: m.id })) } }))
    return { changed: r.changed, unchanged: r.unchanged, refused: [] }
  }
  if (act === 'grant') {
    const r = await ask(api.POST('/v1/grants/batch', { params: { header }, body: { grants: members.map((m) => ({ templates: [v.template ?? ''], member: { id: m.id }, channel: 'service' })) } }))
    return { changed: r.issued, unchanged: 0, refused: refusals(r.items) }
  }
  const tags = v.tags ?? []
  const r = await ask(api.POST('/v1/members/facts', { params: { header }, body: { members: members.map((m) => ({ member: { id: m.id }, ...(act === 'tag' ? { add_tags: tags } : { remove_tags: tags }) })) } }))
  return { changed: r.items.filter((x) => x.status === 'updated').length, unchanged: r.items.filter((x) => x.status === 'unchanged').length, refused: refusals(r.items) }
}

/** BulkActs does one thing to the members that are chosen; its button says to how many. */
export function BulkActs({ chosen, clear }: { chosen: Member[]; clear: () => void }) {
  const { t } = useTranslation('members')
  const may = useMay()
  const [act, setAct] = useState<Act>()
  const offered = acts.filter((a) => may(a === 'grant' ? 'coupon.grant' : 'member.write'))
  if (chosen.length === 0 || offered.length === 0) return null
  return (
    <>
      <Flex gap="small" align="center" wrap style={{ marginBottom: 12 }} role="toolbar" aria-label={t('bulk.chosen', { count: chosen.length })}>
        <span>{t('bulk.chosen', { count: chosen.length })}</span>
        {offered.map((a) => (
          <Button key={a} size="small" onClick={() => setAct(a)}>
            {t(`bulk.${a}`)}
          </Button>
        ))}
        <Button size="small" type="text" onClick={clear}>
          {t('bulk.clear')}
        </Button>
      </Flex>
      {act && <ActDialog act={act} chosen={chosen} close={() => setAct(undefined)} clear={clear} />}
    </>
  )
}

/** ActDialog asks what is needed, does it in pieces, and says what became of them. */
function ActDialog({ act, chosen, close, clear }: { act: Act; chosen: Member[]; close: () => void; clear: () => void }) {
  const { t } = useTranslation('members')
  const queries = useQueryClient()
  const [form] = Form.useForm<Values>()
  const [members] = useState(chosen)
  const [pieces] = useState(() => chunks(members, sizes[act]).map((part) => ({ part, key: newKey() })))
  const [sum, setSum] = useState<Done & { pieces: number }>({ changed: 0, unchanged: 0, refused: [], pieces: 0 })
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const over = sum.pieces === pieces.length
  const go = async (v: Values) => {
    setBusy(true)
    setError(undefined)
    let now = sum
    try {
      for (const { part, key } of pieces.slice(now.pieces)) {
        const r = await one(act, part, v, key)
        now = { changed: now.changed + r.changed, unchanged: now.unchanged + r.unchanged, refused: [...now.refused, ...r.refused], pieces: now.pieces + 1 }
        setSum(now)
      }
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
      await Promise.all([['members'], ['member'], ['lists']].map((queryKey) => queries.invalidateQueries({ queryKey })))
    }
  }
  const end = () => {
    if (over) clear()
    close()
  }
  return (
    <Modal
      open
      title={t(`bulk.${act}Title`, { count: members.length })}
      onCancel={end}
      mask={{ closable: false }}
      footer={
        <Flex gap="small" justify="end">
          <Button onClick={end}>{t(over ? 'shell:close' : 'shell:cancel')}</Button>
          {!over && (
            <Button type="primary" loading={busy} onClick={() => form.submit()}>
              {t(`bulk.${act}Do`, { count: members.length })}
            </Button>
          )}
        </Flex>
      }
    >
      <ProblemAlert error={error} />
      {!over && (
        <Form<Values> form={form} layout="vertical" disabled={busy || sum.pieces > 0} onFinish={(v) => void go(v)}>
          {(act === 'tag' || act === 'untag') && (
            <Form.Item name="tags" label={t('list.tags')} rules={[{ required: true, message: t('shell:required') }]}>
              <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', '，', '、', ';', '；']} />
            </Form.Item>
          )}
          {act === 'list' && (
            <Form.Item name="list" label={t('bulk.whichList')} rules={[{ required: true, message: t('shell:required') }]}>
              <ListSelect />
            </Form.Item>
          )}
          {act === 'grant' && (
            <Form.Item name="template" label={t('compensate.template')} extra={t('bulk.grantHelp')} rules={[{ required: true, message: t('shell:required') }]}>
              <TemplateSelect />
            </Form.Item>
          )}
        </Form>
      )}
      {(busy || (sum.pieces > 0 && !over)) && <Progress percent={Math.round((100 * sum.pieces) / pieces.length)} aria-label={t(`bulk.${act}`)} />}
      {over && (
        <>
          <Alert role="status" showIcon type={sum.refused.length > 0 ? 'warning' : 'success'} title={t('bulk.done', { changed: sum.changed, unchanged: sum.unchanged, refused: sum.refused.length })} />
          {sum.refused.slice(0, 50).map((r) => (
            <div key={r.member}>
              <code>{r.member}</code> {r.why}
            </div>
          ))}
        </>
      )}
    </Modal>
  )
}
