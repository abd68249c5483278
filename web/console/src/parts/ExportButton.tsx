import { DownloadOutlined } from '@ant-design/icons'
import { Button, Dropdown } from 'antd'
import { useTranslation } from 'react-i18next'

/** exportAddress is where the API writes a list out as a file, with the filters that are set. */
export function exportAddress(list: string, query: Record<string, string>, format: 'csv' | 'xlsx'): string {
  const q = new URLSearchParams(query)
  q.delete('cursor')
  q.delete('limit')
  q.set('format', format)
  return `${list}${list.includes('?') ? '&' : '?'}${q}`
}

/**
 * ExportButton downloads a list as it is filtered, all of it, however long: the browser
 * takes the file from the API as it comes. list is the list's address, as "/v1/items".
 */
export function ExportButton({ list, query = {}, size }: { list: string; query?: Record<string, string>; size?: 'small' }) {
  const { t } = useTranslation('shell')
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: (['xlsx', 'csv'] as const).map((format) => ({
          key: format,
          label: (
            <a href={exportAddress(list, query, format)} download>
              {t(`list.exportAs.${format}`)}
            </a>
          ),
        })),
      }}
    >
      <Button size={size} icon={<DownloadOutlined />} aria-label={t('list.export')} title={t('list.export')} />
    </Dropdown>
  )
}
