import './words'
import { App, Button, Card, Descriptions, Drawer, Flex, Input, Progress, Skeleton, Table, Tag, type ButtonProps } from 'antd'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { api, ask, type Schemas } from '@/api/client'
import { useAct } from '@/api/hooks'
import { Actor } from '@/parts/Actor'
import { jobColours, JobKind, jobOpen, type Job } from '@/parts/job'
import { ListPage } from '@/parts/ListPage'
import { Moment } from '@/parts/Moment'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { useMay, useWho } from '@/session'
import { useDrawer } from './drawer'

const states = ['available', 'scheduled', 'running', 'retryable', 'paused', 'completed', 'cancelled', 'discarded'] as const
type Move = 'pause' | 'resume' | 'cancel' | 'retry'

/** moves are what can be done with a job in a state. */
const moves: Record<string, Move[]> = {
  available: ['pause', 'cancel'],
  scheduled: ['pause', 'retry', 'cancel'],
  running: ['pause', 'cancel'],
  retryable: ['pause', 'retry', 'cancel'],
  paused: ['resume', 'cancel'],
  discarded: ['retry', 'cancel'],
  cancelled: ['retry'],
  completed: [],
}

/** How far a job is. */
function HowFar({ job }: { job: Job }) {
  const { t, i18n } = useTranslation('settings')
  const n = (x: number) => x.toLocaleString(i18n.language)
  if (job.total === 0) return <span className="numbers">{job.done > 0 ? n(job.done) : '–'}</span>
  const failed = job.state === 'discarded'
  return (
    <Flex vertical style={{ minWidth: 150 }}>
      <Progress size="small" percent={Math.floor((100 * job.done) / job.total)} status={failed ? 'exception' : jobOpen(job) && job.state === 'running' ? 'active' : job.done >= job.total ? 'success' : 'normal'} aria-label={t('jobs.progress')} />
      <small className="quiet numbers">
        {n(job.done)} / {n(job.total)} {job.refused > 0 && t('jobs.refused', { count: job.refused })}
      </small>
    </Flex>
  )
}

/** What runs in the background: how far it is, and how it is held, stopped or tried again. */
export default function Jobs() {
  const { t } = useTranslation('settings')
  const drawer = useDrawer()
  const who = useWho()
  const queries = useQueryClient()
  // Pages that are looked at follow what happens; others wait.
  useEffect(() => {
    const timer = window.setInterval(() => {
      if (document.visibilityState === 'visible') void queries.invalidateQueries({ queryKey: ['jobs'] })
    }, 5_000)
    return () => window.clearInterval(timer)
  }, [queries])
  return (
    <>
      <ListPage<Job>
        title={t('jobs.title')}
        name="jobs"
        rowKey="id"
        exportable="/v1/jobs"
        filters={[
          { key: 'state', label: t('jobs.state'), options: states.map((value) => ({ value, label: t(`shell:jobs.state.${value}`) })) },
          { key: 'actor', label: t('jobs.who'), options: [{ value: who.id, label: t('jobs.mine') }] },
        ]}
        page={(query, signal) => ask(api.GET('/v1/jobs', { params: { query: query as never }, signal }))}
        empty={t('jobs.empty')}
        open={(j) => drawer.open(j.id)}
        columns={[
          { key: 'kind', title: t('jobs.kind'), render: (_, j) => <Button type="link" size="small" onClick={() => drawer.open(j.id)}><JobKind kind={j.kind} /></Button> },
          { key: 'state', title: t('jobs.state'), render: (_, j) => <Tag color={jobColours[j.state]}>{t(`shell:jobs.state.${j.state}`)}</Tag> },
          { key: 'progress', title: t('jobs.progress'), render: (_, j) => <HowFar job={j} /> },
          { key: 'message', title: t('jobs.message'), render: (_, j) => <span style={{ display: 'inline-block', maxWidth: 280 }}>{j.message}</span>, hidden: true },
          { key: 'queue', title: t('jobs.queue'), dataIndex: 'queue', hidden: true },
          { key: 'created', title: t('jobs.asked'), render: (_, j) => <Moment at={j.created_at} /> },
          { key: 'ended', title: t('jobs.ended'), render: (_, j) => <Moment at={j.ended_at} /> },
          { key: 'acts', title: t('jobs.acts'), render: (_, j) => <Moves job={j} /> },
        ]}
      >
        <Queues />
      </ListPage>
      {drawer.id && <One id={drawer.id} close={drawer.close} />}
    </>
  )
}

