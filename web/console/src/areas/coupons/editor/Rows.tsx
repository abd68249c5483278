import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Card, Flex } from 'antd'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useEditing, useField } from './editing'

/** Beyond so many rows a list is shown in part: thousands of prices come from files. */
const shownFirst = 50

interface Props<T> {
  at: string
  /** What one row is called, as "Tier". */
  name: string
  add: string
  fresh: () => T
  most: number
  /** Rows whose order says something can be moved. */
  moves?: boolean
  row: (at: string, index: number, value: T) => ReactNode
}

/** Rows is a list of small forms, each below the pointer of its own. */
export function Rows<T>({ at, name, add, fresh, most, moves, row }: Props<T>) {
  const { t } = useTranslation('coupons')
  const [list, set] = useField<T[]>(at)
  const { disabled, refused } = useEditing()
  const [shown, setShown] = useState(shownFirst)
  const rows = list ?? []
  const move = (i: number, by: number) => {
    const next = rows.slice()
    const [one] = next.splice(i, 1)
    if (one !== undefined) next.splice(i + by, 0, one)
    set(next)
  }
  return (
    <Flex vertical gap="small" data-at={at} style={{ marginBottom: 16 }}>
      {refused(at).map((w, i) => (
        <div key={i} role="alert" style={{ color: 'var(--ant-color-error)' }}>
          {w}
        </div>
      ))}
      {rows.slice(0, shown).map((value, i) => (
        <Card
          key={i}
          size="small"
          data-at={`${at}/${i}`}
          title={`${name} ${i + 1}`}
          extra={
            <Flex>
              {moves && i > 0 && <Button type="text" size="small" icon={<ArrowUpOutlined />} disabled={disabled} aria-label={t('rows.up', { name: `${name} ${i + 1}` })} onClick={() => move(i, -1)} />}
              {moves && i < rows.length - 1 && <Button type="text" size="small" icon={<ArrowDownOutlined />} disabled={disabled} aria-label={t('rows.down', { name: `${name} ${i + 1}` })} onClick={() => move(i, 1)} />}
              <Button type="text" size="small" icon={<DeleteOutlined />} disabled={disabled} aria-label={t('rows.remove', { name: `${name} ${i + 1}` })} onClick={() => set(rows.length > 1 ? rows.filter((_, n) => n !== i) : undefined)} />
            </Flex>
          }
        >
          {refused(`${at}/${i}`).map((w, n) => (
            <div key={n} role="alert" style={{ color: 'var(--ant-color-error)', marginBottom: 8 }}>
              {w}
            </div>
          ))}
          {row(`${at}/${i}`, i, value)}
        </Card>
      ))}
      {rows.length > shown && (
        <Button type="link" onClick={() => setShown(shown + shownFirst)}>
          {t('rows.more', { count: rows.length - shown })}
        </Button>
      )}
      {rows.length < most && (
        <Button icon={<PlusOutlined />} type="dashed" disabled={disabled} style={{ alignSelf: 'flex-start' }} onClick={() => set([...rows, fresh()])}>
          {add}
        </Button>
      )}
    </Flex>
  )
}
