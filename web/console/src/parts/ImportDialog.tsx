import { ImportOutlined, InboxOutlined } from '@ant-design/icons'
import { Alert, Button, Flex, Modal, Progress, Select, Spin, Table, Tag, Upload } from 'antd'
import { useState } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import i18next from 'i18next'
import { api, ask, newKey, Problem, type Schemas } from '@/api/client'
import { languages } from '@/i18n'
import { readMoney } from './money'
import { ProblemAlert } from './ProblemAlert'
import { chunks, csv, guess, Wrong, type ImportField } from './table'

/** Bounds of a file, as the API has them. */
const mostRows = 20_000
const mostBytes = 6_000_000
const batch = 500

/** Fed counts what became of rows. */
export type Fed = Schemas['FedBody']

/** Import says how rows of a file become rows of a list. Its words are in the area's files. */
export interface Import {
  /** Namespace of the words, and the key of what is imported. */
  area: string
  what: string
  fields: ImportField[]
  /** Name of the list in the body that send makes: faults point at /NAME/3/field. */
  many: string
  /** Which field names a row in the report. */
  key: string
  send: (rows: Record<string, unknown>[], dry: boolean, key: string) => Promise<Fed>
  /** Currency of a row's amounts. */
  currency?: (row: Record<string, unknown>) => string | undefined
  /** Asked once, before rows are read. */
  prepare?: () => Promise<void>
}

interface Bad {
  number: number
  key: string
  why: string
}

interface Ready {
  number: number
  row: Record<string, unknown>
}

/** ImportButton opens the import of a list. */
export function ImportButton({ of, stale }: { of: Import; stale: string[] }) {
  const { t } = useTranslation('shell')
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button icon={<ImportOutlined />} onClick={() => setOpen(true)}>
        {t('import.open')}
      </Button>
      {open && <ImportDialog of={of} stale={stale} close={() => setOpen(false)} />}
    </>
  )
}

