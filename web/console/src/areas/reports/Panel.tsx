import { Card, Empty, Flex, Skeleton, Table, type TableColumnType } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ExportButton } from '@/parts/ExportButton'
import type { Filters } from './filters'

interface Props<Row> {
  title: string
  /** The drawing; the table lies under it. */
  chart?: ReactNode
  rows: Row[] | undefined
  rowKey: (row: Row) => string
  columns: TableColumnType<Row>[]
  /** Where the table is written out as a file, and with which filters. */
  file: string
  query: Filters
  empty?: string
  summary?: ReactNode
  /** Beside the export: how the table is grouped. */
  choice?: ReactNode
}

/** Panel is a drawing with its table and its file. What is not there yet has its place. */
export function Panel<Row extends object>(p: Props<Row>) {
  const { t } = useTranslation('reports')
  const table = (
    // The place that scrolls can be reached by keyboard, whatever the table holds.
    <div role="region" aria-label={p.title} tabIndex={0} style={{ overflowX: 'auto' }}>
    <Table<Row>
      size="small"
      rowKey={p.rowKey}
      dataSource={p.rows}
      columns={p.columns}
      pagination={(p.rows?.length ?? 0) > 20 ? { pageSize: 20, showSizeChanger: false, size: 'small' } : false}
      style={{ minWidth: 'max-content' }}
      locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={p.empty ?? t('nothing')} /> }}
      summary={p.summary ? () => p.summary : undefined}
    />
    </div>
  )
  return (
    <Card title={p.title} extra={
      <Flex gap="small">
        {p.choice}
        <ExportButton list={p.file} query={p.query} />
      </Flex>
    } style={{ marginBottom: 16 }} styles={{ body: { minHeight: 200, paddingTop: 8 } }}>
      {!p.rows ? (
        <Skeleton active paragraph={{ rows: 6 }} />
      ) : (
        <Flex vertical gap="middle">
          {p.rows.length > 0 && p.chart}
          {table}
        </Flex>
      )}
    </Card>
  )
}
