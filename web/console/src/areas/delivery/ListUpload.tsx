import './words'
import { Alert, Button, Drawer, Flex, Form, Progress, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQueryClient } from '@tanstack/react-query'
import { api, ask, newKey } from '@/api/client'
import { ColumnUpload, type Column } from '@/parts/ColumnUpload'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { guessColumn, identities, kindOf } from './identities'
import { RefusedRows } from './RefusedRows'
import { inPieces, type Piece, type RefusedRow } from './listing'

interface Progressed {
  pieces: Piece[]
  keys: string[]
  done: number
  changed: number
  unchanged: number
  refused: RefusedRow[]
  running: boolean
  error?: unknown
}

/** ListUpload puts the members of a file into a list, or takes them out, and reports each row that named nobody. */
export default function ListUpload({ code, remove, close }: { code: string; remove: boolean; close: () => void }) {
  const { t } = useTranslation('delivery')
  const queries = useQueryClient()
  const [column, setColumn] = useState<Column>()
  const [kind, setKind] = useState('phone')
  const [p, setP] = useState<Progressed>()
  const told = column && inPieces(column, kind)
  const count = told?.pieces.reduce((n, x) => n + x.members.length, 0) ?? 0
  const send = async (from: Progressed, cells: string[]) => {
    const at = { ...from, refused: [...from.refused], running: true, error: undefined as unknown }
    setP(at)
    for (; at.done < at.pieces.length; at.done++) {
      const piece = at.pieces[at.done]
      if (!piece) break
      try {
        const asked = { body: { members: piece.members }, params: { path: { code }, header: { 'Idempotency-Key': at.keys[at.done] ?? '' } } }
        const r = await ask(remove ? api.POST('/v1/lists/{code}/members/remove', asked) : api.POST('/v1/lists/{code}/members', asked))
        at.changed += r.changed
        at.unchanged += r.unchanged
        for (const i of r.unknown ?? []) {
          const line = piece.lines[i] ?? 0
          at.refused.push({ line, cell: cells[line - 1] ?? '', code: 'member_not_found' })
        }
      } catch (error) {
        setP({ ...at, running: false, error })
        return
      }
      setP({ ...at, done: at.done + 1 })
    }
    at.refused.sort((a, b) => a.line - b.line)
    setP({ ...at, running: false })
    await Promise.all([queries.invalidateQueries({ queryKey: ['lists'] }), queries.invalidateQueries({ queryKey: ['list', code] })])
  }
  const over = p && !p.running && !p.error
  return (
    <Drawer
      open
      size={640}
      title={t(remove ? 'lists.remove' : 'lists.add')}
      onClose={close}
      footer={
        <Flex gap="small" justify="end">
          <Button onClick={close}>{t(over ? 'shell:close' : 'shell:cancel')}</Button>
          {!over && (
            <Button
              type="primary"
              danger={remove}
              disabled={count === 0}
              loading={p?.running}
              onClick={() => column && told && void send(p ?? { pieces: told.pieces, keys: told.pieces.map(() => newKey()), done: 0, changed: 0, unchanged: 0, refused: told.refused, running: true }, column.cells)}
            >
              {t(remove ? 'lists.removeCount' : 'lists.addCount', { count })}
            </Button>
          )}
        </Flex>
      }
    >
      <Flex vertical gap="middle">
        {!p && (
          <>
            <ColumnUpload
              wanted={t('bulks.column')}
              value={column}
              guess={guessColumn}
              onChange={(c) => {
                setColumn(c)
                if (c) setKind(kindOf(c))
              }}
            />
            {column && (
              <Form.Item label={t('bulks.identity')} htmlFor="identity" layout="vertical">
                <Select id="identity" value={kind} onChange={setKind} options={identities.map((value) => ({ value, label: t(`identity.${value}`) }))} style={{ maxWidth: 240 }} />
              </Form.Item>
            )}
            {told && told.refused.length > 0 && <Alert type="warning" showIcon title={t('lists.willRefuse', { count: told.refused.length })} />}
          </>
        )}
        <ProblemAlert error={p?.error} again={p && column && (() => void send(p, column.cells))} />
        {p && !over && <Progress percent={Math.round((p.done / Math.max(1, p.pieces.length)) * 100)} aria-label={t('lists.add')} />}
        {over && (
          <>
            <Alert
              role="status"
              showIcon
              type={p.refused.length > 0 ? 'warning' : 'success'}
              title={t(remove ? 'lists.removed' : 'lists.added', { changed: p.changed.toLocaleString(), unchanged: p.unchanged.toLocaleString(), refused: p.refused.length.toLocaleString() })}
            />
            {p.refused.length > 0 && <RefusedRows rows={p.refused} />}
          </>
        )}
      </Flex>
    </Drawer>
  )
}