/** ImportDialog takes a file, asks which column is what, tries it, and imports the good rows. */
export function ImportDialog({ of, stale, close }: { of: Import; stale: string[]; close: () => void }) {
  const { t } = useTranslation('shell')
  const words = useTranslation(of.area).t
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [rows, setRows] = useState<Schemas['TableRow'][]>()
  const [map, setMap] = useState<(string | undefined)[]>([])
  const [error, setError] = useState<unknown>()
  const [wrong, setWrong] = useState('')
  const [busy, setBusy] = useState(false)
  const [share, setShare] = useState(0)
  const [tried, setTried] = useState<{ good: Ready[]; bad: Bad[]; fed: Fed }>()
  const [done, setDone] = useState<Fed>()
  const [halted, setHalted] = useState(false)

  const anew = () => {
    setRows(undefined)
    setTried(undefined)
    setDone(undefined)
    setError(undefined)
    setWrong('')
    setHalted(false)
  }

  const read = async (file: File) => {
    anew()
    if (file.size > mostBytes) return setWrong(t('import.large'))
    setBusy(true)
    try {
      const answer = await ask(api.POST('/v1/tables/read', { body: { file: base64(new Uint8Array(await file.arrayBuffer())) } }))
      if (answer.rows.length < 2) return setWrong(t('import.none'))
      const labels = Object.fromEntries(of.fields.map((f) => [f.name, Object.keys(languages).map((l) => i18next.getFixedT(l, of.area)(f.label))]))
      setName(file.name)
      setRows(answer.rows)
      setMap(guess(answer.rows[0]?.cells ?? [], of.fields, labels))
    } catch (e) {
      if (e instanceof Problem && e.pointer === '/file' && e.code === 'invalid_value') setWrong(t('import.wrong'))
      else setError(e)
    } finally {
      setBusy(false)
    }
  }

  /** rowsOf reads the cells; what can't be read is told by row. */
  const rowsOf = (): { good: Ready[]; bad: Bad[] } => {
    const good: Ready[] = []
    const bad: Bad[] = []
    const headings = rows?.[0]?.cells ?? []
    for (const line of rows?.slice(1) ?? []) {
      const texts: Record<string, string> = {}
      map.forEach((f, i) => f && (texts[f] = line.cells[i] ?? ''))
      try {
        const row: Record<string, unknown> = {}
        for (const f of of.fields) {
          const text = texts[f.name] ?? ''
          if (text === '') {
            if (f.required) throw new Wrong(f.name, t('required'))
          } else if (!f.kind || f.kind === 'text') row[f.name] = text
        }
        for (const f of of.fields) {
          const text = texts[f.name] ?? ''
          if (text === '' || !f.kind || f.kind === 'text') continue
          const heading = headings[map.indexOf(f.name)] ?? ''
          row[f.name] = value(f, text, heading, of.currency?.(row), t)
        }
        good.push({ number: line.number, row })
      } catch (e) {
        if (!(e instanceof Wrong)) throw e
        const field = of.fields.find((f) => f.name === e.field)
        bad.push({ number: line.number, key: texts[of.key] ?? '', why: `${field ? words(field.label) : e.field}: ${e.message}` })
      }
    }
    return { good, bad }
  }

  /** each sends all batches; a trial finds the bad rows of each and tries the others again. */
  const check = async () => {
    setError(undefined)
    setBusy(true)
    setShare(0)
    try {
      await of.prepare?.()
      const { good, bad } = rowsOf()
      const fed = { created: 0, updated: 0, unchanged: 0 }
      const fine: Ready[] = []
      const all = chunks(good, batch)
      for (const [n, part] of all.entries()) {
        let left = part
        while (left.length > 0) {
          try {
            add(fed, await of.send(left.map((r) => r.row), true, newKey()))
            break
          } catch (e) {
            const found = e instanceof Problem ? faults(e, of, words) : new Map<number, string>()
            if (found.size === 0) throw e
            for (const [i, why] of found) bad.push({ number: left[i]?.number ?? 0, key: String(left[i]?.row[of.key] ?? ''), why })
            left = left.filter((_, i) => !found.has(i))
          }
        }
        fine.push(...left)
        setShare(Math.floor((100 * (n + 1)) / all.length))
      }
      bad.sort((a, b) => a.number - b.number)
      setTried({ good: fine, bad, fed })
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
    }
  }

  const run = async () => {
    if (!tried) return
    setError(undefined)
    setHalted(false)
    setBusy(true)
    setShare(0)
    const fed = { created: 0, updated: 0, unchanged: 0 }
    try {
      const all = chunks(tried.good, batch)
      for (const [n, part] of all.entries()) {
        add(fed, await of.send(part.map((r) => r.row), false, newKey()))
        setShare(Math.floor((100 * (n + 1)) / all.length))
      }
      setDone(fed)
    } catch (e) {
      setError(e)
      setHalted(true) // rows say what shall be, so doing it again doubles nothing
    } finally {
      setBusy(false)
      await queries.invalidateQueries({ queryKey: stale })
    }
  }

  const report = () => {
    const a = document.createElement('a')
    a.href = URL.createObjectURL(new Blob([csv([[t('import.row'), t('import.key'), t('import.why')], ...(tried?.bad ?? []).map((b) => [String(b.number), b.key, b.why])])], { type: 'text/csv' }))
    a.download = `${of.many}-report.csv`
    a.click()
    URL.revokeObjectURL(a.href)
  }

  const missing = of.fields.filter((f) => f.required && !map.includes(f.name))
  const counted = done ?? tried?.fed
  return (
    <Modal
      open
      width={820}
      title={t('import.title', { what: words(of.what) })}
      onCancel={close}
      mask={{ closable: false }}
      footer={
        <Flex gap="small" justify="end" wrap>
          {rows && <Button onClick={anew} disabled={busy}>{t('import.again')}</Button>}
          <Button onClick={close}>{t(done ? 'close' : 'cancel')}</Button>
          {rows && !tried && (
            <Button type="primary" disabled={missing.length > 0} loading={busy} onClick={() => void check()}>
              {t('import.check')}
            </Button>
          )}
          {tried && !done && (
            <Button type="primary" disabled={tried.good.length === 0} loading={busy} onClick={() => void run()}>
              {t(tried.bad.length > 0 ? 'import.runGood' : 'import.run', { count: tried.good.length })}
            </Button>
          )}
        </Flex>
      }
    >
      <Flex vertical gap="middle">
        {wrong && <Alert role="alert" type="error" showIcon title={wrong} />}
        <ProblemAlert error={error} />
        {halted && <Alert type="warning" showIcon title={t('import.halted')} />}
        {!rows && (
          <Spin spinning={busy}>
            <Upload.Dragger accept=".csv,.xlsx,.txt,text/csv" maxCount={1} showUploadList={false} beforeUpload={(f) => { void read(f); return false }} aria-label={t('import.file')}>
              <InboxOutlined style={{ fontSize: 40 }} />
              <p>{t('import.file')}</p>
              <p className="quiet">{t('import.fileHelp', { rows: mostRows.toLocaleString() })}</p>
            </Upload.Dragger>
          </Spin>
        )}
        {rows && !tried && (
          <>
            <strong>{t('import.read', { name, count: rows.length - 1 })}</strong>
            {missing.length > 0 && <Alert type="info" showIcon title={t('import.missing', { names: missing.map((f) => words(f.label)).join(', ') })} />}
            <Table
              size="small"
              rowKey="at"
              pagination={false}
              scroll={{ x: 'max-content', y: 340 }}
              dataSource={(rows[0]?.cells ?? []).map((heading, at) => ({ at, heading, sample: rows.slice(1, 4).map((r) => r.cells[at] ?? '').filter((x) => x).join(' · ') }))}
              columns={[
                { key: 'column', title: t('import.column'), render: (_, r) => r.heading || `${r.at + 1}` },
                { key: 'sample', title: t('import.sample'), render: (_, r) => <span className="quiet" style={{ display: 'inline-block', maxWidth: 260, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>{r.sample}</span> },
                {
                  key: 'field',
                  title: t('import.field'),
                  render: (_, r) => (
                    <Select
                      allowClear
                      aria-label={`${t('import.field')}: ${r.heading}`}
                      placeholder={t('import.skip')}
                      value={map[r.at]}
                      style={{ width: 220 }}
                      options={of.fields.filter((f) => f.name === map[r.at] || !map.includes(f.name)).map((f) => ({ value: f.name, label: words(f.label) + (f.required ? ' *' : '') }))}
                      onChange={(v?: string) => setMap((m) => m.map((x, i) => (i === r.at ? v : x)))}
                    />
                  ),
                },
              ]}
            />
          </>
        )}
        {busy && rows && <Progress percent={share} />}
        {counted && (
          <div role="status">
            <strong>{t(done ? 'import.done' : 'import.checked')}</strong>
            <Flex gap="small" wrap style={{ marginTop: 8 }}>
              <Tag color="green">{t('import.created', { count: counted.created })}</Tag>
              <Tag color="blue">{t('import.updated', { count: counted.updated })}</Tag>
              <Tag>{t('import.unchanged', { count: counted.unchanged })}</Tag>
              {tried && tried.bad.length > 0 && <Tag color="red">{t('import.refused', { count: tried.bad.length })}</Tag>}
            </Flex>
          </div>
        )}
        {tried && tried.bad.length > 0 && (
          <>
            <Table<Bad>
              size="small"
              rowKey={(b) => `${b.number} ${b.why}`}
              dataSource={tried.bad.slice(0, 200)}
              pagination={false}
              scroll={{ x: 'max-content', y: 260 }}
              columns={[
                { key: 'row', title: t('import.row'), dataIndex: 'number' },
                { key: 'key', title: t('import.key'), dataIndex: 'key' },
                { key: 'why', title: t('import.why'), dataIndex: 'why' },
              ]}
            />
            <Button onClick={report} style={{ alignSelf: 'start' }}>
              {t('import.report')}
            </Button>
          </>
        )}
      </Flex>
    </Modal>
  )
}

function add(to: Fed, more: Fed) {
  to.created += more.created
  to.updated += more.updated
  to.unchanged += more.unchanged
}

/** faults are the refusals of a batch by row. */
function faults(p: Problem, of: Import, words: (key: string) => string): Map<number, string> {
  const out = new Map<number, string>()
  const all = p.errors.length > 0 ? p.errors : [{ pointer: p.pointer, detail: p.detail }]
  for (const e of all) {
    const pointer = e.pointer ?? ''
    const m = new RegExp(`^/${of.many}/(\\d+)/?(.*)$`).exec(pointer)
    if (!m) continue
    // Whoever has a file before them knows the field by its word, not by a pointer.
    const field = of.fields.find((f) => f.name === m[2])
    const why = field ? e.detail.replaceAll(pointer, words(field.label)) : e.detail
    out.set(Number(m[1]), [out.get(Number(m[1])), why].filter((x) => x).join(' '))
  }
  return out
}

function value(f: ImportField, text: string, heading: string, currency: string | undefined, t: (key: string) => string): number {
  if (f.kind === 'degrees' && !/_e6$/i.test(heading.trim())) {
    const degrees = Number(text)
    if (!Number.isFinite(degrees)) throw new Wrong(f.name, t('import.number'))
    return Math.round(degrees * 1e6)
  }
  // "price_minor", as lists are exported, is in smallest units; "price" is as people write it.
  if (f.kind === 'money' && !/_minor$/i.test(heading.trim())) {
    const minor = currency ? readMoney(text, currency) : null
    if (minor === null) throw new Wrong(f.name, t('import.money'))
    return minor
  }
  if (!/^-?\d{1,15}$/.test(text)) throw new Wrong(f.name, t('import.number'))
  return Number(text)
}

function base64(bytes: Uint8Array): string {
  let s = ''
  for (const part of chunks(Array.from(bytes), 0x8000)) s += String.fromCharCode(...part)
  return btoa(s)
}
