import './words'
import { Alert, Button, Drawer, Flex, Progress } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQueryClient } from '@tanstack/react-query'
import { api, ask, newKey } from '@/api/client'
import { ColumnUpload, filled, type Column } from '@/parts/ColumnUpload'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { quoted } from '@/parts/sheet'
import type { RefusedRow } from './listing'
import { RefusedRows } from './RefusedRows'

/** Rows of one request: the API takes 100,000 and 4,000,000 characters. */
const mostRows = 50_000

interface Report {
  added: number
  known: number
  refused: number
  problems: RefusedRow[]
}

/** piecesOf cuts a column into requests; each says from which line of the file it begins. */
export function piecesOf(c: Column, most = mostRows): { from: number; csv: string }[] {
  const out: { from: number; csv: string }[] = []
  for (let at = c.heading ? 1 : 0; at < c.cells.length; at += most) {
    // A heading of ours, so that no code is taken for one.
    out.push({ from: at, csv: 'code\n' + c.cells.slice(at, at + most).map(quoted).join('\n') + '\n' })
  }
  return out
}

/** CodeImport brings codes in that were made elsewhere, and reports what became of each row. */
export default function CodeImport({ batch, close }: { batch: string; close: () => void }) {
  const { t } = useTranslation('delivery')
  const queries = useQueryClient()
  const [column, setColumn] = useState<Column>()
  const [state, setState] = useState<{ done: number; of: number; keys: string[]; report: Report; running: boolean; error?: unknown }>()
  const send = async (c: Column) => {
    const pieces = piecesOf(c)
    // What broke off goes on where it was, under the keys that it had.
    const keys = state?.keys ?? pieces.map(() => newKey())
    const report: Report = state?.report ?? { added: 0, known: 0, refused: 0, problems: [] }
    for (let i = state?.done ?? 0; i < pieces.length; i++) {
      setState({ done: i, of: pieces.length, keys, report, running: true })
      const piece = pieces[i]
      if (!piece) break
      try {
        const r = await ask(api.POST('/v1/code-batches/{id}/import', { body: { csv: piece.csv }, params: { path: { id: batch }, header: { 'Idempotency-Key': keys[i] ?? '' } } }))
        report.added += r.added
        report.known += r.known
        report.refused += r.refused
        for (const p of r.problems ?? []) {
          const line = piece.from + p.row - 1
          report.problems.push({ line, code: p.code, cell: c.cells[line - 1] ?? '' })
        }
      } catch (error) {
        setState({ done: i, of: pieces.length, keys, report, running: false, error })
        return
      }
    }
    setState({ done: pieces.length, of: pieces.length, keys, report, running: false })
    await Promise.all([queries.invalidateQueries({ queryKey: ['codes'] }), queries.invalidateQueries({ queryKey: ['codeBatch', batch] })])
  }
  const r = state?.report
  const over = state && state.done === state.of
  return (
    <Drawer
      open
      size={640}
      title={t('codes.import')}
      onClose={close}
      footer={
        <Flex gap="small" justify="end">
          <Button onClick={close}>{t(over ? 'shell:close' : 'shell:cancel')}</Button>
          {!over && (
            <Button type="primary" disabled={!column || filled(column) === 0} loading={state?.running} onClick={() => column && void send(column)}>
              {column ? t('codes.importCount', { count: filled(column) }) : t('codes.import')}
            </Button>
          )}
        </Flex>
      }
    >
      <Flex vertical gap="middle">
        {!state && <ColumnUpload wanted={t('codes.column')} value={column} onChange={setColumn} guess={(h) => h.findIndex((x) => /^(code|codes|兑换码|兌換碼|券码|券碼)$/i.test(x))} />}
        <ProblemAlert error={state?.error} again={column && (() => void send(column))} />
        {state && !over && <Progress percent={Math.round((state.done / state.of) * 100)} aria-label={t('codes.import')} />}
        {over && r && (
          <>
            <Alert role="status" type={r.refused ? 'warning' : 'success'} showIcon title={t('codes.imported', { added: r.added.toLocaleString(), known: r.known.toLocaleString(), refused: r.refused.toLocaleString() })} />
            {r.problems.length > 0 && <RefusedRows rows={r.problems} />}
          </>
        )}
      </Flex>
    </Drawer>
  )
}
