import { BellOutlined } from '@ant-design/icons'
import { App, Badge, Button, Empty, Flex, Popover, Progress, Tag } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api, ask } from '@/api/client'
import { jobColours, JobKind, jobOpen, type Job } from '@/parts/job'
import { Moment } from '@/parts/Moment'
import { useMay, useWho } from '@/session'

const kept = 'quan.jobs.seen'

/** news are jobs that have ended since the moment up to which somebody has looked. */
export function news(jobs: Job[], seen: string): Job[] {
  return jobs.filter((j) => !jobOpen(j) && (j.ended_at ?? j.updated_at) > seen)
}

/** Bell says when a job of one's own has ended or failed. */
export function Bell() {
  const { t } = useTranslation()
  const { notification } = App.useApp()
  const who = useWho()
  const may = useMay()('job.read') && !who.scope
  const go = useNavigate()
  const [open, setOpen] = useState(false)
  const mark = `${kept}.${who.id}`
  const [seen, setSeen] = useState(() => localStorage.getItem(mark) ?? new Date().toISOString())
  const jobs = useQuery({
    queryKey: ['jobs', 'own', who.id],
    queryFn: ({ signal }) => ask(api.GET('/v1/jobs', { params: { query: { actor: who.id, limit: 20 } }, signal })),
    enabled: may,
    // Something under way is worth a look every few seconds; otherwise a glance a minute.
    refetchInterval: (q) => (q.state.data?.items.some(jobOpen) ? 4_000 : 60_000),
  })
  const rows = jobs.data?.items ?? []
  const fresh = news(rows, seen)
  const told = useRef(new Map<string, boolean>())
  useEffect(() => {
    for (const j of jobs.data?.items ?? []) {
      // Only what was seen open in this page and is over now is worth a word.
      if (told.current.get(j.id) === true && !jobOpen(j)) {
        const failed = j.state === 'discarded'
        notification[failed ? 'error' : 'success']({
          title: t(failed ? 'bell.failed' : 'bell.ended'),
          description: <JobKind kind={j.kind} />,
          onClick: () => void go(`/settings/jobs?edit=${j.id}`),
        })
      }
      told.current.set(j.id, jobOpen(j))
    }
  }, [jobs.data, notification, t, go])
  useEffect(() => {
    if (!localStorage.getItem(mark)) localStorage.setItem(mark, seen)
  }, [mark, seen])
  if (!may) return null
  const look = (on: boolean) => {
    setOpen(on)
    if (!on && fresh.length > 0) {
      const now = fresh.map((j) => j.ended_at ?? j.updated_at).sort().at(-1) ?? seen
      localStorage.setItem(mark, now)
      setSeen(now)
    }
  }
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      open={open}
      onOpenChange={look}
      title={t('bell.title')}
      content={
        <Flex vertical gap="small" style={{ width: 300, maxWidth: '80vw' }}>
          {rows.length === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('bell.none')} />}
          {rows.slice(0, 8).map((j) => (
            <Button
              key={j.id}
              type="text"
              style={{ height: 'auto', textAlign: 'start', display: 'block', padding: 8, whiteSpace: 'normal' }}
              onClick={() => {
                look(false)
                void go(`/settings/jobs?edit=${j.id}`)
              }}
            >
              <Flex justify="space-between" gap="small">
                <strong>
                  <JobKind kind={j.kind} />
                </strong>
                <Tag color={jobColours[j.state]}>{t(`jobs.state.${j.state}`)}</Tag>
              </Flex>
              {jobOpen(j) && j.total > 0 && <Progress size="small" percent={Math.floor((100 * j.done) / j.total)} aria-label={t(`jobs.state.${j.state}`)} />}
              <small className="quiet">
                <Moment at={j.ended_at ?? j.updated_at} />
              </small>
            </Button>
          ))}
          <Button type="link" onClick={() => { look(false); void go(`/settings/jobs?actor=${who.id}`) }}>
            {t('bell.all')}
          </Button>
        </Flex>
      }
    >
      <Badge count={fresh.length} size="small" offset={[-6, 6]}>
        <Button type="text" icon={<BellOutlined />} aria-label={fresh.length > 0 ? t('bell.some', { count: fresh.length }) : t('bell.title')} />
      </Badge>
    </Popover>
  )
}
