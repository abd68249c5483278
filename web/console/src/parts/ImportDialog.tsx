import { DownloadOutlined, InboxOutlined } from '@ant-design/icons'
import { Alert, Button, Checkbox, Flex, Modal, Progress, Select, Spin, Table, Tag, Upload } from 'antd'
import { useState } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import i18next from 'i18next'
import { newKey } from '@/api/client'
import { languages } from '@/i18n'
import { begun, mostColumns, mostRows, rowsOf, run, tried, type Bad, type Import, type Line, type Run, type Said, type Trial } from './importing'
import { ProblemAlert } from './ProblemAlert'
import { readTable, save, Unreadable } from './sheet'
import { csv, guess, remember, type ImportField, type Remembered } from './table'

interface Read {
  name: string
  /** All lines that are not empty, the heading too. */
  all: Line[]
  /** Whether the first one names the columns. */
  heading: boolean
  headings: string[]
  lines: Line[]
}

/** framed is a file whose first line is a heading, or none. */
function framed(name: string, all: Line[], heading: boolean): Read {
  const first = trimmed(all[0]?.cells ?? [])
  return { name, all, heading, headings: heading ? first : first.map(() => ''), lines: heading ? all.slice(1) : all }
}

/** ImportDialog takes a file, asks which column is what, tries it, and imports the good rows. */
export default function ImportDialog({ of, stale, close }: { of: Import; stale: string[][]; close: () => void }) {
  const { t } = useTranslation('shell')
  const words = useTranslation(of.area).t
  const queries = useQueryClient()
  const [read, setRead] = useState<Read>()
  const [map, setMap] = useState<(string | undefined)[]>([])
  const [error, setError] = useState<unknown>()
  const [wrong, setWrong] = useState('')
  const [busy, setBusy] = useState(false)
  const [share, setShare] = useState(0)
  const [trial, setTrial] = useState<Trial>()
  const [running, setRunning] = useState<Run>()
  const [over, setOver] = useState(false)
  const kept = `quan.import.${of.area}.${of.many}`
  const most = of.most ?? mostRows
  const say = (what: Said, values: Record<string, unknown>) => (of.says ? words(of.says[what], values) : t(`import.${what}`, values))

  const anew = () => {
    setRead(undefined)
    setTrial(undefined)
    setRunning(undefined)
    setOver(false)
    setError(undefined)
    setWrong('')
  }

  /** frame takes a file as it is framed, and guesses what its columns are. */
  const frame = (r: Read) => {
    const labels = Object.fromEntries(of.fields.map((f) => [f.name, Object.keys(languages).map((l) => i18next.getFixedT(l, of.area)(f.label))]))
    setRead(r)
    setMap(r.heading ? guess(r.headings, of.fields, labels, before(kept)) : (of.bare?.(trimmed(r.all[0]?.cells ?? [])) ?? r.headings.map(() => undefined)))
  }

  const take = async (file: File) => {
    anew()
    setBusy(true)
    try {
      const table = await readTable(file)
      const lines = table.rows.map((cells, i) => ({ number: i + 1, cells })).filter((l) => l.cells.some((c) => c !== ''))
      const first = trimmed(lines[0]?.cells ?? [])
      if (first.length > mostColumns) return setWrong(t('import.wide', { count: first.length, most: mostColumns }))
      const framedFile = framed(file.name, lines, !of.bare?.(first))
      if (framedFile.lines.length < 1) return setWrong(t('import.none'))
      if (framedFile.lines.length > most) return setWrong(t('import.long', { count: framedFile.lines.length, most: most.toLocaleString() }))
      frame(framedFile)
    } catch (e) {
      if (!(e instanceof Unreadable)) throw e
      setWrong(t(`upload.${e.why}`))
    } finally {
      setBusy(false)
    }
  }

  const check = async () => {
    if (!read) return
    setError(undefined)
    setBusy(true)
    setShare(0)
    localStorage.setItem(kept, JSON.stringify(remember(before(kept), read.headings, map)))
    try {
      await of.prepare?.()
      setTrial(await tried(of, rowsOf(of, read.headings, read.lines, map, { t, words }), words, newKey, setShare))
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
    }
  }

  const go = async () => {
    if (!trial) return
    const r = running ?? begun(of, trial.good, newKey)
    setRunning(r)
    setError(undefined)
    setBusy(true)
    const told = () => setShare(Math.floor((100 * r.done) / r.parts.length))
    told()
    try {
      await run(of, r, told)
      setOver(true)
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
      await Promise.all(stale.map((queryKey) => queries.invalidateQueries({ queryKey })))
    }
  }

  const bad = [...(trial?.bad ?? []), ...(running?.bad ?? [])]
  const report = () => {
    const heading = [...(read?.headings ?? []), t('import.row'), t('import.why')]
    // The rows as they were, so that they can be mended and imported in the same way.
    save(`${of.many}-report.csv`, csv([heading, ...bad.map((b) => [...(read?.headings ?? []).map((_, i) => b.cells[i] ?? ''), String(b.number), b.why])]))
  }

  const missing = of.fields.filter((f) => f.required && !map.includes(f.name))
  const nobody = !!of.anyOf && !of.anyOf.some((name) => map.includes(name))
  const counted = over || running?.done ? running?.fed : trial?.fed
  return (
    <Modal
      open
      width={860}
      title={say('title', { what: words(of.what) })}
      onCancel={close}
      mask={{ closable: false }}
      footer={
        <Flex gap="small" justify="end" wrap>
          {read && <Button onClick={anew} disabled={busy}>{t('import.again')}</Button>}
          {trial && !running && <Button onClick={() => setTrial(undefined)} disabled={busy}>{t('import.remap')}</Button>}
          <Button onClick={close}>{t(over ? 'close' : 'cancel')}</Button>
          {read && !trial && (
            <Button type="primary" disabled={missing.length > 0 || nobody} loading={busy} onClick={() => void check()}>
              {t('import.check')}
            </Button>
          )}
          {trial && !over && (
            <Button type="primary" disabled={trial.good.length === 0} loading={busy} onClick={() => void go()}>
              {running ? t('import.goOn') : say(trial.bad.length > 0 ? 'runGood' : 'run', { count: trial.good.length })}
            </Button>
          )}
        </Flex>
      }
    >
      <Flex vertical gap="middle">
        {wrong && <Alert role="alert" type="error" showIcon title={wrong} />}
        <ProblemAlert error={error} />
        {!!error && running && <Alert type="warning" showIcon title={t('import.halted', { count: running.fed.created + running.fed.updated + running.fed.unchanged })} />}
        {!read && (
          <Spin spinning={busy}>
            <Upload.Dragger accept=".csv,.xlsx,.txt,.tsv,text/csv" maxCount={1} showUploadList={false} beforeUpload={(f) => { void take(f); return false }} aria-label={t('import.file')}>
              <InboxOutlined style={{ fontSize: 40 }} />
              <p>{t('import.file')}</p>
              <p className="quiet">{t('import.fileHelp', { rows: most.toLocaleString() })}</p>
            </Upload.Dragger>
          </Spin>
        )}
        {read && !trial && (
          <>
            <strong>{t('import.read', { name: read.name, count: read.lines.length })}</strong>
            {of.bare && (
              <Checkbox checked={read.heading} onChange={(e) => frame(framed(read.name, read.all, e.target.checked))}>
                {t('upload.heading')}
              </Checkbox>
            )}
            {of.hint && <span className="quiet">{words(of.hint)}</span>}
            {missing.length > 0 && <Alert type="info" showIcon title={t('import.missing', { names: missing.map((f) => words(f.label)).join(', ') })} />}
            {nobody && <Alert type="info" showIcon title={t('import.anyOf', { names: of.fields.filter((f) => of.anyOf?.includes(f.name)).map((f) => words(f.label)).join(', ') })} />}
            <Mapping read={read} map={map} fields={of.fields} words={words} change={(at, v) => setMap((m) => m.map((x, i) => (i === at ? v : x)))} />
          </>
        )}
        {busy && read && <Progress percent={share} aria-label={t('import.open')} />}
        {counted && (
          <div role="status">
            <strong>{t(over ? 'import.done' : running?.done ? 'import.sofar' : 'import.checked')}</strong>
            <Flex gap="small" wrap style={{ marginTop: 8 }}>
              <Tag color="green">{say('created', { count: counted.created })}</Tag>
              {!of.says && <Tag color="blue">{t('import.updated', { count: counted.updated })}</Tag>}
              <Tag>{say('unchanged', { count: counted.unchanged })}</Tag>
              {bad.length > 0 && <Tag color="red">{t('import.refused', { count: bad.length })}</Tag>}
            </Flex>
          </div>
        )}
        {bad.length > 0 && <BadRows bad={bad} report={report} />}
      </Flex>
    </Modal>
  )
}

