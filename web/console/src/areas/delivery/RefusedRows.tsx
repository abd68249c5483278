import { DownloadOutlined } from '@ant-design/icons'
import { Button, Table } from 'antd'
import { useTranslation } from 'react-i18next'
import { save } from '@/parts/sheet'
import { csv } from '@/parts/table'
import type { RefusedRow } from './listing'

/** RefusedRows are the rows of a file that had no effect, and why; they can be downloaded. */
export function RefusedRows({ rows }: { rows: RefusedRow[] }) {
  const { t } = useTranslation('delivery')
  const why = (code: string) => t(`reason.${code}`, code)
  return (
    <>
      <Button
        icon={<DownloadOutlined />}
        onClick={() => save('refused.csv', csv([[t('report.line'), t('report.cell'), t('report.reason')], ...rows.map((r) => [String(r.line), r.cell, why(r.code)])]))}
        style={{ width: 'fit-content' }}
      >
        {t('report.download')}
      </Button>
      <Table<RefusedRow>
        size="small"
        rowKey="line"
        dataSource={rows}
        pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
        scroll={{ x: 'max-content' }}
        columns={[
          { key: 'line', title: t('report.line'), dataIndex: 'line', className: 'numbers' },
          { key: 'cell', title: t('report.cell'), render: (_, r) => r.cell.slice(0, 80) },
          { key: 'reason', title: t('report.reason'), render: (_, r) => why(r.code) },
        ]}
      />
    </>
  )
}