/** Moves are the buttons of a job. */
function Moves({ job }: { job: Job }) {
  const { t } = useTranslation('settings')
  const may = useMay()('job.write')
  const { modal } = App.useApp()
  const act = useAct<{ move: Move; reason?: string }, Job>({
    run: ({ move, reason }, key) => {
      const init = { params: { path: { id: job.id }, header: { 'Idempotency-Key': key } }, body: reason ? { reason } : {} }
      switch (move) {
        case 'pause':
          return ask(api.POST('/v1/jobs/{id}/pause', init))
        case 'resume':
          return ask(api.POST('/v1/jobs/{id}/resume', init))
        case 'cancel':
          return ask(api.POST('/v1/jobs/{id}/cancel', init))
        case 'retry':
          return ask(api.POST('/v1/jobs/{id}/retry', init))
      }
    },
    done: (_, { move }) => t(`jobs.moved.${move}`),
    stale: [['jobs']],
  })
  const reason = useRef('')
  if (!may) return null
  const go = (move: Move) => {
    if (move !== 'cancel') return act.mutate({ move })
    reason.current = ''
    modal.confirm({
      title: t('jobs.cancel'),
      content: (
        <Flex vertical gap="small">
          {t('jobs.cancelText', { done: job.done })}
          <Input aria-label={t('reason')} placeholder={t('reason')} maxLength={500} onChange={(e) => (reason.current = e.target.value)} />
        </Flex>
      ),
      okText: t('jobs.cancel'),
      okButtonProps: { danger: true },
      cancelText: t('shell:close'),
      onOk: () => act.mutate({ move, reason: reason.current }),
    })
  }
  return (
    <Flex vertical gap={4} onClick={(e) => e.stopPropagation()}>
      <Flex gap={4} wrap>
        {(moves[job.state] ?? []).map((move) => (
          <Button key={move} size="small" loading={act.isPending && act.variables?.move === move} onClick={() => go(move)} {...((move === 'cancel' ? { danger: true } : {}) satisfies ButtonProps)}>
            {t(`jobs.${move}`)}
          </Button>
        ))}
      </Flex>
      <ProblemAlert error={act.error} />
    </Flex>
  )
}

function One({ id, close }: { id: string; close: () => void }) {
  const { t } = useTranslation('settings')
  const one = useQuery({ queryKey: ['jobs', 'one', id], queryFn: ({ signal }) => ask(api.GET('/v1/jobs/{id}', { params: { path: { id } }, signal })) })
  const j = one.data
  return (
    <Drawer open size={520} title={j ? <JobKind kind={j.kind} /> : id} onClose={close} footer={j && <Moves job={j} />}>
      <ProblemAlert error={one.error} again={() => void one.refetch()} />
      {!j ? (
        !one.error && <Skeleton active />
      ) : (
        <Flex vertical gap="middle">
          <Descriptions
            column={1}
            size="small"
            items={[
              { key: 'state', label: t('jobs.state'), children: <Tag color={jobColours[j.state]}>{t(`shell:jobs.state.${j.state}`)}</Tag> },
              { key: 'progress', label: t('jobs.progress'), children: <HowFar job={j} /> },
              ...(j.message ? [{ key: 'message', label: t('jobs.message'), children: j.message }] : []),
              { key: 'who', label: t('jobs.who'), children: <Actor id={j.actor} /> },
              { key: 'queue', label: t('jobs.queue'), children: j.queue },
              { key: 'attempt', label: t('jobs.attempt'), children: `${j.attempt} / ${j.max_attempts}` },
              { key: 'asked', label: t('jobs.asked'), children: <Moment at={j.created_at} seconds /> },
              { key: 'started', label: t('jobs.started'), children: <Moment at={j.started_at} seconds /> },
              { key: 'ended', label: t('jobs.ended'), children: <Moment at={j.ended_at} seconds /> },
              { key: 'id', label: t('jobs.id'), children: <code>{j.id}</code> },
            ]}
          />
          {(j.failures ?? []).map((f) => (
            <Card key={f.attempt} size="small" title={t('jobs.failure', { count: f.attempt })} extra={<Moment at={f.at} seconds />}>
              <code style={{ whiteSpace: 'pre-wrap', wordBreak: 'break-word' }}>{f.error}</code>
            </Card>
          ))}
        </Flex>
      )}
    </Drawer>
  )
}

function Queues() {
  const { t } = useTranslation('settings')
  const may = useMay()('job.write')
  const queues = useQuery({ queryKey: ['jobs', 'queues'], queryFn: ({ signal }) => ask(api.GET('/v1/job-queues', { signal })) })
  const act = useAct<{ name: string; paused: boolean }>({
    run: ({ name, paused }, key) => {
      const init = { params: { path: { name }, header: { 'Idempotency-Key': key } }, body: {} }
      return paused ? ask(api.POST('/v1/job-queues/{name}/pause', init)) : ask(api.POST('/v1/job-queues/{name}/resume', init))
    },
    done: (_, q) => t(q.paused ? 'jobs.queuePaused' : 'jobs.queueResumed', { name: q.name }),
    stale: [['jobs']],
  })
  const rows = queues.data?.items ?? []
  if (rows.length === 0) return <ProblemAlert error={queues.error ?? act.error} />
  return (
    <>
      <ProblemAlert error={queues.error ?? act.error} />
      <Table<Schemas['QueueRow']>
        size="small"
        rowKey="name"
        style={{ marginBottom: 16 }}
        dataSource={rows}
        pagination={false}
        scroll={{ x: 'max-content' }}
        columns={[
          { key: 'name', title: t('jobs.queue'), render: (_, q) => <>{q.name} {q.paused && <Tag color="orange">{t('shell:jobs.state.paused')}</Tag>}</> },
          {
            key: 'jobs',
            title: t('jobs.waiting'),
            render: (_, q) => (Object.keys(q.jobs).length === 0 ? '–' : Object.entries(q.jobs).map(([s, n]) => <Tag key={s} color={jobColours[s]}>{`${t(`shell:jobs.state.${s}`)} ${n}`}</Tag>)),
          },
          { key: 'due', title: t('jobs.due'), render: (_, q) => <Moment at={q.due_since} /> },
          {
            key: 'act',
            title: '',
            render: (_, q) =>
              may && (
                <Button size="small" loading={act.isPending && act.variables?.name === q.name} onClick={() => act.mutate({ name: q.name, paused: !q.paused })}>
                  {t(q.paused ? 'jobs.resume' : 'jobs.pause')}
                </Button>
              ),
          },
        ]}
      />
    </>
  )
}