/** before is what somebody said about headings when such a list was imported before. */
function before(kept: string): Remembered {
  try {
    return JSON.parse(localStorage.getItem(kept) ?? '{}') as Remembered
  } catch {
    return {}
  }
}

/** trimmed leaves out columns at the end that have no heading. */
function trimmed(cells: string[]): string[] {
  return cells.slice(0, cells.findLastIndex((c) => c !== '') + 1)
}

/** Mapping says which column is what. */
function Mapping({ read, map, fields, words, change }: { read: Read; map: (string | undefined)[]; fields: ImportField[]; words: (key: string) => string; change: (at: number, field?: string) => void }) {
  const { t } = useTranslation('shell')
  const free = (f: ImportField, at: number) => f.kind === 'own' || f.name === map[at] || !map.includes(f.name)
  return (
    <Table
      size="small"
      rowKey="at"
      pagination={false}
      scroll={{ x: 'max-content', y: 340 }}
      dataSource={read.headings.map((heading, at) => ({ at, heading: heading || t('upload.column', { number: at + 1 }), sample: read.lines.slice(0, 3).map((l) => l.cells[at] ?? '').filter((x) => x).join(' · ') }))}
      columns={[
        { key: 'column', title: t('import.column'), dataIndex: 'heading' },
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
              style={{ width: 240 }}
              options={fields.filter((f) => free(f, r.at)).map((f) => ({ value: f.name, label: words(f.label) + (f.required ? ' *' : '') }))}
              onChange={(v?: string) => change(r.at, v)}
            />
          ),
        },
      ]}
    />
  )
}

/** BadRows are the first of the rows that are not imported; the file has them all. */
function BadRows({ bad, report }: { bad: Bad[]; report: () => void }) {
  const { t } = useTranslation('shell')
  const shown = 200
  return (
    <>
      <Table<Bad>
        size="small"
        rowKey={(b) => `${b.number} ${b.why}`}
        dataSource={bad.slice(0, shown)}
        pagination={false}
        scroll={{ x: 'max-content', y: 260 }}
        columns={[
          { key: 'row', title: t('import.row'), dataIndex: 'number' },
          { key: 'key', title: t('import.key'), dataIndex: 'key' },
          { key: 'why', title: t('import.why'), dataIndex: 'why' },
        ]}
      />
      <Flex gap="small" align="center" wrap>
        <Button icon={<DownloadOutlined />} onClick={report}>
          {t('import.report')}
        </Button>
        {bad.length > shown && <span className="quiet">{t('import.first', { count: shown })}</span>}
      </Flex>
    </>
  )
}
