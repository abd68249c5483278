import { InboxOutlined } from '@ant-design/icons'
import { Alert, Button, Checkbox, Flex, Select, Spin, Table, Upload } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { readTable, Unreadable, type Table as Read } from './sheet'

/** Column is one column of an uploaded file. */
export interface Column {
  file: string
  /** Its cells from the file's first line on, "" where there is none. */
  cells: string[]
  /** The first line is no row, but says what the columns are. */
  heading: boolean
}

/** filled is how many rows of a column say something. */
export const filled = (c: Column) => c.cells.filter((x, i) => x !== '' && !(c.heading && i === 0)).length

interface Props {
  /** What the column has to hold, in the reader's words. */
  wanted: string
  value?: Column
  onChange?: (c: Column | undefined) => void
  /** Which column it is likely to be, by its heading or its first cells; -1 for none. */
  guess?: (headings: string[]) => number
  id?: string
}

/** ColumnUpload takes a CSV or Excel file, and asks which of its columns is meant. Only that one leaves the browser. */
export function ColumnUpload({ wanted, value, onChange, guess, id }: Props) {
  const { t } = useTranslation('shell')
  const [read, setRead] = useState<{ name: string; table: Read; column: number; heading: boolean }>()
  const [wrong, setWrong] = useState<Unreadable['why']>()
  const [busy, setBusy] = useState(false)
  const choose = (next: NonNullable<typeof read>) => {
    setRead(next)
    onChange?.({ file: next.name, heading: next.heading, cells: next.table.rows.map((r) => r[next.column] ?? '') })
  }
  const take = async (file: File) => {
    setBusy(true)
    setWrong(undefined)
    try {
      const table = await readTable(file)
      const first = table.rows[0] ?? []
      const guessed = guess?.(first) ?? -1
      choose({ name: file.name, table, column: Math.max(0, guessed), heading: guessed >= 0 || !first.some((c) => /\d/.test(c)) })
    } catch (e) {
      setRead(undefined)
      onChange?.(undefined)
      setWrong(e instanceof Unreadable ? e.why : 'broken')
    } finally {
      setBusy(false)
    }
  }
  const columns = read ? Array.from({ length: read.table.columns }, (_, i) => ({ value: i, label: (read.heading && read.table.rows[0]?.[i]) || t('upload.column', { number: i + 1 }) })) : []
  return (
    <Flex vertical gap="small">
      {!read && (
        <Upload.Dragger
          id={id}
          accept=".csv,.txt,.tsv,.xlsx,text/csv"
          showUploadList={false}
          beforeUpload={(file) => {
            void take(file)
            return false
          }}
        >
          {busy ? <Spin /> : <InboxOutlined style={{ fontSize: 32 }} />}
          <p style={{ margin: '8px 0 4px' }}>{t('upload.drop')}</p>
          <small className="quiet">{t('upload.kinds')}</small>
        </Upload.Dragger>
      )}
      {wrong && <Alert role="alert" type="error" showIcon title={t(`upload.${wrong}`)} />}
      {read && (
        <>
          <Flex wrap gap="small" align="center" justify="space-between">
            <strong style={{ overflowWrap: 'anywhere' }}>{read.name}</strong>
            <Button
              size="small"
              onClick={() => {
                setRead(undefined)
                onChange?.(undefined)
              }}
            >
              {t('upload.other')}
            </Button>
          </Flex>
          <Flex wrap gap="middle" align="center">
            <label>
              {wanted}{' '}
              <Select aria-label={wanted} value={read.column} options={columns} onChange={(column: number) => choose({ ...read, column })} style={{ minWidth: 160 }} popupMatchSelectWidth={false} />
            </label>
            <Checkbox checked={read.heading} onChange={(e) => choose({ ...read, heading: e.target.checked })}>
              {t('upload.heading')}
            </Checkbox>
          </Flex>
          <Table
            size="small"
            pagination={false}
            scroll={{ x: 'max-content' }}
            rowKey="line"
            dataSource={read.table.rows.slice(read.heading ? 1 : 0, read.heading ? 6 : 5).map((cells, i) => ({ line: i + (read.heading ? 2 : 1), cells }))}
            columns={[
              { key: 'line', title: t('upload.line'), dataIndex: 'line', className: 'numbers' },
              ...columns.map((c) => ({
                key: c.value,
                title: c.label,
                onCell: () => (c.value === read.column ? { style: { background: 'var(--ant-color-primary-bg)', fontWeight: 600 } } : {}),
                render: (_: unknown, r: { cells: string[] }) => (r.cells[c.value] ?? '').slice(0, 60),
              })),
            ]}
          />
          {value && <small className="quiet">{t('upload.rows', { count: filled(value) })}</small>}
        </>
      )}
    </Flex>
  )
}
