import { Card, Empty, Flex, Skeleton } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { ExportButton } from '@/parts/ExportButton'

export interface Day {
  day: string
  issued: number
  used: number
}

/** lastDays are the days up to one, each once and in order; those of which nothing is told have zeros. */
export function lastDays(told: Day[], last: string, count: number): Day[] {
  const known = new Map(told.map((d) => [d.day, d]))
  const end = Date.parse(last + 'T00:00:00Z')
  return Array.from({ length: count }, (_, i) => {
    const day = new Date(end - (count - 1 - i) * 86_400_000).toISOString().slice(0, 10)
    return known.get(day) ?? { day, issued: 0, used: 0 }
  })
}

interface Props {
  title: string
  days: Day[]
  waiting: boolean
  kinds?: readonly ['issued' | 'packs', 'used' | 'coupons']
  /** Filters of the report that has the same figures with their table, their rows and their file. */
  report?: Record<string, string>
}

/** Days shows what was issued and used on each day, as bars that also read as a list. */
export function Days({ title, days, waiting, kinds = ['issued', 'used'], report }: Props) {
  const { t } = useTranslation('delivery')
  const most = Math.max(1, ...days.map((d) => Math.max(d.issued, d.used)))
  const some = days.some((d) => d.issued || d.used)
  return (
    <Card size="small" title={title} style={{ marginBlock: 16 }} extra={
      <Flex gap="middle" align="center" wrap>
        <Legend kinds={kinds} />
        {report && (
          <>
            <Link to={`/reports/use?${new URLSearchParams(report)}`}>{t('days.report')}</Link>
            <ExportButton list="/v1/statistics/export" query={{ ...report, group_by: 'day' }} />
          </>
        )}
      </Flex>
    }>
      {waiting ? (
        <Skeleton active paragraph={{ rows: 3 }} title={false} />
      ) : !some ? (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('days.none')} />
      ) : (
        <>
          <ul style={{ display: 'flex', alignItems: 'flex-end', gap: 2, height: 120, margin: 0, padding: 0, listStyle: 'none' }}>
            {days.map((d) => {
              const told = `${d.day}: ${t(`figures.${kinds[0]}`)} ${d.issued.toLocaleString()}, ${t(`figures.${kinds[1]}`)} ${d.used.toLocaleString()}`
              return (
                <li key={d.day} title={told} style={{ flex: 1, height: '100%', display: 'flex', alignItems: 'flex-end', gap: 1 }}>
                  <span className="skip">{told}</span>
                  <i aria-hidden style={{ flex: 1, height: `${(d.issued / most) * 100}%`, minHeight: d.issued ? 2 : 0, background: 'var(--ant-color-primary)', borderRadius: '2px 2px 0 0' }} />
                  <i aria-hidden style={{ flex: 1, height: `${(d.used / most) * 100}%`, minHeight: d.used ? 2 : 0, background: 'var(--ant-color-success)', borderRadius: '2px 2px 0 0' }} />
                </li>
              )
            })}
          </ul>
          <Flex justify="space-between" className="quiet" style={{ fontSize: 12, marginTop: 4 }}>
            <span>{days[0]?.day}</span>
            <span>{t('days.most', { count: most })}</span>
            <span>{days[days.length - 1]?.day}</span>
          </Flex>
        </>
      )}
    </Card>
  )
}

function Legend({ kinds }: { kinds: readonly [string, string] }) {
  const { t } = useTranslation('delivery')
  return (
    <Flex gap="middle" style={{ fontSize: 12, fontWeight: 'normal' }}>
      {kinds.map((k, i) => (
        <Flex key={k} gap={6} align="center">
          <i aria-hidden style={{ width: 10, height: 10, borderRadius: 2, background: `var(--ant-color-${i === 0 ? 'primary' : 'success'})` }} />
          {t(`figures.${k}`)}
        </Flex>
      ))}
    </Flex>
  )
}
