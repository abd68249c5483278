import { DownloadOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { save } from './sheet'
import { csv } from './table'

/** SaveButton downloads what a page shows, and the API keeps nowhere as a list: rows are asked for when it is pressed, the heading first. */
export function SaveButton({ name, rows, size }: { name: string; rows: () => string[][]; size?: 'small' }) {
  const { t } = useTranslation('shell')
  return <Button size={size} icon={<DownloadOutlined />} aria-label={t('list.save')} title={t('list.save')} onClick={() => save(`${name}.csv`, csv(rows()))} />
}
